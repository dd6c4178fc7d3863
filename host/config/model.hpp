// From chosen parameters to a model on a grid: what can only be checked once the interval is known.
#ifndef FORECASTD_CONFIG_MODEL_HPP
#define FORECASTD_CONFIG_MODEL_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/expected.hpp"
#include "config/config.hpp"
#include "config/place.hpp"

namespace forecastd::config {

// A season of a choice on a grid.
struct SeasonInSteps {
    const char* param;
    std::int64_t ns, steps;  // ns 0: it was given in steps
    [[nodiscard]] bool is_rounded(std::int64_t interval_ns) const { return ns % interval_ns != 0; }
};
// Its seasons of two steps or more. None where it cannot be resolved.
std::vector<SeasonInSteps> seasons_of(const ModelChoice& choice, std::int64_t interval_ns);

// The models of a pipeline, forecaster first.
std::vector<const ModelChoice*> models_of(const Pipeline& pipeline);

// What to tell of a pipeline's seasons that an interval does not divide: a sentence, "" if there are none.
std::string rounded_seasons(const Pipeline& pipeline, std::int64_t interval_ns);

// Whether a parameter in steps is given as a duration: such a model needs the interval.
bool needs_interval(const ModelChoice& choice);

// The bytes of state that the model wants for each series, found by making the model once; an error if it
// cannot be made. trial: the interval is not that of the series.
Expected<std::size_t> model_bytes(const ModelChoice& choice, std::int64_t interval_ns, bool trial = false);

// Adds a problem for each parameter that does not fit the interval, and for parameters that the plugin
// refuses. interval_ns 0 is "auto": what needs the interval is left until it is known. params: where the
// parameters stand.
void check_model(const ModelChoice& choice, std::int64_t interval_ns, const Place& params);

// The same for a horizon.
void check_steps(const Steps& steps, std::int64_t max, std::int64_t interval_ns, const Place& place);

}  // namespace forecastd::config

#endif
