// How often a series is to be differenced: KPSS tests, as in R's ndiffs.
//
//   statistic = sum_t S_t^2 / (n^2 s^2),   S_t = e_1 + ... + e_t,  e = x - mean,
//   s^2 = sum e_t^2 / n + 2/n sum_(j=1..l) (1 - j/(l+1)) sum_t e_t e_(t-j),   l = floor(3 sqrt(n) / 13)
//
// Above 0.463 the series is not level at the 5 % point, and is differenced, at most `most` times. Source: D.
// Kwiatkowski, P. C. B. Phillips, P. Schmidt & Y. Shin, Testing the null hypothesis of stationarity against
// the alternative of a unit root, J. Econometrics 54, 1992; its use: R. J. Hyndman & Y. Khandakar, 2008.
#ifndef FORECASTD_PLUGINS_ARIMA_UNIT_ROOT_HPP
#define FORECASTD_PLUGINS_ARIMA_UNIT_ROOT_HPP

#include <cmath>
#include <cstddef>
#include <span>

#include "polynomial.hpp"

namespace arima {

inline double kpss(std::span<const double> x) {
    const auto n = static_cast<double>(x.size());
    double mean = 0;
    for (const double value : x) mean += value / n;
    double sum = 0, sums = 0, squares = 0;
    for (const double value : x) {
        sum += value - mean;
        sums += sum * sum;
        squares += (value - mean) * (value - mean);
    }
    double spectrum = squares / n;
    const auto lags = static_cast<std::size_t>(3 * std::sqrt(n) / 13);
    for (std::size_t j = 1; j <= lags; ++j) {
        double product = 0;
        for (std::size_t t = j; t < x.size(); ++t) product += (x[t] - mean) * (x[t - j] - mean);
        spectrum += 2 / n * (1 - static_cast<double>(j) / static_cast<double>(lags + 1)) * product;
    }
    return spectrum > 0 ? sums / (n * n * spectrum) : 0;
}

inline bool all_the_same(std::span<const double> x) {
    double greatest = 0, spread = 0;
    for (const double value : x) {
        greatest = std::max(greatest, std::abs(value));
        spread = std::max(spread, std::abs(value - x[0]));
    }
    return spread <= 1e-12 * std::max(greatest, 1.0);
}

// The differences that x needs; x is left differenced, and shorter.
inline int differences_needed(std::span<double>& x, int most) {
    constexpr double critical = 0.463;
    int d = 0;
    while (d < most && x.size() > 3 && !all_the_same(x) && kpss(x) > critical) {
        x = x.first(difference(x, 1));
        ++d;
    }
    return d;
}

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_UNIT_ROOT_HPP
