// Classical decomposition: the season of a window, one number for each phase.
//
//   trend_t = the mean of the m values around t (m even: of m+1, the outer two counting half)
//   season_p = the mean over phase p of y_t / trend_t, or of y_t - trend_t;
//              then divided by the mean of all, or less that mean
//
// so that a multiplicative season averages 1, an additive one 0. Source: R. J. Hyndman & G. Athanasopoulos,
// Forecasting: Principles and Practice, 3rd edition, 2021, section 3.4 (as R's decompose() does it).
//
// The season multiplies where every value is above 0 and no phase would come near 0 (below 1e-4), else it
// adds.
#ifndef FORECASTD_PLUGINS_THETA_DECOMPOSITION_HPP
#define FORECASTD_PLUGINS_THETA_DECOMPOSITION_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "season_test.hpp"

namespace theta {

enum class Season : std::uint32_t { none, multiplicative, additive };

// A season that multiplies by less, or a value taken into it that would: what is divided by it means nothing.
inline constexpr double least_index = 1e-4;

// Replaces lost values (NaN) by the straight line between their neighbours. The first and the last are there.
inline void fill_lost(std::span<double> values) {
    std::size_t last = 0;
    for (std::size_t t = 1; t < values.size(); ++t) {
        if (std::isnan(values[t])) continue;
        const double slope = (values[t] - values[last]) / static_cast<double>(t - last);
        for (std::size_t lost = last + 1; lost < t; ++lost)
            values[lost] = values[last] + slope * static_cast<double>(lost - last);
        last = t;
    }
}

inline double without_season(double value, Season form, double season) {
    if (form == Season::none) return value;
    return form == Season::multiplicative ? value / season : value - season;
}
inline double with_season(double value, Season form, double season) {
    if (form == Season::none) return value;
    return form == Season::multiplicative ? value * season : value + season;
}

// Writes the trend to trend[half, n - half), half = m / 2; values: none lost, m of them or more.
inline void moving_average(std::span<const double> values, std::size_t length, std::span<double> trend) {
    const std::size_t half = length / 2;
    double around = 0;  // the sum of the m values from t - half on
    for (std::size_t t = 0; t < length; ++t) around += values[t];
    for (std::size_t t = half; t + half < values.size(); ++t) {
        const double sum = length % 2 == 1 ? around : around + (values[t + half] - values[t - half]) / 2;
        trend[t] = sum / static_cast<double>(length);
        if (t + half + 1 < values.size()) around += values[t - half + length] - values[t - half];
    }
}

// A window with more than two seasons, and room for its trend.
struct Decomposed {
    std::span<const double> values;  // NaN where a step was lost
    std::span<const double> filled;  // none lost
    std::span<double> trend;
    std::size_t first_phase;  // of values[0]
};

// Writes the season. Lost values have no part in it, unless all of their phase are lost. False: it should not
// multiply, since it comes near 0 in a phase.
inline bool decompose(const Decomposed& window, std::span<double> season, Season form) {
    const std::size_t length = season.size(), half = length / 2;
    moving_average(window.filled, length, window.trend);
    const auto average = [&](std::size_t first, std::span<const double> values) {
        double sum = 0, count = 0;
        for (std::size_t t = first; t + half < values.size(); t += length)
            if (!std::isnan(values[t])) {
                sum += without_season(values[t], form, window.trend[t]);
                ++count;
            }
        return sum / count;
    };
    for (std::size_t first = half; first < half + length; ++first) {
        double& one = season[(window.first_phase + first) % length];
        one = average(first, window.values);
        if (std::isnan(one)) one = average(first, window.filled);
    }
    const double mean = mean_of(season);
    for (double& one : season) one = form == Season::multiplicative ? one / mean : one - mean;
    return form == Season::additive || *std::min_element(season.begin(), season.end()) >= least_index;
}

}  // namespace theta

#endif  // FORECASTD_PLUGINS_THETA_DECOMPOSITION_HPP
