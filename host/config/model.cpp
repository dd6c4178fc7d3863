#include "config/model.hpp"

#include <algorithm>

#include "config/json.hpp"
#include "config/units.hpp"
#include "plugin/model.hpp"

namespace forecastd::config {
namespace {

// What a model is tried on while the interval is not known.
constexpr std::int64_t trial_interval_ns = 1'000'000'000;

std::string quoted(std::int64_t ns) { return to_text(format_duration(ns)); }

// The steps in a duration; "" or what is wrong.
std::string divide(std::int64_t ns, std::int64_t interval_ns, std::int64_t min, std::int64_t max,
                   std::int64_t& steps) {
    if (ns % interval_ns != 0)
        return "found " + quoted(ns) + ", expected a multiple of the pipeline's interval, which is " +
               quoted(interval_ns);
    steps = ns / interval_ns;
    if (steps < min || steps > max)
        return "found " + quoted(ns) + ", which is " + std::to_string(steps) +
               (steps == 1 ? " step of " : " steps of ") + quoted(interval_ns) + ", expected from " +
               std::to_string(min) + " to " + std::to_string(max) + " steps";
    return "";
}

// A default that the plugin gives as a duration fits every interval: the nearest number of steps is taken.
bool fits_all(const fcd_param& param, const ParamValue& given) {
    return (param.flags & FCD_INITIAL_DURATION) != 0 && given.value.integer == param.initial.integer;
}

std::string resolve_param(const fcd_param& param, const ParamValue& given, std::int64_t interval_ns,
                          fcd_value& value) {
    value = given.value;
    if (!given.duration_of_steps) return "";
    if (fits_all(param, given)) {
        const std::int64_t ns = given.value.integer, rounded = ns % interval_ns >= (interval_ns + 1) / 2;
        value.integer = std::clamp(ns / interval_ns + rounded, param.min.integer, param.max.integer);
        return "";
    }
    return divide(given.value.integer, interval_ns, param.min.integer, param.max.integer, value.integer);
}

}  // namespace

bool ModelChoice::resolve(std::int64_t interval_ns, std::vector<fcd_value>& values,
                          std::string& error) const {
    values.resize(params.size());
    for (std::size_t i = 0; i < params.size(); ++i) {
        const fcd_param& param = *algorithm->params[i];
        const std::string fault = resolve_param(param, params[i], interval_ns, values[i]);
        if (fault.empty()) continue;
        error = std::string(param.name) + ": " + fault;
        return false;
    }
    return true;
}

bool needs_interval(const ModelChoice& choice) {
    for (std::size_t i = 0; i < choice.params.size(); ++i)
        if (choice.params[i].duration_of_steps && !fits_all(*choice.algorithm->params[i], choice.params[i]))
            return true;
    return false;
}

std::optional<std::size_t> model_bytes(const ModelChoice& choice, std::int64_t interval_ns,
                                       std::string& error, bool trial) {
    std::vector<fcd_value> values;
    if (!choice.resolve(interval_ns, values, error)) return std::nullopt;
    const auto model =
        plugin::Model::make(*choice.algorithm, values, {interval_ns, trial ? FCD_GRID_TRIAL : 0u});
    if (model) return (*model)->series_size();
    error = model.error().text;
    return std::nullopt;
}

void check_model(const ModelChoice& choice, std::int64_t interval_ns, const Place& params) {
    const bool trial = interval_ns == 0;
    if (trial) {
        if (needs_interval(choice)) return;
        interval_ns = trial_interval_ns;
    }
    const std::size_t before = params.problem_count();
    for (std::size_t i = 0; i < choice.params.size(); ++i) {
        const fcd_param& param = *choice.algorithm->params[i];
        fcd_value ignored{};
        const std::string fault = resolve_param(param, choice.params[i], interval_ns, ignored);
        if (!fault.empty()) params.key(param.name).problem(fault);
    }
    if (params.problem_count() != before) return;
    std::string error;
    if (!model_bytes(choice, interval_ns, error, trial)) params.problem(error);
}

void check_steps(const Steps& steps, std::int64_t max, std::int64_t interval_ns, const Place& place) {
    if (steps.ns == 0 || interval_ns == 0) return;
    std::int64_t ignored = 0;
    const std::string fault = divide(steps.ns, interval_ns, 1, max, ignored);
    if (!fault.empty()) place.problem(fault);
}

}  // namespace forecastd::config
