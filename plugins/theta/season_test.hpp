// Whether a window has a season of m steps.
//
//   |r_m| > 1.645 sqrt((1 + 2 (r_1^2 + ... + r_(m-1)^2)) / n)
//
// r_k: the autocorrelation at lag k. The right side is the limit that the r_m of a series without a season
// exceeds in one of ten cases (M. S. Bartlett's variance, 1946). It needs more than two seasons. Source: the
// test of the Theta method in the M competitions (V. Assimakopoulos & K. Nikolopoulos, The theta model, Int.
// J. Forecasting 16, 2000, section 4; S. Makridakis, E. Spiliotis & V. Assimakopoulos, The M4 Competition,
// Int. J. Forecasting 36, 2020).
//
// Long seasons: of more than 256 lags below m, only evenly spaced ones are computed and count for their
// neighbours, so that the cost grows with n and not with n m.
#ifndef FORECASTD_PLUGINS_THETA_SEASON_TEST_HPP
#define FORECASTD_PLUGINS_THETA_SEASON_TEST_HPP

#include <cmath>
#include <cstddef>
#include <span>

namespace theta {

inline double mean_of(std::span<const double> values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

// Values without gaps, near 1 in size; m >= 2.
inline bool shows_season(std::span<const double> values, std::size_t season_length) {
    const std::size_t count = values.size();
    if (count <= 2 * season_length) return false;
    const double mean = mean_of(values);
    const auto covariance = [&](std::size_t lag) {
        double sum = 0;
        for (std::size_t t = lag; t < count; ++t) sum += (values[t] - mean) * (values[t - lag] - mean);
        return sum;
    };
    const double variance = covariance(0);
    if (!(variance > 0)) return false;

    constexpr std::size_t most_lags = 256;
    const std::size_t stride = (season_length - 1 + most_lags - 1) / most_lags;
    double squares = 0, lags = 0;
    for (std::size_t lag = 1; lag < season_length; lag += stride, ++lags) {
        const double correlation = covariance(lag) / variance;
        squares += correlation * correlation;
    }
    squares *= static_cast<double>(season_length - 1) / lags;
    const double limit = 1.645 * std::sqrt((1 + 2 * squares) / static_cast<double>(count));
    return std::abs(covariance(season_length) / variance) > limit;
}

}  // namespace theta

#endif  // FORECASTD_PLUGINS_THETA_SEASON_TEST_HPP
