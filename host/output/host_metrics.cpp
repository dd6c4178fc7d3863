#include "output/host_metrics.hpp"

#include <cmath>
#include <string>
#include <string_view>

#include "config/units.hpp"
#include "lineprotocol/names.hpp"
#include "output/model_metrics.hpp"
#include "output/number.hpp"

namespace forecastd::output {
namespace {

// The fields of a line, the first behind a space.
class Fields {
  public:
    explicit Fields(std::string& line) : line_(line) {}

    void add(std::string_view name, std::uint64_t value) { begin(name) += std::to_string(value) + 'i'; }
    void add(std::string_view name, double value) {
        if (!std::isfinite(value)) return;
        char number[max_number_size];
        begin(name).append(number, put_derived(number, value));
    }
    void add(std::string_view name, double value, bool is_integer) {
        if (is_integer)
            add(name, static_cast<std::uint64_t>(value));
        else
            add(name, value);
    }
    // Text without quotes and backslashes.
    void add_quoted(std::string_view name, std::string_view text) {
        begin(name) += '"';
        line_ += text;
        line_ += '"';
    }
    void end(std::int64_t now_ns) { line_ += ' ' + std::to_string(now_ns) + '\n'; }

  private:
    std::string& begin(std::string_view name) {
        line_ += separator_;
        separator_ = ',';
        line_ += name;
        return line_ += '=';
    }
    std::string& line_;
    char separator_ = ' ';
};

Tags tags_of(Tags tags, const engine::Pipeline& pipeline) {
    tags["pipeline"] = lineprotocol::TagValue(pipeline.config().name).text();
    return tags;
}
// of_pipeline: those that are common to all lines about the pipeline.
Tags tags_of(Tags of_pipeline, const engine::Cohort& cohort, const engine::Model& model) {
    of_pipeline["algorithm"] = lineprotocol::TagValue(model.algorithm().id()).text();
    of_pipeline["interval"] = config::format_duration(cohort.interval_ns());
    return of_pipeline;
}

void append_plugin(std::string& text, Tags tags, std::string_view role, const engine::Cohort& cohort,
                   const engine::ModelFeed& feed, const plugin::CallTimes* forecasts, std::int64_t now_ns) {
    tags["role"] = role;
    text += head_of(engine::own_plugin_measurement, tags);
    Fields fields(text);
    for (const PluginMetric& metric : plugin_metrics())
        fields.add(metric.name, metric.read(feed, forecasts), metric.is_integer);
    fields.end(now_ns);
    append_model_metrics(text, tags, cohort, feed, now_ns);
}

// lead_ns: of the forecasts that were measured.
void append_accuracy(std::string& text, Tags tags, std::int64_t lead_ns, const engine::Accuracy& accuracy,
                     const std::vector<double>& levels, std::int64_t now_ns) {
    tags["lead"] = config::format_duration(lead_ns);
    text += head_of(engine::own_accuracy_measurement, tags);
    Fields fields(text);
    for (const AccuracyMetric& metric : accuracy_metrics())
        fields.add(metric.name, metric.read(accuracy), metric.is_integer);
    for (std::size_t i = 0; i < levels.size(); ++i) {
        char digits[max_number_size];
        const std::string level(digits, put_exact(digits, levels[i]));
        fields.add(coverage_prefix + level, accuracy.coverage(i));
        fields.add(width_prefix + level, accuracy.width(i));
    }
    fields.end(now_ns);
}

void append_accuracies(std::string& text, const Tags& tags, const engine::Pipeline& pipeline,
                       engine::Cohort& cohort, std::int64_t now_ns) {
    if (!cohort.accuracy()) return;
    const engine::CalibrationStage& calibration = *cohort.calibration();
    std::size_t place = 0;
    const auto append = [&](engine::Accuracy& accuracy) {
        std::int64_t lead_ns = 0;
        if (__builtin_mul_overflow(calibration.leads().all()[place++].steps, cohort.interval_ns(), &lead_ns))
            return;
        append_accuracy(text, tags, lead_ns, accuracy, pipeline.config().forecast->level, now_ns);
        accuracy.forget(cohort.slab().count());
    };
    append(*cohort.accuracy());
    for (engine::Accuracy& accuracy : cohort.calibration()->measures()) append(accuracy);
}

void append_state(std::string& text, const Tags& tags, engine::Pipeline& pipeline, std::int64_t now_ns) {
    const engine::StateSummary state = engine::state_of(pipeline);
    text += head_of(engine::own_state_measurement, tags);
    Fields fields(text);
    for (const StateMetric& metric : state_metrics()) fields.add(metric.name, metric.read(state, pipeline));
    if (!state.reason.empty()) fields.add_quoted("reason", state.reason);
    fields.end(now_ns);
}

void append_cohort(std::string& text, const Tags& of_pipeline, const engine::Pipeline& pipeline,
                   engine::Cohort& cohort, std::int64_t now_ns) {
    if (cohort.forecaster()) {
        const engine::ForecasterStage& forecaster = *cohort.forecaster();
        const Tags tags = tags_of(of_pipeline, cohort, forecaster.feed().model());
        append_plugin(text, tags, "forecast", cohort, forecaster.feed(), &forecaster.forecast_times(),
                      now_ns);
        append_accuracies(text, tags, pipeline, cohort, now_ns);
    }
    // Two of several detectors may be of one plugin, so the role of the second one is "detect_2".
    std::string role = "detect";
    for (std::size_t i = 0; i < cohort.detectors().size(); ++i) {
        const engine::ModelFeed& feed = cohort.detectors()[i]->feed();
        if (i > 0) role = "detect_" + std::to_string(i + 1);
        append_plugin(text, tags_of(of_pipeline, cohort, feed.model()), role, cohort, feed, nullptr, now_ns);
    }
}

}  // namespace

void append_metrics(Buffer& buffer, const engine::Engine& engine, const HostCounters& host, const Tags& own,
                    std::int64_t now_ns) {
    std::string text = head_of(engine::own_measurement, own);
    Fields fields(text);
    for (const HostMetric& metric : host_metrics()) fields.add(metric.name, metric.read(host, engine));
    fields.end(now_ns);
    for (const auto& pipeline : engine.pipelines())
        append_state(text, tags_of(own, *pipeline), *pipeline, now_ns);
    for (const auto& pipeline : engine.pipelines())
        for (const auto& cohort : pipeline->cohorts())
            append_cohort(text, tags_of(own, *pipeline), *pipeline, *cohort, now_ns);
    buffer.append(text);
}

}  // namespace forecastd::output
