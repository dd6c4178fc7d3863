// Writes what the engine hands on as line protocol: originals as they came, and the lines of the program
// itself, named by the templates of the config.
//
//   {measurement}_forecast,<tags>,field=<name> yhat=,yhat_lower=,yhat_upper=,lead_s= <time of the step>
//   {measurement}_anomaly,<tags>,field=<name>
//   y=,yhat=,yhat_lower=,yhat_upper=,residual=,anomaly_score=,is_anomaly=,
//                                             direction="",reason="" <time of the point>
//   {measurement}_threshold,<tags>,field=<name>,threshold=<name>
//   time_to_threshold_s=,time_to_threshold_s_lower=,
//                                             time_to_threshold_s_upper=,threshold_value= <time of the point>
//   {measurement}_event,<tags>,field=<name>
//   event_id="",state="",start=i,duration_s=,peak_score=,peak_value=,direction="",
//                                             reason="",points=i <time of the point>
//   <state>,<tags>,field=<name> state="",reason="" <time of the point>
//   <change>,<tags>,field=<name> <name>= <time of the step>
//   {measurement}_model,<tags>,field=<name> <what the plugin knows of the series> <time of the point>
//
// A value that is not known or not finite is left out, never written.
#ifndef FORECASTD_OUTPUT_LINE_WRITER_HPP
#define FORECASTD_OUTPUT_LINE_WRITER_HPP

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "engine/sink.hpp"
#include "lineprotocol/names.hpp"
#include "output/buffer.hpp"
#include "output/lead_names.hpp"

namespace forecastd::output {

class LineWriter : public engine::Sink {
  public:
    explicit LineWriter(Buffer& buffer) : buffer_(buffer) {}

    void original(const lineprotocol::PointView& point) override;
    void forecast(const engine::SeriesView& series, const engine::Origin& origin,
                  std::span<const engine::Lead> leads, std::span<const double> reaches) override;
    void judgement(const engine::SeriesView& series, const engine::Judgement& judgement) override;
    void crossing(const engine::SeriesView& series, std::int64_t origin_ns, std::int64_t interval_ns,
                  const engine::Crossing& crossing) override;
    void diagnostics(const engine::SeriesView& series, std::int64_t time_ns,
                     std::span<const fcd_value> values) override;
    void event(const engine::SeriesView& series, const engine::Event& event) override;
    void state(const engine::SeriesView& series, const engine::SeriesState& state) override;

    [[nodiscard]] std::uint64_t lines() const { return lines_; }  // that were written

  private:
    // A line's measurement: what is written around the original's, escaped, and whether that is written.
    struct Name {
        std::string prefix, suffix;
        bool has_original, has_field_tag;
    };
    // A diagnostic of the forecaster: ",family=" and, if it is a choice, each choice in its quotes.
    struct Diagnostic {
        std::int32_t type;
        std::string name;
        std::vector<std::string> choices;
    };
    // What is needed of a pipeline, made when it first writes.
    struct Style {
        Name forecast, anomaly, model, threshold;
        std::optional<Name> change, event, state;
        std::vector<lineprotocol::TagValue> threshold_names;  // in the order of the config
        LeadNamesOfPipeline lead_names;
        config::DataRange range;  // forecasts are clipped to it
        std::vector<Diagnostic> diagnostics;
        std::size_t diagnostics_size = 0;  // what they need at most
    };

    Style& style_of(const engine::SeriesView& series) {
        const std::size_t index = series.pipeline;
        return index < styles_.size() && styles_[index] ? *styles_[index] : make_style(series);
    }
    Style& make_style(const engine::SeriesView& series);
    // Everything up to the fields, and room for those and the time.
    char* begin_line(const Name& name, const engine::SeriesView& series, std::size_t field_bytes) {
        return begin_line(name, series, field_bytes, series.tags_after);
    }
    // later_tags: those behind ours.
    char* begin_line(const Name& name, const engine::SeriesView& series, std::size_t field_bytes,
                     std::string_view later_tags);
    void end_line(char* to, std::int64_t time_ns);

    Buffer& buffer_;
    std::uint64_t lines_ = 0;
    std::vector<std::unique_ptr<Style>> styles_;  // by SeriesView::pipeline
    std::string later_tags_;                      // of the crossing or forecast being written
};

}  // namespace forecastd::output

#endif
