#include "config/model.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "config/json.hpp"
#include "config/params.hpp"
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

// Whether a season that the interval does not divide is rounded. One of few intervals would be moved too far;
// and where the interval divides a day, local steps a week away from the steps mean holidays
// (engine/local_steps.hpp), which those of a season that was rounded would come to be.
bool may_round(std::int64_t ns, std::int64_t interval_ns) {
    constexpr std::int64_t day_ns = 86'400'000'000'000, least = 8;
    return ns / interval_ns >= least && day_ns % interval_ns != 0;
}

// a b / c, to the nearest; all are positive.
std::int64_t scaled(std::int64_t a, std::int64_t b, std::int64_t c) {
    __extension__ using Wide = __int128;
    return static_cast<std::int64_t>((2 * static_cast<Wide>(a) * b + c) / (2 * static_cast<Wide>(c)));
}

// odd: the season whose grid the others are on.
Expected<fcd_value> resolve_param(const fcd_param& param, const ParamValue& given, std::int64_t interval_ns,
                                  const OddSeason& odd) {
    fcd_value value = given.value;
    if (!given.duration_of_steps) return value;
    const std::int64_t ns = given.value.integer;
    if (is_season(param) && !fits_all(param, given) && may_round(ns, interval_ns) &&
        (odd.steps > 0 || ns % interval_ns != 0)) {
        value.integer = odd.steps > 0 ? scaled(ns, odd.steps, odd.ns) : scaled(ns, 1, interval_ns);
        if (value.integer >= param.min.integer && value.integer <= param.max.integer) return value;
        return fail("found " + quoted(ns) + ", which is " + std::to_string(value.integer) + " steps of " +
                    quoted(interval_ns) + ", expected from " + std::to_string(param.min.integer) + " to " +
                    std::to_string(param.max.integer) + " steps");
    }
    if (fits_all(param, given)) {
        const std::int64_t rounded = ns % interval_ns >= (interval_ns + 1) / 2;
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
    const OddSeason odd = odd_season(interval_ns);
    for (std::size_t i = 0; i < params.size(); ++i) {
        const fcd_param& param = *algorithm->params[i];
        const auto value = resolve_param(param, params[i], interval_ns, odd);
        if (!value) return fail(std::string(param.name) + ": " + value.error().text);
        values.push_back(*value);
    }
    return values;
}

OddSeason ModelChoice::odd_season(std::int64_t interval_ns) const {
    for (std::size_t i = 0; i < params.size(); ++i) {
        const fcd_param& param = *algorithm->params[i];
        if (!is_season(param) || !params[i].duration_of_steps || fits_all(param, params[i])) continue;
        const std::int64_t ns = params[i].value.integer;
        if (ns % interval_ns == 0 || !may_round(ns, interval_ns)) return {};
        return {ns, scaled(ns, 1, interval_ns)};
    }
    return {};
}

std::vector<SeasonInSteps> seasons_of(const ModelChoice& choice, std::int64_t interval_ns) {
    std::vector<SeasonInSteps> seasons;
    const auto values = choice.resolve(interval_ns);
    for (std::size_t i = 0; values && i < values->size(); ++i) {
        const fcd_param& param = *choice.algorithm->params[i];
        if (!is_season(param) || (*values)[i].integer < 2) continue;
        const bool is_duration = choice.params[i].duration_of_steps;
        seasons.push_back(
            {param.name, is_duration ? choice.params[i].value.integer : 0, (*values)[i].integer});
    }
    return seasons;
}

std::vector<const ModelChoice*> models_of(const Pipeline& pipeline) {
    std::vector<const ModelChoice*> models;
    if (pipeline.forecast) models.push_back(&pipeline.forecast->model);
    for (const Detect& voter : pipeline.voters) models.push_back(&voter.model);
    if (pipeline.detect && pipeline.voters.empty()) models.push_back(&pipeline.detect->model);
    return models;
}

std::string rounded_seasons(const Pipeline& pipeline, std::int64_t interval_ns) {
    std::string text;
    for (const ModelChoice* const model : models_of(pipeline)) {
        for (const SeasonInSteps& season : seasons_of(*model, interval_ns)) {
            if (!season.is_rounded(interval_ns)) continue;
            std::array<char, 64> exact{};
            const auto end = std::to_chars(exact.data(), exact.data() + exact.size(),
                                           static_cast<double>(season.ns) / static_cast<double>(interval_ns),
                                           std::chars_format::fixed, 2);
            text += (text.empty() ? "" : "; ") + std::string(season.param) + " of '" +
                    std::string(model->algorithm->id()) + "': found " + quoted(season.ns) + ", which is " +
                    std::string(exact.data(), end.ptr) + " intervals of " + quoted(interval_ns) +
                    ", and is taken as " + std::to_string(season.steps) + " steps";
        }
    }
    if (!text.empty())
        text +=
            "; one step is left out or comes twice from time to time, so that the season stays in time; an "
            "interval that divides it needs none of that";
    return text;
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
        const auto value =
            resolve_param(param, choice.params[i], interval_ns, choice.odd_season(interval_ns));
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
