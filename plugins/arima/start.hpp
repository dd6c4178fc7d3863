// First guesses of the coefficients: Hannan and Rissanen's two regressions.
//
// A long autoregression (Burg's or Levinson's; here Levinson's, from the sample autocovariances) gives
// innovations; then w_t is regressed on its own past and on theirs, at the lags that the model has. Products
// of regular and seasonal coefficients are left out: it is a start. What comes out beyond the stationary or
// invertible region is drawn inside by shrinking it. Source: E. J. Hannan & J. Rissanen, Recursive estimation
// of mixed autoregressive-moving average order, Biometrika 69, 1982.
#ifndef FORECASTD_PLUGINS_ARIMA_START_HPP
#define FORECASTD_PLUGINS_ARIMA_START_HPP

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "order.hpp"
#include "polynomial.hpp"

namespace arima {

// Makes 1 - sum sign * a_i B^i stationary with partial autocorrelations of at most `limit`, which it writes
// to a in place of the coefficients.
inline void draw_inside(std::span<double> a, double sign, double limit) {
    std::array<double, max_terms> trial;
    double shrink = 1;
    for (int trials = 0; trials < 60; ++trials, shrink *= 0.9) {
        double power = sign;
        for (std::size_t i = 0; i < a.size(); ++i) trial[i] = a[i] * (power *= shrink);
        if (!to_partials(std::span(trial).first(a.size()))) continue;
        for (std::size_t i = 0; i < a.size(); ++i) a[i] = std::clamp(trial[i], -limit, limit);
        return;
    }
    std::fill(a.begin(), a.end(), 0.0);
}

// Thread: one at a time.
class HannanRissanen {
  public:
    explicit HannanRissanen(std::size_t values) : centred_(values), innovations_(values) {}

    // Writes partial autocorrelations, the moving average's of -theta, in the order p, q, P, Q; false if
    // there are too few values for it.
    bool operator()(std::span<const double> w, const Order& order, std::span<double> partials) {
        const std::size_t n = w.size(), k = order.coefficients();
        const auto season = static_cast<std::size_t>(order.season);
        const std::size_t furthest = std::max(order.ar_length(), order.ma_length());
        const std::size_t length =
            std::min({static_cast<std::size_t>(max_long), n / 4,
                      std::max<std::size_t>(
                          furthest + 4, static_cast<std::size_t>(2 * std::log(static_cast<double>(n + 1))))});
        if (k == 0 || k > max_terms || n < furthest + length + 2 * k + 4) return false;
        centre(w);
        if (!long_autoregression(n, length)) return false;

        std::array<std::size_t, max_terms> lag;
        std::size_t i = 0;
        for (std::int32_t j = 1; j <= order.p; ++j) lag[i++] = static_cast<std::size_t>(j);
        const std::size_t ma_first = i;
        for (std::int32_t j = 1; j <= order.q; ++j) lag[i++] = static_cast<std::size_t>(j);
        const std::size_t ma_end = i;
        for (std::int32_t j = 1; j <= order.P; ++j) lag[i++] = static_cast<std::size_t>(j) * season;
        const std::size_t seasonal_ma_first = i;
        for (std::int32_t j = 1; j <= order.Q; ++j) lag[i++] = static_cast<std::size_t>(j) * season;
        const auto is_ma = [&](std::size_t c) {
            return (c >= ma_first && c < ma_end) || c >= seasonal_ma_first;
        };

        normal_.setZero(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(k));
        right_.setZero(static_cast<Eigen::Index>(k));
        std::array<double, max_terms> row;
        for (std::size_t t = furthest + length; t < n; ++t) {
            for (std::size_t c = 0; c < k; ++c) row[c] = (is_ma(c) ? innovations_ : centred_)[t - lag[c]];
            for (std::size_t a = 0; a < k; ++a) {
                const auto A = static_cast<Eigen::Index>(a);
                right_(A) += row[a] * centred_[t];
                for (std::size_t b = 0; b <= a; ++b)
                    normal_(A, static_cast<Eigen::Index>(b)) += row[a] * row[b];
            }
        }
        for (std::size_t a = 0; a < k; ++a)
            normal_(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(a)) +=
                1e-6 * normal_(0, 0) + 1e-300;
        normal_.llt().solveInPlace(right_);
        for (std::size_t c = 0; c < k; ++c) partials[c] = right_(static_cast<Eigen::Index>(c));
        for (const double value : partials.first(k))
            if (!std::isfinite(value)) return false;
        const auto p = static_cast<std::size_t>(order.p), q = static_cast<std::size_t>(order.q);
        const auto P = static_cast<std::size_t>(order.P), Q = static_cast<std::size_t>(order.Q);
        draw_inside(partials.subspan(0, p), 1, 0.97);
        draw_inside(partials.subspan(p, q), -1, 0.97);
        draw_inside(partials.subspan(p + q, P), 1, 0.97);
        draw_inside(partials.subspan(p + q + P, Q), -1, 0.97);
        return true;
    }

  private:
    void centre(std::span<const double> w) {
        double sum = 0;
        for (const double value : w) sum += value;
        const double mean = sum / static_cast<double>(w.size());
        for (std::size_t t = 0; t < w.size(); ++t) centred_[t] = w[t] - mean;
    }
    // Levinson's recursion on the sample autocovariances, then the innovations that it leaves.
    bool long_autoregression(std::size_t n, std::size_t length) {
        std::array<double, max_long + 1> covariance;
        for (std::size_t k = 0; k <= length; ++k) {
            double sum = 0;
            for (std::size_t t = k; t < n; ++t) sum += centred_[t] * centred_[t - k];
            covariance[k] = sum;
        }
        if (!(covariance[0] > 0)) return false;
        std::array<double, max_long> a{}, before;
        double left = covariance[0];
        for (std::size_t k = 0; k < length; ++k) {
            double sum = covariance[k + 1];
            for (std::size_t i = 0; i < k; ++i) sum -= a[i] * covariance[k - i];
            const double r = sum / left;
            before = a;
            for (std::size_t i = 0; i < k; ++i) a[i] = before[i] - r * before[k - 1 - i];
            a[k] = r;
            left *= 1 - r * r;
            if (!(left > 1e-12 * covariance[0])) break;
        }
        for (std::size_t t = 0; t < n; ++t) {
            double sum = centred_[t];
            for (std::size_t i = 0; i < std::min(length, t); ++i) sum -= a[i] * centred_[t - 1 - i];
            innovations_[t] = sum;
        }
        return true;
    }

    static constexpr std::size_t max_long = 128;
    using Square = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, max_terms, max_terms>;
    using Column = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, max_terms, 1>;

    std::vector<double> centred_, innovations_;
    Square normal_;
    Column right_;
};

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_START_HPP
