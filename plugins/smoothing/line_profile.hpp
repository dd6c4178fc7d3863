// The least sum of squared one-step errors of a level and an additive trend, for given smoothing weights.
//
// Errors are linear in the initial level and trend:
//
//   e_t = a_t - c_t l_0 - d_t b_0
//
// with a the errors from l_0 = b_0 = 0, and c, d what a unit of each adds to the forecasts; all three obey the same
// recursion (form.hpp). So the best l_0 and b_0 solve two normal equations (variable projection: G. Golub & V. Pereyra,
// SIAM J. Numer. Anal. 10, 1973), and only the weights are left to search. At that solution the derivative of the sum by
// a weight is the partial one, with l_0 and b_0 held, which one more run gives. The same run gives the curvature of the
// sum, by Gauss and Newton: twice the sum of the products of the errors' derivatives. Lost steps (NaN) are passed over:
// the state moves on without a correction, and nothing is added to the sum.
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
        const Gains gains(weights);
        if (trend_)
            solve<true>(gains);
        else
            solve<false>(gains);
        return gradient ? run_with_gradient(weights, gains, *gradient) : run(gains);
    }

    // Of the last evaluation.
    [[nodiscard]] double initial_level() const { return initial_level_; }
    [[nodiscard]] double initial_trend() const { return initial_trend_; }
    // Of the last evaluation with a gradient.
    [[nodiscard]] const Curvature& curvature() const { return curvature_; }

  private:
    // The filter that every run goes through: f is the forecast, q = phi b the trend's part of it. An error e moves
    // them to f + phi q + (alpha + phi slope) e and phi (q + slope e), slope = alpha beta. One multiplication and two
    // additions lie between an error and the next; written with level and trend there would be twice as many.
    struct Gains {
        explicit Gains(const Weights& w)
            : phi(w.phi), slope(w.alpha * w.beta), trend(w.phi * slope), level(w.alpha + trend) {}
        double phi, slope, trend, level;
    };
    struct Line {
        double forecast, trend;
        void learn(double error, const Gains& gains) {
            trend *= gains.phi;
            forecast = (forecast + trend) + gains.level * error;
            trend += gains.trend * error;
        }
        void add(double change) {
            forecast += change;
            trend += change;
        }
    };
    [[nodiscard]] Line begin(const Gains& gains) const {
        const double trend = gains.phi * initial_trend_;
        return {initial_level_ + trend, trend};
    }

    template <bool Trend>
    void solve(const Gains& gains) {
        Line a{0, 0}, c{1, 0}, d{gains.phi, gains.phi};
        double cc = 0, cd = 0, dd = 0, ac = 0, ad = 0;
        for (const double value : values_) {
            const bool lost = std::isnan(value);
            const double ea = lost ? 0 : value - a.forecast, ec = lost ? 0 : -c.forecast;
            cc += ec * ec;
            ac += ea * ec;
            a.learn(ea, gains);
            c.learn(ec, gains);
            if constexpr (Trend) {
                const double ed = lost ? 0 : -d.forecast;
                cd += ec * ed;
                dd += ed * ed;
                ad += ea * ed;
                d.learn(ed, gains);
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

    double run(const Gains& gains) const {
        Line line = begin(gains);
        double sum = 0;
        for (const double value : values_) {
            const double error = std::isnan(value) ? 0 : value - line.forecast;
            sum += error * error;
            line.learn(error, gains);
        }
        return sum;
    }

    // Each sensitivity is the derivative of the line by one weight.
    double run_with_gradient(const Weights& w, const Gains& gains, Weights& gradient) {
        Line line = begin(gains), by_alpha{0, 0}, by_beta{0, 0}, by_phi{initial_trend_, initial_trend_};
        const double alpha_trend = gains.phi * w.beta, beta_both = gains.phi * w.alpha;
        double sum = 0, alpha = 0, beta = 0, phi = 0;
        Curvature curvature;
        for (const double value : values_) {
            const bool lost = std::isnan(value);
            const double error = lost ? 0 : value - line.forecast;
            const double fa = by_alpha.forecast, fb = by_beta.forecast, fp = by_phi.forecast;
            sum += error * error;
            alpha += error * fa;
            beta += error * fb;
            phi += error * fp;
            if (!lost) {
                curvature.alpha += 2 * fa * fa;
                curvature.beta += 2 * fb * fb;
                curvature.alpha_beta += 2 * fa * fb;
                curvature.phi += 2 * fp * fp;
            }
            by_alpha.learn(lost ? 0 : -fa, gains);
            by_beta.learn(lost ? 0 : -fb, gains);
            by_phi.learn(lost ? 0 : -fp, gains);
            by_alpha.forecast += error;
            by_alpha.add(alpha_trend * error);
            by_beta.add(beta_both * error);
            by_phi.add(line.trend + gains.slope * error);
            line.learn(error, gains);
        }
        gradient = {-2 * alpha, -2 * beta, 0, -2 * phi};
        curvature_ = curvature;
        return sum;
    }

    std::span<const double> values_;
    bool trend_;
    double initial_level_ = 0, initial_trend_ = 0;
    Curvature curvature_;
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_LINE_PROFILE_HPP
