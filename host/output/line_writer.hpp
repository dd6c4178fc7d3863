// Writes what the engine hands on as line protocol: originals as they came, and our own lines, named by the
// templates of the config.
//
//   {measurement}_forecast,<tags>,field=<name> yhat=,yhat_lower=,yhat_upper=,lead_s= <time of the step>
//   {measurement}_anomaly,<tags>,field=<name> y=,yhat=,yhat_lower=,yhat_upper=,residual=,anomaly_score=,is_anomaly=,
//                                             direction="" <time of the point>
//   {measurement}_model,<tags>,field=<name> <what the plugin knows of the series> <time of the point>
//
// A value that is not known or not finite is left out, never written.
#ifndef FORECASTD_OUTPUT_LINE_WRITER_HPP
#define FORECASTD_OUTPUT_LINE_WRITER_HPP

#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "engine/sink.hpp"
#include "output/buffer.hpp"

namespace forecastd::output {

class LineWriter : public engine::Sink {
  public:
    explicit LineWriter(Buffer& buffer) : buffer_(buffer) {}

    void original(const lineprotocol::PointView& point) override;
    void forecast(const engine::KeyRecord& key, const engine::FieldPlan& field,
                  const engine::Pipeline& pipeline, std::int64_t origin_ns,
                  std::span<const engine::Lead> leads) override;
    void judgement(const engine::KeyRecord& key, const engine::FieldPlan& field,
                   const engine::Pipeline& pipeline, const engine::Judgement& judgement) override;
    void diagnostics(const engine::KeyRecord& key, const engine::FieldPlan& field,
                     const engine::Pipeline& pipeline, std::int64_t time_ns,
                     std::span<const fcd_value> values) override;

    [[nodiscard]] std::uint64_t lines() const { return lines_; }  // that were written

  private:
    // What is written around a measurement, escaped.
    struct Name {
        std::string prefix, suffix;
    };
    // The names of the fields of one lead: yhat, and the lower and upper limit for each level.
    struct LeadNames {
        std::string yhat;
        std::vector<std::pair<std::string, std::string>> limits;
    };
    // A diagnostic of the forecaster: ",family=" and, if it is a choice, each choice in its quotes.
    struct Diagnostic {
        std::int32_t type;
        std::string name;
        std::vector<std::string> choices;
    };
    // What is needed of a pipeline, made when it first writes.
    struct Style {
        Name forecast, anomaly, model;
        std::vector<Diagnostic> diagnostics;
        std::size_t diagnostics_size = 0;                  // what they need at most
        LeadNames fields;                                  // with stamp "target"
        std::map<std::int64_t, LeadNames> fields_by_lead;  // with stamp "origin"; by lead_ns
        config::DataRange range;                           // forecasts are clipped to it
    };

    Style& style_of(const engine::Pipeline& pipeline) {
        const std::size_t index = pipeline.index();
        return index < styles_.size() && styles_[index] ? *styles_[index] : make_style(pipeline);
    }
    Style& make_style(const engine::Pipeline& pipeline);
    char* begin_line(const Name& name, const engine::KeyRecord& key, const engine::FieldPlan& field,
                     std::size_t field_count);
    void end_line(char* to, std::int64_t time_ns);

    Buffer& buffer_;
    std::uint64_t lines_ = 0;
    std::vector<std::unique_ptr<Style>> styles_;  // by Pipeline::index()
};

}  // namespace forecastd::output

#endif
