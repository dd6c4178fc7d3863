#include "output/metrics_table.hpp"

#include <limits>

namespace forecastd::output {
namespace {

using engine::Counters;
using engine::Engine;

template <std::uint64_t Counters::*counter>
std::uint64_t counted(const HostCounters& host, const Engine& engine) {
    return host.earlier.*counter + engine.counters().*counter;
}
template <std::uint64_t HostCounters::*counter>
std::uint64_t counted(const HostCounters& host, const Engine&) {
    return host.*counter;
}

constexpr HostMetric host_table[] = {
    {{"bytes_in", "bytes", "read from standard input"}, counted<&HostCounters::bytes_in>},
    {{"bytes_out", "bytes", "written to standard output, or about to be"}, counted<&HostCounters::bytes_out>},
    {{"lines_in", "lines", "read, with comments, blank and bad ones"}, counted<&HostCounters::lines_in>},
    {{"lines_out", "points", "written: originals and what was derived from them, without these metrics"},
     counted<&HostCounters::lines_out>},
    {{"bad_points", "points", "rejected: no valid line protocol, or too long"},
     counted<&HostCounters::bad_points>},
    {{"bad_bytes", "bytes", "of the lines that were rejected for bad points"},
     counted<&HostCounters::bad_bytes>},
    {{"points", "points", "read"}, counted<&Counters::points>},
    {{"own_outputs", "points", "of these, our own outputs that came back"}, counted<&Counters::own_outputs>},
    {{"values", "values", "of watched fields"}, counted<&Counters::values>},
    {{"not_numbers", "values", "of selected fields that are booleans or strings"},
     counted<&Counters::not_numbers>},
    {{"late", "values", "not later than one before them in their series; neither judged nor learned"},
     counted<&Counters::late>},
    {{"duplicates", "values", "at the time of the one before them; neither judged nor learned"},
     counted<&Counters::duplicates>},
    {{"crowded", "values", "later, but on the same step of the grid; neither judged nor learned"},
     counted<&Counters::crowded>},
    {{"ahead", "values",
      "more than 100 steps ahead, the first of them; neither judged nor learned, as the next one must "
      "confirm it"},
     counted<&Counters::ahead>},
    {{"gaps", "values", "that came after missing steps"}, counted<&Counters::gaps>},
    {{"out_of_range", "values", "outside data_range"}, counted<&Counters::out_of_range>},
    {{"bad_times", "points", "too far from now to be watched"}, counted<&Counters::bad_times>},
    {{"restarted", "series", "begun again, since their clock or interval changed"},
     counted<&Counters::restarted>},
    {{"plugin_failures", "series", "set aside, or not begun, since a plugin failed"},
     counted<&Counters::plugin_failures>},
    {{"plugin_crashes", "crashes",
      "of plugins, or calls that hung or ended the process, after which forecastd went on without the "
      "series or the plugin"},
     counted<&HostCounters::plugin_crashes>},
    {{"checkpoints", "snapshots", "of what the series have learned, written to `state.dir`"},
     counted<&HostCounters::checkpoints>},
    {{"checkpoint_errors", "snapshots", "that could not be written"},
     counted<&HostCounters::checkpoint_errors>},
    {{"restored_series", "series", "that went on with what was saved, or learned from `state.history`"},
     counted<&HostCounters::restored_series>},
    {{"refused_series", "series",
      "that a limit left no room for; an estimate: exact while they are few, and within some percent up to "
      "five million"},
     counted<&Counters::refused_series>},
    {{"refused_names", "values", "of fields whose name a limit left no room for"},
     counted<&Counters::refused_names>},
    {{"long_keys", "points", "that were selected, but have a key longer than limits.max_key_bytes"},
     counted<&Counters::long_keys>},
    {{"excess_fields", "values", "of watched fields of a point beyond limits.max_fields"},
     counted<&Counters::excess_fields>},
    {{"expired_series", "series", "forgotten after the ttl"}, counted<&Counters::expired_series>},
    {{"evicted_series", "series", "that gave way to new ones, as a limit was reached"},
     counted<&Counters::evicted_series>},
    {{"returned_series", "series", "that had given way, and went on where they were"},
     counted<&Counters::returned_series>},
    {{"forecasts", "values", "that were forecast from"}, counted<&Counters::forecasts>},
    {{"judgements", "values", "that were judged, warm-up included"}, counted<&Counters::judgements>},
    {{"anomalies", "values", "that were found to be anomalies"}, counted<&Counters::anomalies>},
    {{"suppressed", "values", "that would be anomalies, but a label says that they are none"},
     counted<&Counters::suppressed>},
    {{"labels", "points", "of the measurement `control.measurement`"}, counted<&Counters::labels>},
    {{"bad_labels", "points", "of these, without a known action, or with a duration that is none"},
     counted<&Counters::bad_labels>},
    {{"silences", "series", "that have fallen silent"}, counted<&Counters::silences>},
    {{"events", "events", "opened"}, counted<&Counters::events>},
    {{"events_open", "events", "open now"}, counted<&Counters::events_open>},
    {{"series", "series", "watched now"}, counted<&Counters::series>},
    {{"memory_bytes", "bytes", "for series and their names, now"},
     [](const HostCounters&, const Engine& engine) {
         return static_cast<std::uint64_t>(engine.allocated_bytes());
     }},
    {{"resident_bytes", "bytes", "of memory that the whole process has, now"},
     counted<&HostCounters::resident_bytes>},
};

double ns_per_call(const plugin::CallTimes& times) {
    if (times.measured == 0) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(times.measured_ns) / static_cast<double>(times.measured);
}

constexpr PluginMetric plugin_table[] = {
    {{"points", "values", "that the plugin was given"},
     true,
     [](const engine::ModelFeed& feed, const plugin::CallTimes*) {
         return static_cast<double>(feed.answered());
     }},
    {{"ns_per_point", "nanoseconds", "in the plugin for a value: to judge and to learn it"},
     false,
     [](const engine::ModelFeed& feed, const plugin::CallTimes*) { return ns_per_call(feed.times()); }},
    {{"ns_per_forecast", "nanoseconds",
      "in the forecaster for a forecast of the whole horizon; with forecast_at, of each distance"},
     false,
     [](const engine::ModelFeed&, const plugin::CallTimes* forecasts) {
         return forecasts ? ns_per_call(*forecasts) : std::numeric_limits<double>::quiet_NaN();
     }},
};

constexpr AccuracyMetric accuracy_table[] = {
    {{"points", "values", "that both the model and the naive forecast could foresee; only grows"},
     true,
     [](const engine::Accuracy& accuracy) { return static_cast<double>(accuracy.points()); }},
    {{"mae", "that of the field", "the mean of the absolute errors"},
     false,
     [](const engine::Accuracy& accuracy) { return accuracy.mae(); }},
    {{"mase", "ratio", "mae, divided by that of the naive forecast at the same points; below 1 is better"},
     false,
     [](const engine::Accuracy& accuracy) { return accuracy.mase(); }},
    {{"bias", "that of the field", "the mean of what came less its forecast; above 0: forecasts are too low"},
     false,
     [](const engine::Accuracy& accuracy) { return accuracy.bias(); }},
};
constexpr Metric coverage = {"coverage_95", "share, 0 to 1",
                             "the share of the values inside the 95 % interval; one for each `level`"};
constexpr Metric width = {"width_95", "that of the field", "the mean width of that interval"};

template <std::uint64_t engine::StateSummary::*count>
std::uint64_t counted(const engine::StateSummary& state, const engine::Pipeline&) {
    return state.*count;
}
template <engine::Outcome outcome>
std::uint64_t counted(const engine::StateSummary&, const engine::Pipeline& pipeline) {
    return pipeline.outcomes().count(outcome);
}

using engine::Outcome;
using engine::StateSummary;

constexpr StateMetric state_table[] = {
    {{"series", "series", "of the pipeline, now"}, counted<&StateSummary::series>},
    {{"learning_interval", "series", "with too few points to know their interval"},
     counted<&StateSummary::learning_interval>},
    {{"warming_up", "series", "that the detector has given no score yet"},
     counted<&StateSummary::warming_up>},
    {{"watched", "series", "that are judged at each point; without a detector: that are forecast"},
     counted<&StateSummary::watched>},
    {{"failing", "series", "set aside, since a plugin failed on them"}, counted<&StateSummary::failing>},
    {{"silent", "series", "that have no data for too long; they are counted among the others too"},
     counted<&StateSummary::silent>},
    {{"used", "values", "of the last thousands that were judged or learned"}, counted<Outcome::used>},
    {{"late", "values", "of these that were not, as they are not later than the one before"},
     counted<Outcome::late>},
    {{"crowded", "values", "that were not, as they are within the interval of the one before"},
     counted<Outcome::crowded>},
};

constexpr const char* introduction = R"(# The host's own metrics

With `metrics.every` in the config, forecastd writes about itself: at that interval of the wall clock, and at
the end of its input. [operators.md](operators.md#is-it-any-good-the-hosts-own-metrics) tells how to read it.

This page is made by `forecastd schema --metrics`.

A field whose value is not known is left out. All lines have the tags that `metrics.tags` of the config names, such as
the host: without them, several processes would write the same series.
)";

constexpr const char* host_section = R"(
## `forecastd`

One line. All fields are integers; all but `series`, `events_open`, `memory_bytes` and
`resident_bytes` only grow, from 0 at
the start of the process, also where forecastd goes on without a plugin that crashed.

)";

constexpr const char* plugin_section = R"(
## `forecastd_plugin`

A line for each plugin at work, with the tags `algorithm`, `interval` (that of the series; a pipeline may have
several), `pipeline` and `role` (`forecast` or `detect`; of several detectors, the second one is `detect_2`).

The times are taken on the first call and on one in 64 after it, and are means since the start. A call has up
to 32 values; a fit of a model may or may not be among those that are measured.

)";

constexpr const char* accuracy_section = R"(
## `forecastd_accuracy`

A line for each pipeline with a forecaster (and interval) and each distance, with the tags `algorithm`, `interval`,
`lead` and `pipeline`: how far its forecasts were from what came, over all of its series. `lead` is the distance
of the forecast: the next step; an eighth, a third, two thirds and the whole of what is written; and if thresholds
are looked for further ahead, up to there. Beyond the next step some forecasts are measured, not each. The naive
forecast, which it is compared with, repeats the last value that there was when the forecast was made.

What is old loses weight at each line of metrics: half of it for every 100 values of a series. A value counts
if the model had a forecast for it and the series had a value before it; late ones and those outside
`data_range` do not count, anomalies do. Intervals count as they are before they are clipped to `data_range`.
Series with large values weigh most in `mae` and `mase`.

)";

constexpr const char* state_section = R"(
## `forecastd_state`

A line for each pipeline, with the tag `pipeline`: whether its series are watched. Each series is counted in one of
`learning_interval`, `warming_up`, `watched` and `failing`. If none is watched, the string field `reason` says why.
The counts of values begin again from time to time.

)";

constexpr const char* model_section = R"(
## `forecastd_model`

For plugins with diagnostics, which [config.md](config.md) lists; tags as in `forecastd_plugin`.

| Field | Type | Unit | Meaning |
|---|---|---|---|
| `series` | integer | series | that have learned a value and are not set aside |

Besides, there is a field for each diagnostic that some series knows: of an integer the sum over the series, of
a number the mean over those that know it. A diagnostic that is a choice has a line for each choice in use,
with the choice as a tag, and `series` counts those that have it.
)";

std::string row(const Metric& metric, bool is_integer) {
    return "| `" + std::string(metric.name) + "` | " + (is_integer ? "integer" : "float") + " | " +
           metric.unit + " | " + metric.meaning + " |\n";
}

constexpr const char* heading = "| Field | Type | Unit | Meaning |\n|---|---|---|---|\n";

}  // namespace

std::span<const HostMetric> host_metrics() { return host_table; }
std::span<const PluginMetric> plugin_metrics() { return plugin_table; }
std::span<const AccuracyMetric> accuracy_metrics() { return accuracy_table; }

std::span<const StateMetric> state_metrics() { return state_table; }

std::string metrics_page() {
    std::string page = std::string(introduction) + host_section + heading;
    for (const HostMetric& metric : host_table) page += row(metric, true);
    page += std::string(plugin_section) + heading;
    for (const PluginMetric& metric : plugin_table) page += row(metric, metric.is_integer);
    page += std::string(accuracy_section) + heading;
    for (const AccuracyMetric& metric : accuracy_table) page += row(metric, metric.is_integer);
    page += row(coverage, false) + row(width, false) + model_section + state_section + heading;
    for (const StateMetric& metric : state_table) page += row(metric, true);
    return page + "| `reason` | string | | why no series is watched; left out where some are |\n";
}

}  // namespace forecastd::output
