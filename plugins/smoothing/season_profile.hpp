// The least sum of squared one-step errors of a level, an additive trend and an additive season, for given
// weights.
//
// As in line_profile.hpp the errors are linear in the initial states. Level and season can trade a constant,
// so the level begins at 0 and the m initial values of the season carry it. What a unit of the season's value
// at place j adds to the forecasts is what one at place 0 adds, j steps later: until then nothing looks at
// it. So one run with derivatives by place 0 (c) and by the trend (d) is enough, and the normal matrix
// follows from its first row,
//
//   G_(j+1,k+1) = G_(j,k) - c_(n-1-j) c_(n-1-k),   G_(0,k) = sum over t >= k of c_t c_(t-k)
//
// which takes n m and m^2 operations in place of n m^2. It is solved by Cholesky's decomposition, m^3 / 6.
// Lost steps must have been filled: a gap would break the shift.
//
// A season of more than `most_free` steps is not solved for but held at what the first seasons show
// (initial_guess.hpp); level and trend are then the two unknowns. So a day of minutes costs no more than a
// day of hours.
#ifndef FORECASTD_PLUGINS_SMOOTHING_SEASON_PROFILE_HPP
#define FORECASTD_PLUGINS_SMOOTHING_SEASON_PROFILE_HPP

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <cstddef>
#include <span>
#include <vector>

#include "../numerics/jet.hpp"
#include "form.hpp"
#include "initial_guess.hpp"

namespace smoothing {

// Thread: one at a time. All memory is allocated by the constructor.
class SeasonProfile {
  public:
    static constexpr std::size_t most_free = 64;

    SeasonProfile(std::size_t most_values, std::size_t season_length)
        : length_(static_cast<Index>(season_length)),
          held_(season_length > most_free),
          errors_(static_cast<Index>(most_values)),
          first_column_(errors_.size()),
          trend_column_(errors_.size()),
          normal_(unknowns(), unknowns()),
          right_(unknowns()),
          season_(length_),
          ring_(length_),
          state_ring_(season_length),
          weight_ring_(season_length),
          solver_(unknowns()) {}

    // Sets the values for the evaluations that follow: at least one season, which must outlive this.
    void take(std::span<const double> values, bool trend) {
        values_ = values;
        trend_ = trend;
        if (!held_) return;
        const Form form{Error::additive, trend ? Trend::additive : Trend::none, false, Season::additive};
        initial_guess(values, form, {season_.data(), static_cast<std::size_t>(length_)});
    }

    // The sum at the best initial states; with a gradient, also its derivatives by the weights.
    double evaluate(const Weights& weights, Weights* gradient) {
        solve(weights);
        return run(weights, gradient);
    }

    // Of the last evaluation; season()[j] is the value for the j-th step.
    [[nodiscard]] double initial_level() const { return held_ ? right_[0] : 0; }
    [[nodiscard]] double initial_trend() const { return trend_ ? right_[unknowns() - 1] : 0; }
    [[nodiscard]] std::span<const double> season() const {
        return {season_.data(), static_cast<std::size_t>(length_)};
    }

  private:
    using Index = Eigen::Index;
    using ByState = numerics::Jet<2>;
    using ByWeight = numerics::Jet<4>;  // alpha, beta, gamma, phi

    // The season's values or the level, and the trend.
    [[nodiscard]] Index unknowns() const { return (held_ ? 1 : length_) + 1; }

    // The weights as numbers, or as numbers with derivatives.
    template <class Weight>
    struct Gains {
        Gains(const Weight& its_alpha, const Weight& beta, const Weight& its_gamma, const Weight& its_phi)
            : alpha(its_alpha), slope(alpha * beta), gamma(its_gamma), phi(its_phi) {}
        Weight alpha, slope, gamma, phi;
    };
    // The recursion of form.hpp over the values; calls see(t, error) at each step. ring: the season, by
    // place; it ends as the last season. State: the type of level, trend and season, numbers or numbers with
    // derivatives.
    template <class State, class Weight, class See>
    void follow(State level, State trend, State* ring, const Gains<Weight>& gains, See see) const {
        Index place = 0;
        for (Index t = 0; t < count(); ++t) {
            const State moved = gains.phi * trend;
            const State base = level + moved;
            const State error = values_[static_cast<std::size_t>(t)] - base - ring[place];
            see(t, error);
            level = base + gains.alpha * error;
            trend = moved + gains.slope * error;
            ring[place] += gains.gamma * error;
            if (++place == length_) place = 0;
        }
    }
    static Gains<double> gains(const Weights& w) { return {w.alpha, w.beta, w.gamma, w.phi}; }

    void solve(const Weights& w) {
        const Index n = count(), last = unknowns() - 1;
        // By the level, or the season's value at place 0; and by the trend.
        const ByState level = held_ ? ByState::variable(0, 0) : ByState(0);
        for (Index j = 0; j < length_; ++j) state_ring_[static_cast<std::size_t>(j)] = held_ ? season_[j] : 0;
        if (!held_) state_ring_[0] = ByState::variable(0, 0);
        follow(level, ByState::variable(0, 1), state_ring_.data(), gains(w),
               [this](Index t, const ByState& error) {
                   errors_[t] = error.value;
                   first_column_[t] = error.slopes[0];
                   trend_column_[t] = error.slopes[1];
               });

        // Columns are errors: minus what is added to the forecasts; so the right side is minus the product.
        for (Index k = 0; k < last; ++k) {
            normal_(k, 0) = first_column_.segment(k, n - k).dot(first_column_.head(n - k));
            right_[k] = -first_column_.head(n - k).dot(errors_.segment(k, n - k));
        }
        for (Index column = 1; column < last; ++column)
            for (Index row = column; row < last; ++row)
                normal_(row, column) =
                    normal_(row - 1, column - 1) - first_column_[n - row] * first_column_[n - column];
        normal_.row(last).setZero();
        normal_(last, last) = 1;
        right_[last] = 0;
        if (trend_) {
            for (Index k = 0; k < last; ++k)
                normal_(last, k) = first_column_.head(n - k).dot(trend_column_.segment(k, n - k));
            normal_(last, last) = trend_column_.head(n).squaredNorm();
            right_[last] = -trend_column_.head(n).dot(errors_.head(n));
        }
        // Where two columns are nearly parallel, a slightly larger diagonal keeps the solution bounded.
        for (Index k = 0; k <= last; ++k) normal_(k, k) = normal_(k, k) * (1 + 1e-12) + 1e-300;
        solver_.compute(normal_);
        solver_.solveInPlace(right_);
        if (!held_) season_ = right_.head(length_);
    }

    double run(const Weights& w, Weights* gradient) {
        const double level = initial_level(), trend = initial_trend();
        double sum = 0;
        if (!gradient) {
            ring_ = season_;
            follow(level, trend, ring_.data(), gains(w), [&](Index, double error) { sum += error * error; });
            return sum;
        }
        for (Index j = 0; j < length_; ++j) weight_ring_[static_cast<std::size_t>(j)] = season_[j];
        const Gains<ByWeight> variables(ByWeight::variable(w.alpha, 0), ByWeight::variable(w.beta, 1),
                                        ByWeight::variable(w.gamma, 2), ByWeight::variable(w.phi, 3));
        ByWeight::Slopes slopes = ByWeight::Slopes::Zero();
        follow(ByWeight(level), ByWeight(trend), weight_ring_.data(), variables,
               [&](Index, const ByWeight& error) {
                   sum += error.value * error.value;
                   slopes += error.value * error.slopes;
               });
        *gradient = {2 * slopes[0], 2 * slopes[1], 2 * slopes[2], 2 * slopes[3]};
        return sum;
    }

    [[nodiscard]] Index count() const { return static_cast<Index>(values_.size()); }

    const Index length_;
    const bool held_;
    std::span<const double> values_;
    bool trend_ = false;
    Eigen::VectorXd errors_, first_column_, trend_column_;
    Eigen::MatrixXd normal_;
    Eigen::VectorXd right_, season_, ring_;
    std::vector<ByState> state_ring_;
    std::vector<ByWeight> weight_ring_;
    Eigen::LLT<Eigen::MatrixXd> solver_;
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_SEASON_PROFILE_HPP
