#include "config/model.hpp"

#include <algorithm>

#include "config/json.hpp"
#include "config/units.hpp"
#include "plugin/model.hpp"

namespace forecastd::config {
namespace {

// What a model is tried on while the interval is not known: an algorithm may refuse some intervals, such as
// those that do not divide a duration, so one that accepts any of these is not refused.
constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t trial_intervals_ns[] = {second, 10 * second, 60 * second, 3600 * second,
                                               86'400 * second};

std::string quoted(std::int64_t ns) { return to_text(format_duration(ns)); }

// The steps in a duration; the error begins with what was found.
Expected<std::int64_t> divide(std::int64_t ns, std::int64_t interval_ns, std::int64_t min, std::int64_t max) {
    if (ns % interval_ns != 0)
        return fail("found " + quoted(ns) + ", expected a multiple of the pipeline's interval, which is " +
                    quoted(interval_ns));
    const std::int64_t steps = ns / interval_ns;
    if (steps >= min && steps <= max) return steps;
    return fail("found " + quoted(ns) + ", which is " + std::to_string(steps) +
                (steps == 1 ? " step of " : " steps of ") + quoted(interval_ns) + ", expected from " +
                std::to_string(min) + " to " + std::to_string(max) + " steps");
}

// A default that the plugin gives as a duration fits every interval: the nearest number of steps is taken.
bool fits_all(const fcd_param& param, const ParamValue& given) {
    return (param.flags & FCD_INITIAL_DURATION) != 0 && given.value.integer == param.initial.integer;
}

Expected<fcd_value> resolve_param(const fcd_param& param, const ParamValue& given, std::int64_t interval_ns) {
    fcd_value value = given.value;
    if (!given.duration_of_steps) return value;
    if (fits_all(param, given)) {
        const std::int64_t ns = given.value.integer, rounded = ns % interval_ns >= (interval_ns + 1) / 2;
        value.integer = std::clamp(ns / interval_ns + rounded, param.min.integer, param.max.integer);
        return value;
    }
    const auto steps = divide(given.value.integer, interval_ns, param.min.integer, param.max.integer);
    if (!steps) return fail(steps.error().text);
    value.integer = *steps;
    return value;
}

}  // namespace

Expected<std::vector<fcd_value>> ModelChoice::resolve(std::int64_t interval_ns) const {
    std::vector<fcd_value> values;
    for (std::size_t i = 0; i < params.size(); ++i) {
        const fcd_param& param = *algorithm->params[i];
        const auto value = resolve_param(param, params[i], interval_ns);
        if (!value) return fail(std::string(param.name) + ": " + value.error().text);
        values.push_back(*value);
    }
    return values;
}

bool needs_interval(const ModelChoice& choice) {
    for (std::size_t i = 0; i < choice.params.size(); ++i)
        if (choice.params[i].duration_of_steps && !fits_all(*choice.algorithm->params[i], choice.params[i]))
            return true;
    return false;
}

Expected<std::size_t> model_bytes(const ModelChoice& choice, std::int64_t interval_ns, bool trial) {
    const auto values = choice.resolve(interval_ns);
    if (!values) return fail(values.error().text);
    const auto model =
        plugin::Model::make(*choice.algorithm, *values, {interval_ns, trial ? FCD_GRID_TRIAL : 0u});
    if (!model) return fail(model.error().text);
    return (*model)->series_size();
}

namespace {

void try_model(const ModelChoice& choice, const Place& params) {
    std::string first_error;
    for (const std::int64_t interval_ns : trial_intervals_ns) {
        const auto bytes = model_bytes(choice, interval_ns, true);
        if (bytes) return;
        if (first_error.empty()) first_error = bytes.error().text;
    }
    params.problem(first_error);
}

}  // namespace

void check_model(const ModelChoice& choice, std::int64_t interval_ns, const Place& params) {
    if (interval_ns == 0) {
        if (!needs_interval(choice)) try_model(choice, params);
        return;
    }
    const std::size_t before = params.problem_count();
    for (std::size_t i = 0; i < choice.params.size(); ++i) {
        const fcd_param& param = *choice.algorithm->params[i];
        const auto value = resolve_param(param, choice.params[i], interval_ns);
        if (!value) params.key(param.name).problem(value.error().text);
    }
    if (params.problem_count() != before) return;
    const auto bytes = model_bytes(choice, interval_ns);
    if (!bytes) params.problem(bytes.error().text);
}

void check_steps(const Steps& steps, std::int64_t max, std::int64_t interval_ns, const Place& place) {
    if (steps.ns == 0 || interval_ns == 0) return;
    const auto count = divide(steps.ns, interval_ns, 1, max);
    if (!count) place.problem(count.error().text);
}

}  // namespace forecastd::config
