// What a stationary ARMA process knows of its first value: the first column of the exact initial covariance
// of Harvey's state, for innovations of variance 1.
//
// The autocovariances g(0..p) solve, with ma_0 = psi_0 = 1,
//
//   g(k) - sum_i ar_i g(|k-i|) = sum_(j>=k) ma_j psi_(j-k)
//
// and the column is
//
//   column_i = sum_(j>=i) ar_(j+1) g(j-i+1) + sum_(j>=i) ma_j psi_(j-i).
//
// Source: A. I. McLeod, Derivation of the theoretical autocovariance function of autoregressive-moving
// average time series, Applied Statistics 24, 1975. The system is solved by elimination with row pivoting in
// memory that the caller keeps. It runs at each trial of the coefficients, mostly with 2 to 6 unknowns.
#ifndef FORECASTD_PLUGINS_ARIMA_AUTOCOVARIANCE_HPP
#define FORECASTD_PLUGINS_ARIMA_AUTOCOVARIANCE_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace arima {

// Solves a linear system of size n, given row by row, each row followed by its right side.
// The solution is in the right sides. False: singular.
inline bool eliminate(double* rows, std::size_t n) {
    const std::size_t stride = n + 1;
    for (std::size_t k = 0; k < n; ++k) {
        std::size_t pivot = k;
        for (std::size_t i = k + 1; i < n; ++i)
            if (std::abs(rows[i * stride + k]) > std::abs(rows[pivot * stride + k])) pivot = i;
        if (rows[pivot * stride + k] == 0 || std::isnan(rows[pivot * stride + k])) return false;
        if (pivot != k)
            std::swap_ranges(rows + k * stride + k, rows + (k + 1) * stride, rows + pivot * stride + k);
        const double* const top = rows + k * stride;
        for (std::size_t i = k + 1; i < n; ++i) {
            double* const row = rows + i * stride;
            const double factor = row[k] / top[k];
            if (factor == 0) continue;
            for (std::size_t j = k + 1; j < stride; ++j) row[j] -= factor * top[j];
        }
    }
    for (std::size_t k = n; k-- > 0;) {
        double sum = rows[k * stride + n];
        for (std::size_t j = k + 1; j < n; ++j) sum -= rows[k * stride + j] * rows[j * stride + n];
        rows[k * stride + n] = sum / rows[k * stride + k];
    }
    return true;
}

// Thread: one at a time.
class InitialColumn {
  public:
    // For polynomials of at most this many terms.
    InitialColumn(std::size_t ar_terms, std::size_t ma_terms)
        : system_((ar_terms + 1) * (ar_terms + 2)), covariances_(ar_terms + 1), psi_(ma_terms + 1) {}

    // Writes the column, max(ar.size(), ma.size() + 1) numbers; false if it cannot be computed.
    bool compute(std::span<const double> ar, std::span<const double> ma, double* column) {
        const std::size_t p = ar.size(), q = ma.size();
        weights(ar, ma);
        if (!solve(ar, ma)) return false;
        const auto theta = [&](std::size_t j) { return j == 0 ? 1.0 : ma[j - 1]; };
        for (std::size_t i = 0; i < std::max(p, q + 1); ++i) {
            double sum = 0;
            for (std::size_t j = i; j < p; ++j) sum += ar[j] * covariances_[j - i + 1];
            for (std::size_t j = i; j <= q; ++j) sum += theta(j) * psi_[j - i];
            column[i] = sum;
        }
        return column[0] >= 1 - 1e-9 && std::isfinite(column[0]);
    }

  private:
    // The weights of past innovations in the process, as many as the moving average has.
    void weights(std::span<const double> ar, std::span<const double> ma) {
        psi_[0] = 1;
        for (std::size_t j = 1; j <= ma.size(); ++j) {
            double sum = ma[j - 1];
            for (std::size_t i = 1; i <= std::min(j, ar.size()); ++i) sum += ar[i - 1] * psi_[j - i];
            psi_[j] = sum;
        }
    }
    bool solve(std::span<const double> ar, std::span<const double> ma) {
        const std::size_t p = ar.size(), q = ma.size(), stride = p + 2;
        if (p == 0) return true;
        std::fill_n(system_.begin(), (p + 1) * stride, 0.0);
        for (std::size_t k = 0; k <= p; ++k) {
            double* const row = system_.data() + k * stride;
            row[k] += 1;
            for (std::size_t i = 1; i <= p; ++i) row[k > i ? k - i : i - k] -= ar[i - 1];
            for (std::size_t j = k; j <= q; ++j) row[p + 1] += (j == 0 ? 1.0 : ma[j - 1]) * psi_[j - k];
        }
        if (!eliminate(system_.data(), p + 1)) return false;
        for (std::size_t k = 0; k <= p; ++k) covariances_[k] = system_[k * stride + p + 1];
        return true;
    }

    std::vector<double> system_, covariances_, psi_;
};

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_AUTOCOVARIANCE_HPP
