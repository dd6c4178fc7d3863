// Runs the square-root filter over a window of values, any of which may be missing (NaN).
//
// If the first d + D s values are there, it begins behind them, with the ARMA part in its stationary state;
// that is the likelihood of the differenced series. Otherwise those values are unknown with a deviation of
// 10^6 (in units of the series' own changes), whose part of the determinant is taken out again: the diffuse
// likelihood, which is the same number where nothing is missing.
//
// The whole initial covariance follows from its first column, along its diagonals from the far end:
//   P_ij = ar_i ar_j P_00 + ar_i P_(0,j+1) + ar_j P_(i+1,0) + P_(i+1,j+1) + R_i R_j.
// Sources: G. Gardner, A. C. Harvey & G. D. A. Phillips, Applied Statistics 29, 1980 (AS 154); P. de Jong,
// The diffuse Kalman filter, Annals of Statistics 19, 1991 (the mean as a regression).
#ifndef FORECASTD_PLUGINS_ARIMA_WINDOW_FILTER_HPP
#define FORECASTD_PLUGINS_ARIMA_WINDOW_FILTER_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "autocovariance.hpp"
#include "likelihood.hpp"
#include "process.hpp"
#include "shock_filter.hpp"

namespace arima {

// Thread: one at a time.
class WindowFilter {
  public:
    WindowFilter(std::size_t ar_terms, std::size_t ma_terms, std::size_t states)
        : initial_(ar_terms, ma_terms),
          column_(states),
          mean_(states),
          by_constant_(states),
          columns_(states * (states + 2)) {}

    // Filters the values; z[0] is not NaN. with_mean: the constant is estimated, else it is the process's.
    // The process's constant is set to what was used.
    Likelihood operator()(std::span<const double> z, Expanded& model, bool with_mean) {
        Process& process = model.process;
        const double given = process.constant;
        if (with_mean) process.constant = 0;
        state_ = {mean_.data(), columns_.data(), 0, static_cast<std::uint32_t>(process.states() + 2)};
        std::fill_n(mean_.begin(), process.states(), 0.0);
        std::fill_n(by_constant_.begin(), process.states(), 0.0);
        if (!stationary(model)) return {};
        ShockFilter filter(process, state_);
        std::size_t t = begin(z, process);
        Products products;
        std::size_t count = 0;
        if (t == 0) {
            products.log_determinant = -static_cast<double>(process.lags) * 2 * std::log(diffuse);
            count -= process.lags;
        }
        for (; t < z.size(); ++t) {
            const double x = with_mean ? 1 - filter.seen(by_constant_.data()) : 0;
            if (std::isnan(z[t])) {
                filter.skip();
                if (with_mean) filter.advance(by_constant_.data(), x - 1);
                continue;
            }
            const double v = z[t] - filter.expected();
            const double F = filter.learn(z[t], with_mean ? by_constant_.data() : nullptr, x);
            products.add<true>(v, x, F);
            ++count;
        }
        if (static_cast<std::ptrdiff_t>(count) <= 0) return {};
        Likelihood likelihood = products.result(count, with_mean);
        process.constant = with_mean ? likelihood.mean : given;
        for (std::size_t k = 0; with_mean && k < process.states(); ++k)
            mean_[k] -= likelihood.mean * by_constant_[k];
        return likelihood;
    }

    // After a call: copies the state that is expected next to where it has perhaps fewer columns.
    void copy(Process& process, Shocks& to) {
        ShockFilter filter(process, state_);
        while (state_.count > to.capacity) filter.make_room();
        to.count = state_.count;
        std::copy_n(mean_.begin(), process.states(), to.mean);
        std::copy_n(columns_.begin(), process.states() * to.count, to.columns);
    }

  private:
    static constexpr double diffuse = 1e6;

    // The columns of the ARMA part's stationary covariance, the newest shock left out.
    bool stationary(const Expanded& model) {
        const Process& process = model.process;
        const std::size_t r = process.arma, n = process.states();
        if (!initial_.compute(model.ar(), model.ma(), column_.data())) return false;
        const auto first = [&](std::size_t i) { return i < r ? column_[i] : 0.0; };
        // The covariance, in place of the columns: row i, column j at [j * n + i].
        double* const P = columns_.data();
        std::fill_n(P, n * r, 0.0);
        for (std::size_t i = r; i-- > 0;)
            for (std::size_t j = r; j-- > 0;) {
                const double beyond = i + 1 < r && j + 1 < r ? P[(j + 1) * n + i + 1] +
                                                                   process.shock[i + 1] * process.shock[j + 1]
                                                             : 0;
                P[j * n + i] = process.ar[i] * process.ar[j] * column_[0] + process.ar[i] * first(j + 1) +
                               process.ar[j] * first(i + 1) + beyond;
            }
        cholesky(P, r, n);
        state_.count = static_cast<std::uint32_t>(r);
        return true;
    }
    // In place, the factor's columns one after another; directions without variance give columns of 0.
    static void cholesky(double* P, std::size_t r, std::size_t stride) {
        for (std::size_t j = 0; j < r; ++j) {
            double* const column = P + j * stride;
            for (std::size_t k = 0; k < j; ++k) {
                const double* const earlier = P + k * stride;
                const double factor = earlier[j];
                if (factor == 0) continue;
                for (std::size_t i = j; i < r; ++i) column[i] -= factor * earlier[i];
            }
            std::fill_n(column, j, 0.0);
            const double root = column[j] > 1e-14 ? std::sqrt(column[j]) : 0;
            for (std::size_t i = j; i < r; ++i) column[i] = root > 0 ? column[i] / root : 0;
        }
    }
    // Where filtering starts, and the past values there.
    std::size_t begin(std::span<const double> z, const Process& process) {
        const std::size_t lags = process.lags, n = process.states();
        bool known = z.size() > lags;
        for (std::size_t i = 0; known && i < lags; ++i) known = !std::isnan(z[i]);
        for (std::size_t i = 0; i < lags; ++i) {
            double& past = mean_[process.arma + i];
            past = known ? z[lags - 1 - i] : z[0];
            if (known) continue;
            double* const column = columns_.data() + state_.count++ * n;
            std::fill_n(column, n, 0.0);
            column[process.arma + i] = diffuse;
        }
        return known ? lags : 0;
    }

    InitialColumn initial_;
    std::vector<double> column_, mean_, by_constant_, columns_;
    Shocks state_{};
};

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_WINDOW_FILTER_HPP
