// The host's own metrics: a table for each measurement, from which the lines and the reference page are made.
#ifndef FORECASTD_OUTPUT_METRICS_TABLE_HPP
#define FORECASTD_OUTPUT_METRICS_TABLE_HPP

#include <cstdint>
#include <span>
#include <string>

#include "engine/engine.hpp"
#include "engine/state_summary.hpp"
#include "plugin/call_times.hpp"

namespace forecastd::output {

// What the host counts beside the engine.
struct HostCounters {
    std::uint64_t bytes_in = 0, bytes_out = 0;
    std::uint64_t lines_in = 0, lines_out = 0;
    std::uint64_t bad_points = 0;      // rejected by the reader
    std::uint64_t bad_bytes = 0;       // of the lines that were rejected with them
    std::uint64_t plugin_crashes = 0;  // in all lives of the process
    std::uint64_t checkpoints = 0, checkpoint_errors = 0;
    std::uint64_t restored_series = 0;  // that went on with what was saved
    engine::Counters earlier;           // of the engines of earlier lives
    std::uint64_t resident_bytes = 0;   // of the process; 0: not known
};

struct Metric {
    const char* name;
    const char* unit;
    const char* meaning;
};

// A field of the measurement "forecastd": an integer.
struct HostMetric : Metric {
    std::uint64_t (*read)(const HostCounters& host, const engine::Engine& engine);
};
std::span<const HostMetric> host_metrics();

// A field of "forecastd_plugin": a number, left out where it is NaN.
struct PluginMetric : Metric {
    bool is_integer;
    // forecasts: the times of the forecasts, for the forecaster alone.
    double (*read)(const engine::ModelFeed& feed, const plugin::CallTimes* forecasts);
};
std::span<const PluginMetric> plugin_metrics();

// A field of "forecastd_accuracy"; left out where it is NaN. There is also a coverage for each level.
struct AccuracyMetric : Metric {
    bool is_integer;
    double (*read)(const engine::Accuracy& accuracy);
};
std::span<const AccuracyMetric> accuracy_metrics();

// A field of "forecastd_state": an integer.
struct StateMetric : Metric {
    std::uint64_t (*read)(const engine::StateSummary& state, const engine::Pipeline& pipeline);
};
std::span<const StateMetric> state_metrics();

inline constexpr const char* coverage_prefix = "coverage_";
inline constexpr const char* width_prefix = "width_";

// The reference page of all of these, in Markdown.
std::string metrics_page();

}  // namespace forecastd::output

#endif
