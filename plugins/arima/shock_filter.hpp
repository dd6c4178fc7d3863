// The Kalman filter of an ARIMA model in square-root form: for windows with holes, for points as they come,
// and for forecasts.
//
// The state is Harvey's for the ARMA part, x, and behind it the last d + D s values, since
//
//   y_t = c + sum_i delta_i y_(t-i) + x_0,
//   x'_i = ar_(i+1) x_0 + x_(i+1) + R_i e,   R = (1, ma_1, ma_2, ...)
//
// What is not known of the state is written as a sum of columns, each the effect of one independent shock of
// variance 1: covariance = V V' + R R', R being the newest innovation. A value that is seen determines one
// direction: rotations gather all of it in R, which is thereby known; a value that is missing leaves R among
// the columns. So a series without holes has no columns once its start is forgotten, and a value costs
// O(states); after a hole of k steps it costs O(k * states), at most O(states^2) a value seen and O(states^3)
// one missing. Square roots lose no digits, so that values before the window may be given a deviation of 10^6
// (diffuse). Sources: A. C. Harvey, Forecasting, Structural Time Series Models and the Kalman Filter, 1989,
// sections 3.3 and 3.4; G. J. Bierman, Factorization Methods for Discrete Sequential Estimation, 1977; R. H.
// Jones, Maximum likelihood fitting of ARMA models to time series with missing observations, Technometrics
// 22, 1980.
#ifndef FORECASTD_PLUGINS_ARIMA_SHOCK_FILTER_HPP
#define FORECASTD_PLUGINS_ARIMA_SHOCK_FILTER_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "polynomial.hpp"

namespace arima {

// The numbers of a model, multiplied out; each pointer to arma or lags numbers that the caller keeps.
struct Process {
    std::size_t arma = 1, lags = 0;
    const double* ar = nullptr;     // padded with 0 to arma
    const double* shock = nullptr;  // R, arma of them
    const double* delta = nullptr;
    double constant = 0;  // of y: what the mean of the differenced series adds to each value

    [[nodiscard]] std::size_t states() const { return arma + lags; }
};

// Where the numbers of a state lie: mean[states], columns[capacity][states].
struct Shocks {
    double* mean;
    double* columns;
    std::uint32_t count;  // columns in use
    std::uint32_t capacity;
};

// Thread: any; it owns nothing.
class ShockFilter {
  public:
    ShockFilter(const Process& process, Shocks& state) : process_(process), state_(state) {}

    // The value expected now.
    [[nodiscard]] double expected() const { return process_.constant + seen(state_.mean); }
    // Its variance, for innovations of variance 1.
    [[nodiscard]] double variance() const {
        double sum = 1;
        for (std::uint32_t i = 0; i < state_.count; ++i) {
            const double g = seen(column(i));
            sum += g * g;
        }
        return sum;
    }

    // Learns the value seen now and goes on to the next; returns its variance before. The same gain is
    // applied to `beside`, if given: the derivative of the state by the constant, a column whose error is
    // `error`.
    double learn(double value, double* beside = nullptr, double error = 0) {
        if (state_.count == 0) {  // only the newest shock is unknown: the value determines it
            const double shock = value - expected();
            learn_shock(state_.mean, shock, value);
            if (beside) learn_shock(beside, error, 0);
            return 1;
        }
        const std::size_t n = process_.states();
        std::array<double, max_states> newest;
        std::copy_n(process_.shock, process_.arma, newest.begin());
        std::fill_n(newest.begin() + static_cast<std::ptrdiff_t>(process_.arma), process_.lags, 0.0);
        double root = 1;  // of the variance so far; newest is seen as this
        for (std::uint32_t i = 0; i < state_.count; ++i) {
            double* const other = column(i);
            const double g = seen(other);
            if (g == 0) continue;
            const double length = std::hypot(root, g), c = root / length, s = g / length;
            for (std::size_t k = 0; k < n; ++k) {
                const double before = other[k];
                other[k] = c * before - s * newest[k];
                newest[k] = c * newest[k] + s * before;
            }
            root = length;
        }
        const double gain = (value - expected()) / root;
        for (std::size_t k = 0; k < n; ++k) state_.mean[k] += gain * newest[k];
        if (beside)
            for (std::size_t k = 0; k < n; ++k) beside[k] += error / root * newest[k];
        advance(state_.mean, value);
        if (beside) advance(beside, 0);
        for (std::uint32_t i = 0; i < state_.count; ++i) advance(column(i), 0);
        forget();
        return root * root;
    }

    // The value is missing.
    void skip() {
        if (state_.count == state_.capacity) make_room();
        double* const added = column(state_.count++);
        std::copy_n(process_.shock, process_.arma, added);
        std::fill_n(added + process_.arma, process_.lags, 0.0);
        advance(state_.mean, expected());
        for (std::uint32_t i = 0; i < state_.count; ++i) advance(column(i), seen(column(i)));
    }

    // The same without the newest shock among the columns: for forecasts, which add up its effects
    // themselves.
    void look_ahead(double* newest) {
        advance(state_.mean, expected());
        advance(newest, seen(newest));
        for (std::uint32_t i = 0; i < state_.count; ++i) advance(column(i), seen(column(i)));
    }

    // What of a state, or of a shock, is seen in the value.
    [[nodiscard]] double seen(const double* x) const {
        double sum = x[0];
        for (std::size_t i = 0; i < process_.lags; ++i) sum += process_.delta[i] * x[process_.arma + i];
        return sum;
    }
    // A state one step on; value: the newest past value from then on.
    void advance(double* x, double value) const {
        const std::size_t r = process_.arma;
        const double first = x[0];
        for (std::size_t i = 0; i + 1 < r; ++i) x[i] = x[i + 1] + process_.ar[i] * first;
        x[r - 1] = process_.ar[r - 1] * first;
        if (process_.lags == 0) return;
        std::copy_backward(x + r, x + r + process_.lags - 1, x + r + process_.lags);
        x[r] = value;
    }

    // Makes room for one column, if there are others: exactly where there are more columns than states, for
    // then rotations leave one of them 0; else the two that point most nearly the same way become one of the
    // same variance, which keeps how uncertain each number is, but not all of how they hang together.
    void make_room() {
        if (state_.count <= process_.states()) return merge();
        const std::size_t n = process_.states();
        for (std::uint32_t row = 0; row < n; ++row)
            for (std::uint32_t other = row + 1; other < state_.count; ++other) {
                double* const kept = column(row);
                double* const emptied = column(other);
                const double length = std::hypot(kept[row], emptied[row]);
                if (emptied[row] == 0) continue;
                const double c = kept[row] / length, s = emptied[row] / length;
                for (std::size_t k = row; k < n; ++k) {
                    const double before = kept[k];
                    kept[k] = c * before + s * emptied[k];
                    emptied[k] = c * emptied[k] - s * before;
                }
            }
        state_.count = static_cast<std::uint32_t>(n);
    }

  private:
    void merge() {
        std::uint32_t a = 0, b = 1;
        double best = -1;
        for (std::uint32_t i = 0; i < state_.count; ++i)
            for (std::uint32_t j = i + 1; j < state_.count; ++j) {
                const double dot = product(column(i), column(j));
                const double likeness =
                    dot * dot /
                    std::max(product(column(i), column(i)) * product(column(j), column(j)), 1e-300);
                if (likeness > best) best = likeness, a = i, b = j;
            }
        const double aa = product(column(a), column(a)), bb = product(column(b), column(b));
        const double sign = product(column(a), column(b)) < 0 ? -1 : 1;
        const std::size_t n = process_.states();
        for (std::size_t k = 0; k < n; ++k) column(a)[k] += sign * column(b)[k];
        const double together = product(column(a), column(a));
        const double scale = together > 0 ? std::sqrt((aa + bb) / together) : 0;
        for (std::size_t k = 0; k < n; ++k) column(a)[k] *= scale;
        remove(b);
    }
    [[nodiscard]] double* column(std::uint32_t i) const { return state_.columns + i * process_.states(); }
    [[nodiscard]] double product(const double* a, const double* b) const {
        double sum = 0;
        for (std::size_t k = 0; k < process_.states(); ++k) sum += a[k] * b[k];
        return sum;
    }
    void remove(std::uint32_t i) {
        if (i != --state_.count) std::copy_n(column(state_.count), process_.states(), column(i));
    }
    // Columns that no longer matter go.
    void forget() {
        for (std::uint32_t i = state_.count; i-- > 0;) {
            const double* const x = column(i);
            double greatest = 0;
            for (std::size_t k = 0; k < process_.states(); ++k) greatest = std::max(greatest, std::abs(x[k]));
            if (greatest < negligible) remove(i);
        }
    }

    void learn_shock(double* x, double shock, double value) const {
        for (std::size_t i = 0; i < process_.arma; ++i) x[i] += shock * process_.shock[i];
        advance(x, value);
    }

    static constexpr double negligible = 1e-9;

    const Process& process_;
    Shocks& state_;
};

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_SHOCK_FILTER_HPP
