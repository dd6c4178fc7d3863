// The polynomials of ARIMA models, and the map that keeps them stationary and invertible.
//
// Signs as in R and statsmodels: w_t = ar_1 w_(t-1) + ... + e_t + ma_1 e_(t-1) + ..., and multiplied out
//
//   1 - sum ar_i B^i = (1 - sum phi_i B^i)(1 - sum Phi_j B^(js)),  1 + sum ma_i B^i = (1 + ...)(1 + ...).
//
// Any x in R^p gives partial autocorrelations r = x / sqrt(1 + x^2) within (-1, 1), and any of those a
// stationary polynomial, by Durbin's recursion phi_i' = phi_i - r_k phi_(k-i), phi_k' = r_k. The roots of a
// polynomial lie outside the circle of radius R exactly if the one with phi_i R^i is stationary, so no root
// is ever computed. Sources: J. F. Monahan, A note on enforcing stationarity in autoregressive-moving average
// models, Biometrika 71, 1984; O. Barndorff-Nielsen & G. Schou, J. Multivariate Analysis 3, 1973.
#ifndef FORECASTD_PLUGINS_ARIMA_POLYNOMIAL_HPP
#define FORECASTD_PLUGINS_ARIMA_POLYNOMIAL_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace arima {

inline constexpr std::size_t max_terms = 32;    // of one polynomial before it is multiplied out
inline constexpr std::size_t max_states = 768;  // of the whole state

// Multiplies a polynomial by a seasonal one; cross is -1 for ar, +1 for ma. out holds regular + seasonal *
// season numbers and perhaps more, which become 0.
inline void expand(std::span<const double> regular, std::span<const double> seasonal, std::size_t season,
                   double cross, std::span<double> out) {
    std::fill(out.begin(), out.end(), 0.0);
    std::copy(regular.begin(), regular.end(), out.begin());
    for (std::size_t j = 0; j < seasonal.size(); ++j) {
        const std::size_t lag = (j + 1) * season;
        out[lag - 1] += seasonal[j];
        for (std::size_t i = 0; i < regular.size(); ++i) out[lag + i] += cross * seasonal[j] * regular[i];
    }
}

inline double to_partial(double x) { return x / std::sqrt(1 + x * x); }
inline double from_partial(double r) { return r / std::sqrt(1 - r * r); }

// Partial autocorrelations to coefficients, in place.
inline void from_partials(std::span<double> a) {
    std::array<double, max_terms> before;
    for (std::size_t k = 1; k < a.size(); ++k) {
        std::copy_n(a.begin(), k, before.begin());
        for (std::size_t i = 0; i < k; ++i) a[i] = before[i] - a[k] * before[k - 1 - i];
    }
}

// Coefficients to partial autocorrelations, in place; false if they are not stationary.
inline bool to_partials(std::span<double> a) {
    std::array<double, max_terms> before;
    for (std::size_t k = a.size(); k-- > 0;) {
        const double r = a[k];
        if (!(std::abs(r) < 1)) return false;
        std::copy_n(a.begin(), k, before.begin());
        for (std::size_t i = 0; i < k; ++i) a[i] = (before[i] + r * before[k - 1 - i]) / (1 - r * r);
    }
    return true;
}

// Whether all roots of 1 - sum a_i z^i lie outside the circle of this radius. sign -1: of 1 + sum a_i z^i.
inline bool roots_beyond(std::span<const double> a, double radius, double sign = 1) {
    std::array<double, max_terms> scaled;
    double power = sign;
    for (std::size_t i = 0; i < a.size(); ++i) scaled[i] = a[i] * (power *= radius);
    return to_partials(std::span(scaled).first(a.size()));
}

// (1 - B)^d (1 - B^s)^D, written y_t = out_1 y_(t-1) + ... + w_t; out holds d + D s numbers.
inline void differencing(int d, int D, std::size_t season, std::span<double> out) {
    std::array<double, max_states + 1> product{};
    product[0] = 1;
    std::size_t length = 1;
    const auto times = [&](std::size_t lag) {  // (1 - B^lag)
        for (std::size_t i = length; i-- > 0;) product[i + lag] -= product[i];
        length += lag;
    };
    for (int i = 0; i < d; ++i) times(1);
    for (int i = 0; i < D; ++i) times(season);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = -product[i + 1];
}

// Differences the values in place by this lag; returns how many are left.
inline std::size_t difference(std::span<double> values, std::size_t lag) {
    if (values.size() <= lag) return 0;
    for (std::size_t i = 0; i + lag < values.size(); ++i) values[i] = values[i + lag] - values[i];
    return values.size() - lag;
}

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_POLYNOMIAL_HPP
