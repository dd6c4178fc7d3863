#include "config/traps.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "config/name_template.hpp"
#include "config/overlap.hpp"
#include "config/own_names.hpp"
#include "config/units.hpp"

namespace forecastd::config {
namespace {

Place place_of(const Pipeline& pipeline, const Place& top) {
    return top.key("pipelines").item(pipeline.place);
}

std::string quoted(std::int64_t ns) { return to_text(format_duration(ns)); }

// How far ahead is forecast, in ns; 0: not known while the interval is not.
std::int64_t farthest_ns(const Pipeline& pipeline) {
    const Forecast& forecast = *pipeline.forecast;
    const auto ns_of = [&](const Steps& steps) {
        return steps.ns > 0 ? steps.ns : steps.count * pipeline.interval_ns;
    };
    std::int64_t farthest = forecast.forecast_at.empty() ? ns_of(forecast.horizon) : 0;
    for (const Steps& steps : forecast.forecast_at) farthest = std::max(farthest, ns_of(steps));
    return farthest;
}

bool looks_one_step_ahead(const Forecast& forecast) {
    const auto is_one = [](const Steps& steps) { return steps.ns == 0 && steps.count == 1; };
    if (forecast.forecast_at.empty()) return is_one(forecast.horizon);
    return std::all_of(forecast.forecast_at.begin(), forecast.forecast_at.end(), is_one);
}

void selection(const Pipeline& pipeline, const Place& place) {
    const std::string list = closed_list(pipeline.selection);
    if (list.empty()) return;
    place.key(list).problem(
        "no name can pass it" +
        std::string(list.ends_with("pass") ? ", alone or with the names that are dropped" : "") +
        ", so the pipeline watches nothing; leave a list out to take all names");
}

// A pipeline for what forecastd has written itself.
void own_outputs(const Config& config, const Pipeline& pipeline, const Place& place) {
    if (!pipeline.selection.namepass) return;
    const auto is_output = [&](const std::string& name) {
        return std::any_of(config.pipelines.begin(), config.pipelines.end(), [&](const Pipeline& other) {
            const Output& output = other.output;
            const auto fits = [&](const std::string& pattern) {
                const NameTemplate one(pattern, measurement_placeholder);
                const auto original = one.match(name);
                return !one.is_plain && original && other.selection.namepass &&
                       other.selection.namepass->match(*original);
            };
            return (other.forecast && fits(output.forecast)) ||
                   (other.detect && (fits(output.anomaly) || (output.event && fits(*output.event))));
        });
    };
    const auto& patterns = pipeline.selection.namepass->patterns();
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        const bool is_own = is_own_measurement(patterns[i]);
        if (!is_own && !is_output(patterns[i])) continue;
        place.key("namepass")
            .item(i)
            .problem("found " + to_text(patterns[i]) + ", which forecastd writes itself: " +
                     (is_own ? "its points" : "its points with the tag 'field'") +
                     " pass on, and no pipeline watches them; watch the originals, or read them back under "
                     "another name");
    }
}

void times(const Pipeline& pipeline, const Limits& limits, const Place& place, const Place& top) {
    const std::int64_t interval_ns = pipeline.interval_ns;
    if (pipeline.group_by && limits.ttl_ns == 0)
        place.key("group_by")
            .problem(
                "without 'limits.ttl', keys that do not come any more are remembered for ever, though they "
                "are "
                "one series; set \"limits\": {\"ttl\": \"7d\"}, or so");
    if (interval_ns == 0) return;
    if (limits.ttl_ns > 0 && limits.ttl_ns <= interval_ns)
        top.key("limits").key("ttl").problem(
            "found " + quoted(limits.ttl_ns) + ", and pipeline '" + pipeline.name + "' has a point each " +
            quoted(interval_ns) +
            ": its series are forgotten before their next point comes; take at least some intervals");
    if (!pipeline.detect) return;
    const std::int64_t pause_ns = pipeline.detect->no_data_after.ns;
    if (pause_ns > 0 && pause_ns <= interval_ns)
        place.key("detect")
            .key("no_data_after")
            .problem("found " + quoted(pause_ns) + ", and a point comes each " + quoted(interval_ns) +
                     ": each pause between two points may be an event; take more than an interval");
}

void false_alarms(const Pipeline& pipeline, const Detect& detect, const Place& place) {
    if (detect.false_alarms_ns == 0 || pipeline.interval_ns == 0) return;
    if (detect.model.algorithm->find_param("false_alarms")) return;
    const auto shortest_ns = static_cast<std::int64_t>(
        std::llround(static_cast<double>(pipeline.interval_ns) / Detect::most_false_alarms));
    if (detect.false_alarms_ns >= shortest_ns) return;
    place.key("false_alarms")
        .problem("found " + quoted(detect.false_alarms_ns) + ", and a point comes each " +
                 quoted(pipeline.interval_ns) +
                 ": no more than one point in 50 may ring, so it is taken as " + quoted(shortest_ns) +
                 "; this is the time between two false alarms of a series, such as \"30d\"");
}

void forecasts(const Pipeline& pipeline, const Place& place) {
    const Forecast& forecast = *pipeline.forecast;
    const std::int64_t farthest = farthest_ns(pipeline);
    if (forecast.thresholds.empty() && !looks_one_step_ahead(forecast) && farthest > 0 &&
        forecast.emit_every_ns > farthest && forecast.emit_every_ns > pipeline.interval_ns)
        place.key("emit_every")
            .problem("found " + quoted(forecast.emit_every_ns) + ", and forecasts reach " + quoted(farthest) +
                     " ahead: behind that, nothing is forecast until the next are written; take a longer "
                     "'horizon', or a "
                     "shorter time here");
    if (!forecast.thresholds.empty() && !forecast.max_horizon && looks_one_step_ahead(forecast))
        place.key("thresholds")
            .problem(
                "they are looked for no further than forecasts reach, which is one step; set "
                "'max_horizon', such as \"7d\"");
    const DataRange range = pipeline.detect ? pipeline.detect->data_range : DataRange{};
    for (std::size_t i = 0; i < forecast.thresholds.size(); ++i) {
        const Threshold& threshold = forecast.thresholds[i];
        const bool is_above = threshold.direction == Side::above;
        if (is_above ? threshold.value <= range.high : threshold.value >= range.low) continue;
        place.key("thresholds")
            .item(i)
            .key("value")
            .problem("found " + to_text(threshold.value) +
                     ", which is outside of detect.data_range: the "
                     "values that reach it cannot be, and are not learned; take a threshold within it, or a "
                     "wider range");
    }
}

void state(const Config& config, const Place& top) {
    if (!config.state) return;
    const State& state = *config.state;
    if (state.max_age_ns > 0 && state.max_age_ns < state.checkpoint_interval_ns)
        top.key("state").key("max_age").problem(
            "found " + quoted(state.max_age_ns) + ", and a snapshot is written each " +
            quoted(state.checkpoint_interval_ns) +
            ": after a crash the last one may be too old, and series begin again; take a longer time");
    if (config.pipelines.size() < 2) return;
    for (const Pipeline& pipeline : config.pipelines)
        if (pipeline.name == "pipeline " + std::to_string(pipeline.place + 1))
            place_of(pipeline, top)
                .problem("it has no name, and saved series are found by '" + pipeline.name +
                         "', its place: if another pipeline is put before it, they begin again; give it a "
                         "'name'");
}

// Two pipelines of which one writes over what the other has written, or that do not agree about originals.
void pair(const Pipeline& first, const Pipeline& second, const Place& place) {
    const auto common = common_field(first.selection, second.selection);
    if (!common) return;
    const std::string both = "pipeline '" + first.name + "' and this one both take a field such as '" +
                             common->measurement + "." + common->field + "'";
    if (first.output.passthrough != second.output.passthrough && first.group_by == second.group_by)
        place.key("output")
            .key("passthrough")
            .problem(both + ", and one of them says that originals pass on, so they do; say false in both");
    if (first.group_by != second.group_by || first.output.field_tag != second.output.field_tag) return;
    const auto overwritten = [&](const char* key, const std::string& name) {
        place.key("output").key(key).problem(
            both + ", and write it as " + to_text(name) +
            " with the same tags: in a database, one overwrites the other; give one of them another name");
    };
    if (first.detect && second.detect && first.output.anomaly == second.output.anomaly)
        overwritten("anomaly", second.output.anomaly);
    const auto targets = [](const Pipeline& one) {
        return one.forecast && one.forecast->stamp == Stamp::target && !one.forecast->lead_tag;
    };
    if (targets(first) && targets(second) && first.output.forecast == second.output.forecast)
        overwritten("forecast", second.output.forecast);
}

}  // namespace

void find_traps(const Config& config, const Place& top) {
    // More pipelines were not written by hand, and each would be compared with every other.
    constexpr std::size_t most_compared = 300;
    const bool compares = config.pipelines.size() <= most_compared;
    state(config, top);
    for (std::size_t i = 0; i < config.pipelines.size(); ++i) {
        const Pipeline& pipeline = config.pipelines[i];
        const Place place = place_of(pipeline, top);
        selection(pipeline, place);
        if (compares) own_outputs(config, pipeline, place);
        times(pipeline, config.limits, place, top);
        if (pipeline.forecast) forecasts(pipeline, place.key("forecast"));
        for (std::size_t k = 0; k < pipeline.voters.size(); ++k)
            false_alarms(pipeline, pipeline.voters[k], place.key("detect").item(k));
        if (pipeline.detect && pipeline.voters.empty())
            false_alarms(pipeline, *pipeline.detect, place.key("detect"));
        for (std::size_t k = 0; compares && k < i; ++k) pair(config.pipelines[k], pipeline, place);
    }
}

}  // namespace forecastd::config
