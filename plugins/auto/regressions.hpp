// Recursive least squares on lags, with bounded errors (least_squares.hpp).
//
//   0  last values    y_t = b_0 + sum_k b_k y_(t-k)                   k = 1 ... 4; first weights (1, 0, 0, 0)
//   1  last changes   y_t = y_(t-1) + sum_k b_k (y_(t-k) - y_(t-k-1))   first weights 0
//   2  season         as 0, on the lags of lag/lag_set.hpp; first weights: 1 for the longest season
//
// An error beyond four mean absolute errors counts as four (Huber's loss, one step of it a point). Several
// steps ahead, forecasts stand for the values that are not there yet.
//
// Source: L. Ljung & T. Soderstrom, Theory and Practice of Recursive Identification, 1983, section 2.2.
#ifndef FORECASTD_PLUGINS_AUTO_REGRESSIONS_HPP
#define FORECASTD_PLUGINS_AUTO_REGRESSIONS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "least_squares.hpp"
#include "state.hpp"

namespace automatic {

inline constexpr std::size_t own_lags = 4;  // of the regressions 0 and 1
inline constexpr std::size_t on_changes = 1, on_season = 2;
inline constexpr float error_limit = 4;           // mean absolute errors
inline constexpr std::uint32_t limit_after = 12;  // errors
inline constexpr std::uint32_t most_counted = 1000;
inline constexpr float error_gain = 0.01F;
inline constexpr float far_out = 1000;  // units: beyond, the recursion would lose its digits
// Steps: how often it is seen to that P does not grow, and how long at each of them.
inline constexpr std::uint32_t limit_each = 16, limited_often = 512;

// Steps that must be learned before regression i has all of its inputs.
inline std::uint64_t inputs_need(const Plan& plan, std::size_t i) {
    return i == on_season ? plan.lags().longest() + 1 : own_lags + 2;
}

// Keeps the coefficients, but not how certain they are.
inline void forget(const Learning& parts) {
    for (std::size_t i = 0; i < regressions; ++i)
        LeastSquares(parts.factors[i], parts.coefficients[i].size()).begin();
}
inline void begin(const Plan& plan, const Learning& parts) {
    for (std::size_t i = 0; i < regressions; ++i) {
        const auto coefficients = parts.coefficients[i];
        if (coefficients.empty()) continue;
        std::fill(coefficients.begin(), coefficients.end(), 0.0F);
        if (i != on_changes)
            coefficients[i == on_season ? plan.lags().naive_place(plan.lags().size()) : 0] = 1;
    }
    forget(parts);
}

// The weighted sum of the inputs.
inline float predict(std::span<const float> coefficients, const Inputs& inputs) {
    float sum = 0;
    for (std::size_t k = 0; k < coefficients.size(); ++k) sum += coefficients[k] * inputs[k];
    return sum;
}

// Learns the error that the coefficients left at the inputs.
inline void learn(Errors& errors, std::span<float> coefficients, std::span<float> factors,
                  const Inputs& inputs, float error) {
    if (!(std::abs(error) <= far_out)) return;
    for (std::size_t k = 0; k < coefficients.size(); ++k)
        if (!(std::abs(inputs[k]) <= far_out)) return;
    const float limit = error_limit * errors.mean;
    if (errors.count >= limit_after) error = std::min(std::max(error, -limit), limit);
    if (errors.count < most_counted) ++errors.count;
    errors.mean +=
        std::max(1 / static_cast<float>(errors.count), error_gain) * (std::abs(error) - errors.mean);
    LeastSquares(factors, coefficients.size()).learn(inputs, error, coefficients);
}

// In other units, z' = by z + shift.
inline void rescale(Errors& errors, std::span<float> coefficients, std::span<float> factors,
                    bool has_constant, double by, double shift) {
    if (coefficients.empty()) return;
    errors.mean = moved(errors.mean, by, 0);
    const std::size_t columns = coefficients.size(), lags = columns - (has_constant ? 1 : 0);
    if (has_constant) {
        double rest = 1;
        for (std::size_t k = 0; k < lags; ++k) rest -= static_cast<double>(coefficients[k]);
        coefficients[lags] = moved(coefficients[lags], by, shift * rest);
    }
    for (std::size_t i = 0; i < lags; ++i)
        LeastSquares(factors, columns).scale(i, static_cast<float>(1 / by));
}

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_REGRESSIONS_HPP
