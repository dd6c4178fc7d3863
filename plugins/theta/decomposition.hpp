// Classical decomposition: the season of a window, one number for each phase.
//
//   trend_t = the mean of the m values around t (m even: of m+1, the outer two counting half)
//   season_p = the mean over phase p of y_t / trend_t, or of y_t - trend_t; then divided by their mean, or less it
//
// so that a multiplicative season averages 1, an additive one 0. Source: R. J. Hyndman & G. Athanasopoulos,
// Forecasting: Principles and Practice, 3rd edition, 2021, section 3.4 (as R's decompose() does it).
//
// The season multiplies where every value is above 0 and no phase would come near 0 (below 1e-4), else it adds.
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

// Writes the season; values: more than two seasons, none lost; the first has the phase first_phase. False: a
// multiplicative season comes near 0, and another form is to be taken.
inline bool decompose(std::span<const double> values, std::span<double> season, std::size_t first_phase,
                      Season form) {
    const std::size_t length = season.size(), half = length / 2;
    const auto size = static_cast<double>(length);
    std::fill(season.begin(), season.end(), 0);
    double around = 0;  // the sum of the m values from t - half on
    for (std::size_t t = 0; t < length; ++t) around += values[t];
    const std::size_t whole = values.size() - 2 * half;  // places that have a trend
    for (std::size_t i = 0; i < whole; ++i) {
        const std::size_t t = half + i;
        const double sum = length % 2 == 1 ? around : around + (values[t + half] - values[t - half]) / 2;
        const double trend = sum / size;
        season[(first_phase + t) % length] += without_season(values[t], form, trend);
        if (i + 1 < whole) around += values[i + length] - values[i];
    }
    for (std::size_t place = 0; place < length; ++place) {  // counted from the first place that has a trend
        const std::size_t times = (whole - place + length - 1) / length;
        season[(first_phase + half + place) % length] /= static_cast<double>(times);
    }
    const double mean = mean_of(season);
    for (double& one : season) one = form == Season::multiplicative ? one / mean : one - mean;
    return form == Season::additive || *std::min_element(season.begin(), season.end()) >= 1e-4;
}

}  // namespace theta

#endif  // FORECASTD_PLUGINS_THETA_DECOMPOSITION_HPP
