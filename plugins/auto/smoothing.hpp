// Exponential smoothing with fixed weights, without a season.
//
//   ses    l' = l + a (y - l)         a = .1, .3, .6; 1/n while that is more
//   holt   e = y - (l + phi b);  l' = l + phi b + a e;  b' = phi b + a b* e
//          forecast l + (phi + ... + phi^h) b      (a, b*, phi) = (.5, .1, .9) and (.8, .3, .3)
//
// Source: R. J. Hyndman & G. Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, 2021,
// sections 8.1 and 8.2.
#ifndef FORECASTD_PLUGINS_AUTO_SMOOTHING_HPP
#define FORECASTD_PLUGINS_AUTO_SMOOTHING_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "state.hpp"

namespace automatic {

inline constexpr std::array<float, 3> ses_alpha{0.1F, 0.3F, 0.6F};
inline constexpr std::array<float, 2> holt_alpha{0.5F, 0.8F}, holt_beta{0.1F, 0.3F}, holt_phi{0.9F, 0.3F};

// n: the number of this value, from 1 on. Thread: any, as its series.
inline void learn(Smoothing& s, std::uint64_t n, float z) {
    const float share = 1 / static_cast<float>(n);
    for (std::size_t i = 0; i < s.ses.size(); ++i) s.ses[i] += std::max(ses_alpha[i], share) * (z - s.ses[i]);
    if (n == 1) s.holt_level.fill(z);
    for (std::size_t i = 0; i < s.holt_level.size(); ++i) {
        const float trend = holt_phi[i] * s.holt_trend[i], forecast = s.holt_level[i] + trend;
        const float error = z - forecast;
        s.holt_level[i] = forecast + holt_alpha[i] * error;
        s.holt_trend[i] = trend + holt_alpha[i] * holt_beta[i] * error;
    }
}

// In other units, z' = by z + shift.
inline void rescale(Smoothing& s, double by, double shift) {
    for (float& level : s.ses) level = moved(level, by, shift);
    for (float& level : s.holt_level) level = moved(level, by, shift);
    for (float& trend : s.holt_trend) trend = moved(trend, by, 0);
}

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_SMOOTHING_HPP
