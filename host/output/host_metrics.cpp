#include "output/host_metrics.hpp"

#include <string>
#include <string_view>

#include "config/units.hpp"
#include "lineprotocol/names.hpp"
#include "output/model_metrics.hpp"
#include "output/number.hpp"

namespace forecastd::output {
namespace {

using engine::Counters;

// Every counter, with its name.
struct Row {
    const char* name;
    std::uint64_t Counters::*counter;
};
constexpr Row rows[] = {
    {"points", &Counters::points},
    {"own_outputs", &Counters::own_outputs},
    {"values", &Counters::values},
    {"not_numbers", &Counters::not_numbers},
    {"late", &Counters::late},
    {"duplicates", &Counters::duplicates},
    {"crowded", &Counters::crowded},
    {"gaps", &Counters::gaps},
    {"out_of_range", &Counters::out_of_range},
    {"bad_times", &Counters::bad_times},
    {"restarted", &Counters::restarted},
    {"plugin_failures", &Counters::plugin_failures},
    {"refused_series", &Counters::refused_series},
    {"expired_series", &Counters::expired_series},
    {"forecasts", &Counters::forecasts},
    {"judgements", &Counters::judgements},
    {"anomalies", &Counters::anomalies},
    {"series", &Counters::series},
};

void append_count(std::string& line, char separator, std::string_view name, std::uint64_t value) {
    line += separator;
    line += name;
    line += '=';
    line += std::to_string(value) + 'i';
}

void append_plugin(std::string& text, const config::Pipeline& pipeline, engine::Cohort& cohort,
                   std::string_view role, const engine::Model& model, const engine::ModelBatch& batch,
                   std::int64_t now_ns) {
    std::string name;
    lineprotocol::append_name(name, lineprotocol::clean_name(pipeline.name));
    const Tags tags{{"algorithm", std::string(model.algorithm().id())},
                    {"interval", config::format_duration(cohort.interval_ns())},
                    {"pipeline", name},
                    {"role", std::string(role)}};
    text += head_of(engine::own_plugin_measurement, tags);
    append_count(text, ' ', "points", batch.answered);
    if (batch.measured > 0) {
        char number[max_number_size];
        const double ns = static_cast<double>(batch.measured_ns) / static_cast<double>(batch.measured);
        text += ",ns_per_point=" + std::string(number, put_derived(number, ns));
    }
    text += ' ' + std::to_string(now_ns) + '\n';
    append_model_metrics(text, tags, cohort, model, now_ns);
}

}  // namespace

void append_metrics(Buffer& buffer, const engine::Engine& engine, const InputCounters& input,
                    std::int64_t now_ns) {
    std::string text(engine::own_measurement);
    append_count(text, ' ', "bytes", input.bytes);
    append_count(text, ',', "bad_points", input.bad_points);
    for (const Row& row : rows) append_count(text, ',', row.name, engine.counters().*row.counter);
    append_count(text, ',', "memory_bytes", engine.allocated_bytes());
    text += ' ' + std::to_string(now_ns) + '\n';
    for (const auto& pipeline : engine.pipelines()) {
        for (const auto& cohort : pipeline->cohorts()) {
            if (cohort->forecaster())
                append_plugin(text, pipeline->config(), *cohort, "forecast", *cohort->forecaster(),
                              cohort->forecaster_batch(), now_ns);
            if (cohort->detector())
                append_plugin(text, pipeline->config(), *cohort, "detect", *cohort->detector(),
                              cohort->detector_batch(), now_ns);
        }
    }
    buffer.append(text);
}

}  // namespace forecastd::output
