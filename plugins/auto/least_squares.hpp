// Recursive least squares with forgetting, as lag/recursive_fit.hpp, in single precision.
//
// P is kept as U D U', U upper triangular with ones on its diagonal, D diagonal. It stays positive definite
// whatever rounding does, so floats are enough. As there, no coefficient becomes less certain than it was at
// first; that is looked after by limit(), not at every value.
//
// Source: G. J. Bierman, Measurement updating using the U-D factorization, Automatica 12, 1976.
#ifndef FORECASTD_PLUGINS_AUTO_LEAST_SQUARES_HPP
#define FORECASTD_PLUGINS_AUTO_LEAST_SQUARES_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <type_traits>

#include "../lag/recursive_fit.hpp"

namespace automatic {

using Inputs = std::array<float, lag::most_columns>;

// U and D of some columns: of column j its U_0j, ..., U_(j-1)j and then D_j. Thread: any, as its series.
class LeastSquares {
  public:
    static constexpr float forgetting = static_cast<float>(lag::RecursiveFit::forgetting);
    static constexpr float greatest = static_cast<float>(lag::RecursiveFit::greatest);  // of P's diagonal

    static constexpr std::size_t length(std::size_t columns) { return columns * (columns + 1) / 2; }

    LeastSquares(std::span<float> factors, std::size_t columns) : factors_(factors), columns_(columns) {}

    void begin() {
        std::fill(factors_.begin(), factors_.end(), 0.0F);
        for (std::size_t j = 0; j < columns_; ++j) column(j)[j] = greatest;
    }

    // Moves the coefficients towards an error that they left at x.
    void learn(const Inputs& x, float error, std::span<float> coefficients) {
        float* const moved = coefficients.data();
        if (columns_ == 4) return update(std::integral_constant<std::size_t, 4>(), x, error, moved);
        if (columns_ == 5) return update(std::integral_constant<std::size_t, 5>(), x, error, moved);
        if (columns_ == 8) return update(std::integral_constant<std::size_t, 8>(), x, error, moved);
        update(columns_, x, error, moved);
    }

    // Where a series shows nothing new, P would grow without end: brings its diagonal back to the greatest.
    void limit() {
        for (std::size_t i = 0; i < columns_; ++i) {
            float size = column(i)[i];
            for (std::size_t j = i + 1; j < columns_; ++j) size += column(j)[i] * column(j)[i] * column(j)[j];
            if (size > greatest) scale(i, std::sqrt(greatest / size));
        }
    }
    // Multiplies a row of P and its column.
    void scale(std::size_t i, float by) {
        float* const own = column(i);
        for (std::size_t k = 0; k < i; ++k) own[k] /= by;
        own[i] *= by * by;
        for (std::size_t j = i + 1; j < columns_; ++j) column(j)[i] *= by;
    }

  private:
    // Columns is a number of columns that mostly is a constant.
    template <class Columns>
    void update(const Columns columns, const Inputs& x, float error, float* coefficients) {
        Inputs f, v, inverse, gain;  // inverse: of the size of the columns up to this one
        float size = forgetting;
        for (std::size_t j = 0; j < columns; ++j) {
            const float* const u = column(j);
            float sum = x[j];
            for (std::size_t i = 0; i < j; ++i) sum += u[i] * x[i];
            f[j] = sum;
            v[j] = u[j] * sum;
        }
        for (std::size_t j = 0; j < columns; ++j) {
            const float before = size;
            size += f[j] * v[j];
            inverse[j] = 1 / size;
            column(j)[j] *= before * inverse[j] * (1 / forgetting);
        }
        if (!(size >= forgetting && std::isfinite(size))) return begin();  // bytes that are no state
        gain[0] = v[0];
        for (std::size_t j = 1; j < columns; ++j) {
            float* const u = column(j);
            const float p = -f[j] * inverse[j - 1];
            for (std::size_t i = 0; i < j; ++i) {
                const float old = u[i];
                u[i] = old + gain[i] * p;
                gain[i] += old * v[j];
            }
            gain[j] = v[j];
        }
        const float by = error * inverse[columns - 1];
        for (std::size_t j = 0; j < columns; ++j) coefficients[j] += gain[j] * by;
    }
    [[nodiscard]] float* column(std::size_t j) const { return factors_.data() + length(j); }

    std::span<float> factors_;
    std::size_t columns_;
};

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_LEAST_SQUARES_HPP
