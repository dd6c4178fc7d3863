// The naive forecast: the last value.
//
//   f(h) = y,   deviation(h) = sigma * sqrt(h)
//
// It is the best forecast of a random walk, and the yardstick for every other. sigma^2 is the mean square of
// the one-step errors so far, as numerics/error_variance.hpp keeps it; an error after a gap of h steps
// counts as e^2 / h. Source: R. J. Hyndman & G. Athanasopoulos, Forecasting: Principles and Practice, 3rd
// edition, 2021, sections 5.2 and 5.5.
#ifndef FORECASTD_PLUGINS_NAIVE_NAIVE_MODEL_HPP
#define FORECASTD_PLUGINS_NAIVE_NAIVE_MODEL_HPP

#include <cmath>
#include <cstdint>

#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"

namespace naive {

using numerics::Expected;

// The state of one series: plain bytes.
struct State {
    double value = numerics::unknown;  // the last one; NaN until the first point
    numerics::ErrorVariance errors;
    std::int64_t last_step = 0;

    [[nodiscard]] bool begun() const { return !std::isnan(value); }
};

[[nodiscard]] inline double steps_ahead(const State& state, std::int64_t step) {
    return static_cast<double>(numerics::steps_between(state.last_step, step));
}

// The forecast of a later step; state has learned a point.
[[nodiscard]] inline Expected expect(const State& state, std::int64_t step) {
    return {state.value, state.errors.deviation(steps_ahead(state, step))};
}

inline void learn(State& state, std::int64_t step, double value) {
    if (state.begun()) state.errors.learn(numerics::saturate(value - state.value), steps_ahead(state, step));
    state.value = value;
    state.last_step = step;
}

}  // namespace naive

#endif  // FORECASTD_PLUGINS_NAIVE_NAIVE_MODEL_HPP
