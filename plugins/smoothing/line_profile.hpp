// The least sum of squared one-step errors of a level and an additive trend, for given smoothing weights.
//
// Errors are linear in the initial level and trend:
//
//   e_t = a_t - c_t l_0 - d_t b_0
//
// with a the errors from l_0 = b_0 = 0, and c, d what a unit of each adds to the forecasts; all three obey the same
// recursion (form.hpp). So the best l_0 and b_0 solve two normal equations (variable projection: G. Golub & V. Pereyra,
// SIAM J. Numer. Anal. 10, 1973), and only the weights are left to search. At that solution the derivative of the sum by
// a weight is the partial one, with l_0 and b_0 held, which one more run gives. Lost steps (NaN) are passed over: the
// state moves on without a correction, and nothing is added to the sum.
#ifndef FORECASTD_PLUGINS_SMOOTHING_LINE_PROFILE_HPP
#define FORECASTD_PLUGINS_SMOOTHING_LINE_PROFILE_HPP

#include <cmath>
#include <cstddef>
#include <span>

#include "form.hpp"

namespace smoothing {

// Thread: one at a time. Keeps nothing but a view of the values.
class LineProfile {
  public:
    // trend: whether b_0 is free. The values must outlive this.
    LineProfile(std::span<const double> values, bool trend) : values_(values), trend_(trend) {}

    // The sum at the best initial states; with a gradient, also its derivatives by alpha, beta and phi.
    double evaluate(const Weights& weights, Weights* gradient) {
        if (trend_)
            solve<true>(weights);
        else
            solve<false>(weights);
        return gradient ? run_with_gradient(weights, *gradient) : run(weights);
    }

    // Of the last evaluation.
    [[nodiscard]] double initial_level() const { return initial_level_; }
    [[nodiscard]] double initial_trend() const { return initial_trend_; }

  private:
    struct Line {
        double level, trend;
        // The forecast; then learn() moves on.
        [[nodiscard]] double forecast(double phi) const { return level + phi * trend; }
        void learn(double forecast, double error, const Weights& w, double slope) {
            level = forecast + w.alpha * error;
            trend = w.phi * trend + slope * error;
        }
    };

    template <bool Trend>
    void solve(const Weights& w) {
        const double slope = w.alpha * w.beta;
        Line a{0, 0}, c{1, 0}, d{0, 1};
        double cc = 0, cd = 0, dd = 0, ac = 0, ad = 0;
        for (const double value : values_) {
            const bool lost = std::isnan(value);
            const double fa = a.forecast(w.phi), fc = c.forecast(w.phi), fd = d.forecast(w.phi);
            const double ea = lost ? 0 : value - fa, ec = lost ? 0 : -fc, ed = lost ? 0 : -fd;
            cc += ec * ec;
            ac += ea * ec;
            a.learn(fa, ea, w, slope);
            c.learn(fc, ec, w, slope);
            if constexpr (Trend) {
                cd += ec * ed;
                dd += ed * ed;
                ad += ea * ed;
                d.learn(fd, ed, w, slope);
            }
        }
        initial_trend_ = 0;
        initial_level_ = cc > 0 ? -ac / cc : 0;
        if constexpr (Trend) {
            const double determinant = cc * dd - cd * cd;
            if (determinant <= 1e-13 * cc * dd) return;  // the two say the same: the level alone
            initial_level_ = (ad * cd - ac * dd) / determinant;
            initial_trend_ = (ac * cd - ad * cc) / determinant;
        }
    }

    double run(const Weights& w) const {
        const double slope = w.alpha * w.beta;
        Line line{initial_level_, initial_trend_};
        double sum = 0;
        for (const double value : values_) {
            const double forecast = line.forecast(w.phi);
            const double error = std::isnan(value) ? 0 : value - forecast;
            sum += error * error;
            line.learn(forecast, error, w, slope);
        }
        return sum;
    }

    // Each sensitivity is the derivative of level and trend by one weight.
    double run_with_gradient(const Weights& w, Weights& gradient) const {
        const double slope = w.alpha * w.beta;
        Line line{initial_level_, initial_trend_}, by_alpha{0, 0}, by_beta{0, 0}, by_phi{0, 0};
        double sum = 0, alpha = 0, beta = 0, phi = 0;
        for (const double value : values_) {
            const bool lost = std::isnan(value);
            const double forecast = line.forecast(w.phi);
            const double error = lost ? 0 : value - forecast;
            const double fa = by_alpha.forecast(w.phi), fb = by_beta.forecast(w.phi),
                         fp = by_phi.forecast(w.phi) + line.trend;
            sum += error * error;
            alpha += error * fa;
            beta += error * fb;
            phi += error * fp;
            by_alpha.learn(fa, lost ? 0 : -fa, w, slope);
            by_beta.learn(fb, lost ? 0 : -fb, w, slope);
            by_phi.learn(fp, lost ? 0 : -fp, w, slope);
            by_alpha.level += error;
            by_alpha.trend += w.beta * error;
            by_beta.trend += w.alpha * error;
            by_phi.trend += line.trend;
            line.learn(forecast, error, w, slope);
        }
        gradient = {-2 * alpha, -2 * beta, 0, -2 * phi};
        return sum;
    }

    std::span<const double> values_;
    bool trend_;
    double initial_level_ = 0, initial_trend_ = 0;
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_LINE_PROFILE_HPP
