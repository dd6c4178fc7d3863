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

inline constexpr std::array<double, 3> ses_alpha{0.1, 0.3, 0.6};
inline constexpr std::array<double, 2> holt_alpha{0.5, 0.8}, holt_beta{0.1, 0.3}, holt_phi{0.9, 0.3};

// n: the number of this value, from 1 on. Thread: any, as its series.
inline void learn(Smoothing& s, std::uint64_t n, double z) {
    for (std::size_t i = 0; i < s.ses.size(); ++i)
        s.ses[i] += std::max(ses_alpha[i], 1 / static_cast<double>(n)) * (z - s.ses[i]);
    for (std::size_t i = 0; i < s.holt_level.size(); ++i) {
        if (n == 1) {
            s.holt_level[i] = z;
            continue;
        }
        const double trend = holt_phi[i] * s.holt_trend[i], forecast = s.holt_level[i] + trend;
        const double error = z - forecast;
        s.holt_level[i] = forecast + holt_alpha[i] * error;
        s.holt_trend[i] = trend + holt_alpha[i] * holt_beta[i] * error;
    }
}

// In other units, z' = by z + shift.
inline void rescale(Smoothing& s, double by, double shift) {
    for (double& level : s.ses) level = by * level + shift;
    for (double& level : s.holt_level) level = by * level + shift;
    for (double& trend : s.holt_trend) trend *= by;
}

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_SMOOTHING_HPP
