// Ridge regression of a series on its own lags, with bounded errors.
//
//   minimise  sum_t rho(y_t - b_0 - sum_k b_k y_(t - lag_k)) + penalty * sum_k (b_k - prior_k)^2
//
// by the normal equations and Cholesky's decomposition. y is counted in Units. The prior is what one would
// forecast without a fit, 1 at one lag and 0 at all others, or an earlier fit. The constant is not penalised.
// rho is Huber's: the square of a small error, and a straight line beyond `clip` mean absolute errors. It is
// minimised by winsorised residuals: the values are replaced by the fitted ones plus the bounded errors and
// fitted again, with the same matrix, three times, which is near enough.
//
// The variance is that of the errors e_t / (1 - h_t), h_t = x_t' P x_t, which each value would have if it had
// no part in the fit (PRESS); P is the inverse of the normal equations' matrix.
//
// Sources: A. E. Hoerl & R. W. Kennard, Ridge regression, Technometrics 12, 1970; P. J. Huber, Robust
// Statistics, 1981, section 7.8 (winsorised residuals); D. M. Allen, The relationship between variable
// selection and data augmentation and a method for prediction, Technometrics 16, 1974 (PRESS).
#ifndef FORECASTD_PLUGINS_LAG_RIDGE_HPP
#define FORECASTD_PLUGINS_LAG_RIDGE_HPP

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "lag_set.hpp"

namespace lag {

// A penalty of 1/10 says that a coefficient lies within some three of its prior, which a few seasons of
// values outweigh. It is the start of the recursive fit as well, which has 10 I.
inline constexpr double penalty = 0.1;

struct RidgeFit {
    std::array<double, most_lags> weights{};
    double constant = 0;
    double mean_error = 0;  // absolute
    double variance = 0;    // of an error; one beyond 8 deviations counts as 8
    std::size_t count = 0;  // lags in use; 0: there are too few values
    std::size_t rows = 0;   // values that were regressed
    // P, its lower triangle row by row; the constant comes last.
    std::array<double, most_columns*(most_columns + 1) / 2> triangle{};
};

// Room for fits of up to `values` values.
struct RidgeRoom {
    using Columns = Eigen::Matrix<double, Eigen::Dynamic, most_columns>;
    explicit RidgeRoom(std::size_t values)
        : columns(static_cast<Eigen::Index>(values), most_columns),
          target(columns.rows()),
          bounded(columns.rows()),
          errors(columns.rows()) {}
    Columns columns;
    Eigen::VectorXd target, bounded, errors;
};

// Fits one series. Thread: any, with a room of its own.
class Ridge {
  public:
    static constexpr double clip = 3;  // mean absolute errors
    static constexpr int rounds = 3;

    // known[t]: whether y[t] was observed. Others were filled in: they explain, but are not explained.
    Ridge(std::span<const double> y, std::span<const std::uint8_t> known, const LagSet& lags, RidgeRoom& room)
        : y_(y), known_(known), lags_(lags), room_(room) {}

    // With as many lags as there are values for, two for each coefficient. prior: nullptr is the longest
    // season among them, or the last value.
    RidgeFit fit(const std::array<double, most_lags>* prior = nullptr) {
        RidgeFit result;
        for (std::size_t count = lags_.size(); count > 0; --count) {
            if (!lags_.is_whole(count) || lags_[count - 1] >= y_.size()) continue;
            result.rows = rows_behind(lags_[count - 1]);
            if (result.rows < 2 * (count + 1)) continue;
            result.count = count;
            fill(count, result.rows);
            solve(result, prior);
            return result;
        }
        return {};
    }

  private:
    using Index = Eigen::Index;
    using Matrix =
        Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor, most_columns, most_columns>;
    using Vector = Eigen::Matrix<double, Eigen::Dynamic, 1, Eigen::ColMajor, most_columns, 1>;

    [[nodiscard]] std::size_t rows_behind(std::size_t lag) const {
        std::size_t rows = 0;
        for (std::size_t t = lag; t < y_.size(); ++t) rows += known_[t] != 0;
        return rows;
    }
    void fill(std::size_t count, std::size_t rows) {
        Index row = 0;
        for (std::size_t t = lags_[count - 1]; t < y_.size(); ++t) {
            if (known_[t] == 0) continue;
            for (std::size_t k = 0; k < count; ++k)
                room_.columns(row, static_cast<Index>(k)) = y_[t - lags_[k]];
            room_.target[row++] = y_[t];
        }
        room_.columns.col(static_cast<Index>(count)).head(static_cast<Index>(rows)).setOnes();
    }
    auto column(Index k, Index rows) { return room_.columns.col(k).head(rows); }

    void solve(RidgeFit& result, const std::array<double, most_lags>* wanted) {
        const auto columns = static_cast<Index>(result.count + 1), rows = static_cast<Index>(result.rows);
        Matrix normal(columns, columns);
        for (Index i = 0; i < columns; ++i)
            for (Index j = 0; j <= i; ++j) normal(i, j) = normal(j, i) = column(i, rows).dot(column(j, rows));
        for (Index i = 0; i + 1 < columns; ++i) normal(i, i) += penalty;
        const Eigen::LLT<Matrix> cholesky(normal);

        Vector prior = Vector::Zero(columns);
        if (wanted)
            for (Index i = 0; i + 1 < columns; ++i)
                prior[i] = penalty * (*wanted)[static_cast<std::size_t>(i)];
        else
            prior[static_cast<Index>(lags_.naive_place(result.count))] = penalty;
        auto bounded = room_.bounded.head(rows), errors = room_.errors.head(rows);
        const auto target = room_.target.head(rows);
        bounded = target;
        Vector right(columns);
        double mean_error = 0;
        for (int round = 0; round <= rounds; ++round) {
            for (Index i = 0; i < columns; ++i) right[i] = prior[i] + column(i, rows).dot(bounded);
            right = cholesky.solve(right);
            errors = target;
            for (Index i = 0; i < columns; ++i) errors -= right[i] * column(i, rows);
            mean_error = errors.cwiseAbs().mean();
            const double limit = clip * mean_error;
            bounded = target - errors + errors.cwiseMax(-limit).cwiseMin(limit);
        }
        for (std::size_t k = 0; k < result.count; ++k) result.weights[k] = right[static_cast<Index>(k)];
        result.constant = right[columns - 1];
        result.mean_error = mean_error;
        result.variance = left_out(cholesky, errors, mean_error);
        const Matrix inverse = cholesky.solve(Matrix::Identity(columns, columns));
        double* next = result.triangle.data();
        for (Index i = 0; i < columns; ++i)
            for (Index j = 0; j <= i; ++j) *next++ = inverse(i, j);
    }

    // The mean square of the errors that values would have if they had no part in the fit.
    template <class Errors>
    double left_out(const Eigen::LLT<Matrix>& cholesky, const Errors& errors, double mean_error) const {
        const Index columns = cholesky.rows(), rows = errors.size();
        const double most =
            8 * 1.2533 * mean_error;  // the deviation of normal errors is 1.2533 of their mean
        double squares = 0;
        for (Index t = 0; t < rows; ++t) {
            Vector x = room_.columns.row(t).head(columns).transpose();
            cholesky.matrixL().solveInPlace(x);
            const double error = std::clamp(errors[t], -most, most) / std::max(1 - x.squaredNorm(), 0.1);
            squares += error * error;
        }
        return squares / static_cast<double>(rows);
    }

    std::span<const double> y_;
    std::span<const std::uint8_t> known_;
    const LagSet& lags_;
    RidgeRoom& room_;
};

}  // namespace lag

#endif  // FORECASTD_PLUGINS_LAG_RIDGE_HPP
