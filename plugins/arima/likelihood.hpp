// The exact Gaussian likelihood of an ARMA process with an unknown mean, nothing missing, in O(states) a
// value.
//
// Harvey's state x of r = max(p, q+1) numbers: w_t = x_0 + mean, x'_i = ar_(i+1) x_0 + x_(i+1) + R_i e,
// R = (1, ma_1, ma_2, ...). The Kalman filter needs of the covariance P of the state only F = P_00 and
// K = T P Z'. Since the process begins in its stationary state, P_(t+1) - P_t = L M L' has rank one
// (Chandrasekhar recursions):
//
//   F' = F + M L_0^2     K' = K + M L_0 T L     L' = T L - (K/F) L_0     M' = M F / F'
//   F_1 = P_00,  K_1 = L_1 = T P Z',  M_1 = -1/F_1
//
// T is a shift and one column, so that each line costs O(r), where updating P costs O(r^2). Once F is 1 and
// the next change of P is below the precision of a double (F - 1 < 1e-9 and |M| max L^2 < 1e-13; afterwards
// both only shrink as the roots of the moving average do), the gain is constant. The cost of a value is then
// proportional to the number of coefficients that are not 0; a seasonal model has few.
//
// The mean is regression on a constant: a second filter with the same gains runs over ones, and the mean that
// makes the squares least follows from the two sums of products. The variance is concentrated out:
//
//   log L = -(n log(2 pi S/n) + sum log F + n) / 2,   S = sum v^2 / F.
//
// Sources: A. C. Harvey, Forecasting, Structural Time Series Models and the Kalman Filter, 1989, section 3.3;
// J. G. Pearlman, An algorithm for the exact likelihood of a high-order autoregressive-moving average
// process, Biometrika 67, 1980; M. Morf, G. S. Sidhu & T. Kailath, IEEE Trans. Automatic Control 19, 1974.
#ifndef FORECASTD_PLUGINS_ARIMA_LIKELIHOOD_HPP
#define FORECASTD_PLUGINS_ARIMA_LIKELIHOOD_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <span>
#include <vector>

#include "autocovariance.hpp"

namespace arima {

// What a pass over the values leaves; all for innovations of variance 1.
struct Likelihood {
    double squares = std::numeric_limits<double>::infinity();  // S, at the best mean
    double log_determinant = 0;                                // sum of log F
    double mean = 0;                                           // of the values
    std::size_t count = 0;

    [[nodiscard]] double variance() const { return squares / static_cast<double>(count); }
    // With the variance given, and with the best one.
    [[nodiscard]] double log_likelihood(double variance) const {
        const auto n = static_cast<double>(count);
        return -0.5 * (n * std::log(2 * std::numbers::pi * variance) + log_determinant + squares / variance);
    }
    [[nodiscard]] double log_likelihood() const { return log_likelihood(variance()); }
};

// The sums of products of innovations of the values, v, and of the ones, x, each over F.
struct Products {
    double vv = 0, vx = 0, xx = 0, log_determinant = 0, product = 1;

    template <bool mean>
    void add(double v, double x, double F) {
        const double weight = 1 / F;
        vv += v * v * weight;
        if constexpr (mean) {
            vx += v * x * weight;
            xx += x * x * weight;
        }
        product *= F;
        if (product > 1e200) {
            log_determinant += std::log(product);
            product = 1;
        }
    }
    [[nodiscard]] Likelihood result(std::size_t count, bool mean) const {
        Likelihood likelihood;
        likelihood.count = count;
        likelihood.log_determinant = log_determinant + std::log(product);
        likelihood.mean = mean && xx > 0 ? vx / xx : 0;
        likelihood.squares = std::max(vv - likelihood.mean * vx, 0.0);
        return likelihood;
    }
};

// Thread: one at a time.
class ExactFilter {
  public:
    // For at most this many values and terms of the polynomials.
    ExactFilter(std::size_t values, std::size_t ar_terms, std::size_t ma_terms)
        : initial_(ar_terms, ma_terms),
          states_(std::max(ar_terms, ma_terms + 1) + 1),
          arrays_(7 * states_),
          ahead_(2 * (values + states_)) {}

    // squares is infinite if the coefficients cannot be judged. with_mean: estimate it; otherwise it is 0.
    Likelihood operator()(std::span<const double> w, std::span<const double> ar, std::span<const double> ma,
                          bool with_mean) {
        r_ = std::max(ar.size(), ma.size() + 1);
        ar_ = arrays_.data();
        R_ = ar_ + states_, K_ = R_ + states_, L_ = K_ + states_, a_ = L_ + states_, b_ = a_ + states_;
        std::fill_n(ar_, 6 * states_, 0.0);
        std::copy(ar.begin(), ar.end(), ar_);
        std::copy(ma.begin(), ma.end(), R_);  // R_[i] is ma_(i+1)
        double* const column = b_ + states_;
        if (!initial_.compute(ar, ma, column)) return {};
        F_ = column[0];
        for (std::size_t i = 0; i < r_; ++i)
            K_[i] = L_[i] = ar_[i] * column[0] + (i + 1 < r_ ? column[i + 1] : 0);
        settled_ = false;
        return with_mean ? sized<true>(w) : sized<false>(w);
    }

    // After a call: the state that is expected at the next value, mean removed, and whether its covariance
    // had become that of the newest innovation alone.
    void next_state(double mean, std::span<double> state) const {
        for (std::size_t i = 0; i < r_; ++i) state[i] = a_[i] - mean * b_[i];
    }
    [[nodiscard]] bool settled() const { return settled_; }

  private:
    template <bool mean>
    Likelihood sized(std::span<const double> w) {
        switch (r_) {
            case 1:
                return run<mean, 1>(w);
            case 2:
                return run<mean, 2>(w);
            case 3:
                return run<mean, 3>(w);
            case 4:
                return run<mean, 4>(w);
            default:
                return run<mean, 0>(w);
        }
    }

    // size: the number of states if the compiler is to know it, or 0.
    template <bool mean, std::size_t size>
    Likelihood run(std::span<const double> w) {
        const std::size_t r = size > 0 ? size : r_;
        Products products;
        double M = -1 / F_, F = F_;
        std::size_t t = 0;
        for (; t < w.size(); ++t) {
            const double v = w[t] - a_[0], x = 1 - b_[0];
            products.add<mean>(v, x, F);
            const double inverse = 1 / F, first_a = a_[0], first_b = b_[0], first_L = L_[0];
            const double change = M * first_L;
            for (std::size_t i = 0; i < r; ++i) {  // the element past the end is 0
                const double gain = K_[i] * inverse;
                a_[i] = ar_[i] * first_a + a_[i + 1] + gain * v;
                if constexpr (mean) b_[i] = ar_[i] * first_b + b_[i + 1] + gain * x;
                const double moved = ar_[i] * first_L + L_[i + 1];
                K_[i] += change * moved;
                L_[i] = moved - gain * first_L;
            }
            const double F_next = std::max(F + change * first_L, 1.0);
            M *= F / F_next;
            F = F_next;
            if (F - 1 < 1e-9 && small<size>(M)) {
                ++t;
                settled_ = true;
                break;
            }
        }
        if (size > 0)
            steady<mean, size>(w, t, products);
        else
            sparse<mean>(w, t, products);
        return products.result(w.size(), mean);
    }

    template <std::size_t size>
    [[nodiscard]] bool small(double M) const {
        double greatest = 0;
        for (std::size_t i = 0; i < (size > 0 ? size : r_); ++i) greatest = std::max(greatest, L_[i] * L_[i]);
        return -M * greatest < 1e-13;
    }

    // The gain is constant, F is 1.
    template <bool mean, std::size_t size>
    void steady(std::span<const double> w, std::size_t t, Products& products) {
        std::array<double, size + 1> a{}, b{}, ar{}, R{};
        std::copy_n(a_, size, a.begin());
        std::copy_n(b_, size, b.begin());
        std::copy_n(ar_, size, ar.begin());
        std::copy_n(R_, size, R.begin());
        double vv = 0, vx = 0, xx = 0;
        for (; t < w.size(); ++t) {
            const double value = w[t], v = value - a[0], x = 1 - b[0];
            vv += v * v;
            if constexpr (mean) vx += v * x, xx += x * x;
            for (std::size_t i = 0; i < size; ++i) {
                a[i] = (a[i + 1] + ar[i] * value) + R[i] * v;
                if constexpr (mean) b[i] = (b[i + 1] + ar[i]) + R[i] * x;
            }
        }
        products.vv += vv, products.vx += vx, products.xx += xx;
        std::copy_n(a.begin(), size, a_);
        std::copy_n(b.begin(), size, b_);
    }

    // The same for many states, few of whose coefficients are not 0: each value is written ahead to where it
    // will be needed.
    template <bool mean>
    void sparse(std::span<const double> w, std::size_t t, Products& products) {
        double* const a = ahead_.data();
        double* const b = a + w.size() + states_;
        std::fill(a + t, a + w.size() + r_, 0.0);
        std::copy_n(a_, r_, a + t);
        std::fill(b + t, b + w.size() + r_, 0.0);
        std::copy_n(b_, r_, b + t);
        std::array<std::size_t, max_sparse> lag;
        std::size_t lags = 0;
        for (std::size_t i = 0; i < r_; ++i)
            if ((ar_[i] != 0 || R_[i] != 0) && lags < max_sparse) lag[lags++] = i;
        double vv = 0, vx = 0, xx = 0;
        for (; t < w.size(); ++t) {
            const double value = w[t], v = value - a[t], x = 1 - b[t];
            vv += v * v;
            if constexpr (mean) vx += v * x, xx += x * x;
            double* const next_a = a + t + 1;
            double* const next_b = b + t + 1;
            for (std::size_t k = 0; k < lags; ++k) {
                const std::size_t i = lag[k];
                next_a[i] += ar_[i] * value + R_[i] * v;
                if constexpr (mean) next_b[i] += ar_[i] + R_[i] * x;
            }
        }
        products.vv += vv, products.vx += vx, products.xx += xx;
        std::copy_n(a + w.size(), r_, a_);
        std::copy_n(b + w.size(), r_, b_);
    }

    static constexpr std::size_t max_sparse = 1024;

    InitialColumn initial_;
    std::size_t states_;  // room for, with one zero behind them
    std::vector<double> arrays_, ahead_;
    std::size_t r_ = 0;
    double F_ = 1;
    bool settled_ = false;
    double *ar_ = nullptr, *R_ = nullptr, *K_ = nullptr, *L_ = nullptr, *a_ = nullptr, *b_ = nullptr;
};

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_LIKELIHOOD_HPP
