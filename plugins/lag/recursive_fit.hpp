// Recursive least squares with forgetting: the same regression as ridge.hpp, one value after another.
//
//   g = P x / (f + x' P x),   b' = b + g e,   P' = (P - g x' P) / f,   P_0: that of ridge.hpp
//
// x are the lags and a 1, e the error of the forecast x' b, bounded as errors are in ridge.hpp. With f =
// .9995 a value counts half after 1,400 others. Where a series shows nothing new, P would grow without end:
// no coefficient becomes less certain than it was at first.
//
// Source: L. Ljung & T. Soderstrom, Theory and Practice of Recursive Identification, 1983, section 2.2.
#ifndef FORECASTD_PLUGINS_LAG_RECURSIVE_FIT_HPP
#define FORECASTD_PLUGINS_LAG_RECURSIVE_FIT_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "lag_set.hpp"
#include "ridge.hpp"

namespace lag {

// P of some columns, its lower triangle row by row, in a span of length(columns). Thread: any, as its series.
class RecursiveFit {
  public:
    using Numbers = std::array<double, most_columns>;

    static constexpr double forgetting = 0.9995;
    static constexpr double greatest = 1 / penalty;  // of P's diagonal

    static constexpr std::size_t length(std::size_t columns) { return columns * (columns + 1) / 2; }

    RecursiveFit(std::span<double> triangle, std::size_t columns) : p_(triangle), columns_(columns) {}

    void begin() {
        std::fill(p_.begin(), p_.end(), 0.0);
        for (std::size_t i = 0; i < columns_; ++i) at(i, i) = greatest;
    }

    // Moves the coefficients towards an error that they left at x.
    void learn(const Numbers& x, double error, Numbers& coefficients) {
        Numbers px{};
        for (std::size_t i = 0; i < columns_; ++i) {
            const double* const row = &at(i, 0);
            double sum = row[i] * x[i];
            for (std::size_t j = 0; j < i; ++j) sum += row[j] * x[j], px[j] += row[j] * x[i];
            px[i] += sum;
        }
        double size = 0;
        for (std::size_t i = 0; i < columns_; ++i) size += px[i] * x[i];
        if (!(size >= 0 && std::isfinite(size))) return begin();  // bytes that are no state
        const double shrink = 1 / (forgetting + size);
        for (std::size_t i = 0; i < columns_; ++i) {
            coefficients[i] += px[i] * shrink * error;
            double* const row = &at(i, 0);
            const double by = px[i] * shrink;
            for (std::size_t j = 0; j <= i; ++j) row[j] = (row[j] - by * px[j]) * (1 / forgetting);
        }
        for (std::size_t i = 0; i < columns_; ++i)
            if (at(i, i) > greatest) shrink_to_greatest(i);
    }

  private:
    [[nodiscard]] double& at(std::size_t i, std::size_t j) const { return p_[i * (i + 1) / 2 + j]; }

    // Scales a row and its column, so that P stays positive definite.
    void shrink_to_greatest(std::size_t i) {
        const double by = std::sqrt(greatest / at(i, i));
        for (std::size_t j = 0; j < i; ++j) at(i, j) *= by;
        for (std::size_t k = i + 1; k < columns_; ++k) at(k, i) *= by;
        at(i, i) = greatest;
    }

    std::span<double> p_;
    std::size_t columns_;
};

}  // namespace lag

#endif  // FORECASTD_PLUGINS_LAG_RECURSIVE_FIT_HPP
