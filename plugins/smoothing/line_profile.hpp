// The least sum of squared one-step errors of a level and an additive trend, for given smoothing weights.
//
// Errors are linear in the initial level and trend:
//
//   e_t = a_t - c_t l_0 - d_t b_0
//
// with a the errors from l_0 = b_0 = 0. So the best l_0 and b_0 solve two normal equations (variable
// projection: G. Golub & V. Pereyra, SIAM J. Numer. Anal. 10, 1973), and only the weights are left to search.
// At that solution the derivative of the sum by a weight is the partial one, with l_0 and b_0 held. One
// recursion serves all of it: with derivatives by l_0 and b_0 it gives c and d, with derivatives by the
// weights the gradient and the curvature of the sum, the latter by Gauss and Newton: twice the sum of the
// products of the errors' derivatives. Lost steps (NaN) are passed over: the state moves on without a
// correction, and nothing is added to the sum.
#ifndef FORECASTD_PLUGINS_SMOOTHING_LINE_PROFILE_HPP
#define FORECASTD_PLUGINS_SMOOTHING_LINE_PROFILE_HPP

#include <cmath>
#include <cstddef>
#include <span>

#include "../numerics/jet.hpp"
#include "form.hpp"

namespace smoothing {

// Thread: one at a time. Keeps nothing but a view of the values.
class LineProfile {
  public:
    // trend: whether b_0 is free. The values must outlive this.
    LineProfile(std::span<const double> values, bool trend) : values_(values), trend_(trend) {}

    // The sum at the best initial states; with a gradient, also its derivatives by alpha, beta and phi.
    double evaluate(const Weights& weights, Weights* gradient) {
        solve(weights);
        return gradient ? run_with_gradient(weights, *gradient) : run(weights);
    }

    // Of the last evaluation.
    [[nodiscard]] double initial_level() const { return initial_level_; }
    [[nodiscard]] double initial_trend() const { return initial_trend_; }
    // Of the last evaluation with a gradient.
    [[nodiscard]] const Curvature& curvature() const { return curvature_; }

  private:
    // The recursion: f is the forecast, q = phi b the trend's part of it. An error e moves them to
    // f + phi q + (alpha + phi slope) e and phi (q + slope e), slope = alpha beta. One multiplication and two
    // additions lie between an error and the next; written with level and trend there would be twice as many.
    // Weight is the type of the gains, State that of f and q: numbers, or numbers with derivatives.
    template <class Weight>
    struct Gains {
        Gains(const Weight& alpha, const Weight& beta, const Weight& its_phi)
            : phi(its_phi), trend(phi * (alpha * beta)), level(alpha + trend) {}
        Weight phi, trend, level;
    };
    // Calls see(error, lost) at each step; the error is 0 at a lost one.
    template <class State, class Weight, class See>
    void follow(const State& level, const State& first_trend, const Gains<Weight>& gains, See see) const {
        State trend = gains.phi * first_trend, forecast = level + trend;
        for (const double value : values_) {
            const bool lost = std::isnan(value);
            const State error = lost ? State(0) : value - forecast;
            see(error, lost);
            trend = gains.phi * trend;
            forecast = (forecast + trend) + gains.level * error;
            trend += gains.trend * error;
        }
    }
    static Gains<double> gains(const Weights& w) { return {w.alpha, w.beta, w.phi}; }

    void solve(const Weights& w) {
        double cc = 0, cd = 0, dd = 0, ac = 0, ad = 0;
        if (trend_) {
            using State = numerics::Jet<2>;  // by l_0, b_0
            follow(State::variable(0, 0), State::variable(0, 1), gains(w), [&](const State& e, bool) {
                const double c = e.slopes[0], d = e.slopes[1];
                cc += c * c;
                ac += e.value * c;
                cd += c * d;
                dd += d * d;
                ad += e.value * d;
            });
        } else {
            using State = numerics::Jet<1>;
            follow(State::variable(0, 0), State(0), gains(w), [&](const State& e, bool) {
                cc += e.slopes[0] * e.slopes[0];
                ac += e.value * e.slopes[0];
            });
        }
        initial_trend_ = 0;
        initial_level_ = cc > 0 ? -ac / cc : 0;
        const double determinant = cc * dd - cd * cd;
        if (determinant <= 1e-13 * cc * dd)
            return;  // no trend, or both columns are parallel: the level alone
        initial_level_ = (ad * cd - ac * dd) / determinant;
        initial_trend_ = (ac * cd - ad * cc) / determinant;
    }

    double run(const Weights& w) const {
        double sum = 0;
        follow(initial_level_, initial_trend_, gains(w), [&](double error, bool) { sum += error * error; });
        return sum;
    }

    double run_with_gradient(const Weights& w, Weights& gradient) {
        using State = numerics::Jet<4>;  // by alpha, beta, phi; an even number of places is faster
        const Gains<State> gains(State::variable(w.alpha, 0), State::variable(w.beta, 1),
                                 State::variable(w.phi, 2));
        double sum = 0, alpha = 0, beta = 0, phi = 0;
        Curvature curvature;
        follow(State(initial_level_), State(initial_trend_), gains, [&](const State& e, bool) {
            const double by_alpha = e.slopes[0], by_beta = e.slopes[1], by_phi = e.slopes[2];
            sum += e.value * e.value;
            alpha += e.value * by_alpha;
            beta += e.value * by_beta;
            phi += e.value * by_phi;
            curvature.alpha += 2 * by_alpha * by_alpha;
            curvature.beta += 2 * by_beta * by_beta;
            curvature.alpha_beta += 2 * by_alpha * by_beta;
            curvature.phi += 2 * by_phi * by_phi;
        });
        gradient = {2 * alpha, 2 * beta, 0, 2 * phi};
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
