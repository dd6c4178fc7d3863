// The least sum of squares of the forms whose forecasts are not linear in the initial states, for given weights.
//
// The states are found by Gauss-Newton steps, from where the last evaluation left them: forecasts f and their
// derivatives by every initial state and weight come from one run of the recursion of form.hpp and of its derivative.
// What is squared is e = y - f, or for a multiplicative error
//
//   (e_t / f_t) * g,   g the geometric mean of all f
//
// so that n log(sum) is, but for a constant, minus twice the log-likelihood in both cases (Hyndman, Koehler, Snyder &
// Grose, Int. J. Forecasting 18, 2002, section 3). Level and season can trade a factor or a constant, so beside a season
// the initial level stays where it began. A season of more than `most_free` steps is held at what the first seasons show
// (initial_guess.hpp), and the level is free. Where a level or a forecast that must be above 0 is not, the sum is infinite.
// Lost steps (NaN) are passed over.
#ifndef FORECASTD_PLUGINS_SMOOTHING_CURVED_PROFILE_HPP
#define FORECASTD_PLUGINS_SMOOTHING_CURVED_PROFILE_HPP

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

#include "form.hpp"
#include "initial_guess.hpp"

namespace smoothing {

// Thread: one at a time. All memory is allocated by the constructor.
class CurvedProfile {
  public:
    static constexpr std::size_t most_free = 64;

    CurvedProfile(std::size_t most_values, std::size_t season_length)
        : length_(static_cast<Index>(season_length)),
          free_(season_length > most_free ? 0 : length_),
          forecasts_(static_cast<Index>(most_values)),
          residuals_(forecasts_.size()),
          derivatives_(first_state + 2 + free_, forecasts_.size()),
          ring_(length_),
          ring_derivatives_(derivatives_.rows(), length_),
          levels_(derivatives_.rows()),
          trends_(derivatives_.rows()),
          row_(derivatives_.rows()),
          mean_(derivatives_.rows()),
          normal_(2 + free_, 2 + free_),
          states_(2 + length_),
          kept_(2 + length_),
          trial_(2 + length_),
          step_(2 + free_),
          guess_(length_) {}

    // What is fitted from here on. The values must outlive this; with a season there are at least two of them.
    void take(std::span<const double> values, const Form& form) {
        values_ = values;
        form_ = form;
        const InitialGuess guess = initial_guess(
            values, form, {guess_.data(), form.has_season() ? static_cast<std::size_t>(length_) : 0});
        guess_level_ = guess.level;
        guess_trend_ = guess.trend;
        begin();
    }

    // Begins the states anew from the guess.
    void begin() {
        states_[0] = guess_level_;
        states_[1] = guess_trend_;
        if (form_.has_season()) states_.tail(length_) = guess_;
    }
    // Remembers the states of the last evaluation; begins them from there.
    void keep() { kept_ = states_; }
    void begin_from_kept() { states_ = kept_; }

    // The sum at the best initial states found; with a gradient, also its derivatives by the weights.
    double evaluate(const Weights& weights, Weights* gradient) {
        double sum = run(weights, states_);
        if (!std::isfinite(sum)) {
            begin();
            sum = run(weights, states_);
            if (!std::isfinite(sum)) {
                if (gradient) *gradient = {0, 0, 0, 0};
                return infinite;
            }
        }
        const bool free_season = form_.has_season() && free_ > 0;
        const Index first = free_season ? 1 : 0;  // the level is held beside a free season
        const Index after = free_season ? 2 + free_ : form_.has_trend() ? 2 : 1;
        const Index size = after - first;
        for (int round = 0; round < most_rounds; ++round) {
            turn_into_residual_derivatives();
            const auto jacobian = derivatives_.block(first_state + first, 0, size, count());
            auto lower = normal_.topLeftCorner(size, size).selfadjointView<Eigen::Lower>();
            auto normal = normal_.topLeftCorner(size, size);
            auto step = step_.head(size);
            normal.setZero();
            for (Index t = 0; t < count(); t += panel)
                lower.rankUpdate(jacobian.middleCols(t, std::min(panel, count() - t)));
            step.noalias() = jacobian * residuals_.head(count());
            if (free_season && !form_.has_trend()) {  // there is no trend between level and season
                normal.col(0).setZero();
                normal(0, 0) = 1;
                step[0] = 0;
            }
            for (Index k = 0; k < size; ++k) normal(k, k) = normal(k, k) * (1 + 1e-11) + 1e-300;
            const double slope = solve(size);
            double scale = 1, next = infinite;
            for (int halving = 0; halving < most_halvings; ++halving, scale /= 2) {
                trial_ = states_;
                trial_.segment(first, size) -= scale * step;
                next = sum_of(weights, trial_);
                if (next < sum) break;
            }
            if (!(next < sum)) {
                run(weights, states_);
                break;
            }
            const bool done = sum - next <= tolerance * next && slope <= 1e-3 * next;
            states_ = trial_;
            sum = run(weights, states_);
            if (done) break;
        }
        if (gradient) {
            turn_into_residual_derivatives();
            Eigen::Matrix<double, first_state, 1> by;
            by.noalias() = derivatives_.topLeftCorner(first_state, count()) * residuals_.head(count());
            *gradient = {2 * by[0], 2 * by[1], 2 * by[2], 2 * by[3]};
        }
        return sum;
    }

    // Of the last evaluation; season()[j] is the value for the j-th step.
    [[nodiscard]] double initial_level() const { return states_[0]; }
    [[nodiscard]] double initial_trend() const { return states_[1]; }
    [[nodiscard]] std::span<const double> season() const {
        return {states_.data() + 2, form_.has_season() ? static_cast<std::size_t>(length_) : 0};
    }

  private:
    using Index = Eigen::Index;
    static constexpr double infinite = std::numeric_limits<double>::infinity();
    static constexpr double tolerance = 1e-10;
    static constexpr int most_rounds = 30, most_halvings = 12;
    // Columns of a product at once: the copies that Eigen makes of so many then find room on the stack.
    static constexpr Index panel = 128;
    // Places of the derivatives: by alpha, beta, gamma, phi, then by level, trend and the season's values.
    static constexpr Index first_state = 4;

    // Solves normal_ * step = step_ in place; returns what the sum is expected to fall by, 0 if it cannot be solved.
    double solve(Index size) {
        Eigen::Ref<Eigen::MatrixXd> normal(normal_.topLeftCorner(size, size));
        const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> solver(normal);
        auto step = step_.head(size);
        if (solver.info() != Eigen::Success) {
            step.setZero();
            return 0;
        }
        solver.matrixL().solveInPlace(step);
        const double fall = step.squaredNorm();
        solver.matrixU().solveInPlace(step);
        return fall;
    }

    // The sum, without derivatives.
    double sum_of(const Weights& w, const Eigen::VectorXd& states) { return recur<false>(w, states); }
    // The sum; leaves residuals and the derivatives of the forecasts.
    double run(const Weights& w, const Eigen::VectorXd& states) { return recur<true>(w, states); }

    template <bool Derive>
    double recur(const Weights& w, const Eigen::VectorXd& states) {
        const bool trend_multiplies = form_.trend == Trend::multiplicative;
        const bool season_multiplies = form_.season == Season::multiplicative, seasonal = form_.has_season();
        const bool positive = form_.needs_positive();
        const double slope = w.alpha * w.beta;
        double level = states[0], trend = form_.has_trend() ? states[1] : trend_multiplies ? 1 : 0;
        if (seasonal) ring_ = states.tail(length_);
        if constexpr (Derive) {
            levels_.setZero();
            trends_.setZero();
            levels_[first_state] = 1;
            if (form_.has_trend()) trends_[first_state + 1] = 1;
            if (seasonal) {
                ring_derivatives_.setZero();
                for (Index j = 0; j < free_; ++j) ring_derivatives_(first_state + 2 + j, j) = 1;
            }
        }
        double sum = 0, logs = 0, seen = 0;
        Index place = 0;
        for (Index t = 0; t < count(); ++t) {
            const double value = values_[static_cast<std::size_t>(t)];
            const double moved =
                trend_multiplies ? w.phi == 1 ? trend : std::pow(trend, w.phi) : w.phi * trend;
            const double base = trend_multiplies ? level * moved : level + moved;
            const double season = seasonal ? ring_[place] : season_multiplies ? 1 : 0;
            const double forecast = season_multiplies ? base * season : base + season;
            const bool lost = std::isnan(value);
            if (!std::isfinite(forecast)) return infinite;
            if (positive && !(base > 1e-12 && (!season_multiplies || season > 1e-12))) return infinite;
            if (form_.error == Error::multiplicative && !(forecast > 1e-12)) return infinite;
            const double error = lost ? 0 : value - forecast;
            const double rest = lost ? 0 : season_multiplies ? value / season - base : error;
            forecasts_[t] = forecast;
            residuals_[t] = error;
            if (form_.error == Error::multiplicative) {
                sum += error * error / (forecast * forecast);
                if (!lost) logs += std::log(forecast);
            } else {
                sum += error * error;
            }
            if (!lost) ++seen;

            const double next_season =
                seasonal && !lost ? season_multiplies ? w.gamma * (value / base - season) : w.gamma * error
                                  : 0;
            if constexpr (Derive) {
                // bases: derivative of the base; written over levels_. trends_ becomes that of `moved`.
                double by_phi = 0;
                if (trend_multiplies) {
                    const double log_trend = w.phi == 1 && !form_.damped ? 0 : std::log(trend);
                    trends_ *= w.phi * moved / trend;
                    trends_[3] += moved * log_trend;
                    levels_ = moved * levels_ + level * trends_;
                } else {
                    by_phi = trend;
                    trends_ *= w.phi;
                    trends_[3] += by_phi;
                    levels_ += trends_;
                }
                if (seasonal) {
                    auto seasons = ring_derivatives_.col(place).array();
                    if (season_multiplies) {
                        row_ = season * levels_ + base * seasons;
                        derivatives_.col(t) = row_.matrix();
                        if (!lost) {
                            // That of `rest`, then of the season's new value.
                            row_ = -value / (season * season) * seasons - levels_;
                            seasons = (1 - w.gamma) * seasons - w.gamma * value / (base * base) * levels_;
                            seasons[2] += value / base - season;
                        }
                    } else {
                        row_ = levels_ + seasons;
                        derivatives_.col(t) = row_.matrix();
                        row_ = -row_;
                        if (!lost) {
                            seasons += w.gamma * row_;
                            seasons[2] += error;
                        }
                    }
                } else {
                    derivatives_.col(t) = levels_.matrix();
                    row_ = -levels_;
                }
                if (lost) {
                    derivatives_.col(t).setZero();
                } else {
                    if (trend_multiplies) {
                        // moved + slope * rest / level; the level's own derivative was overwritten: it is
                        // (base' - level * moved') / moved.
                        const double share = rest / level;
                        trends_ += slope / level * row_ -
                                   slope * share / (level * moved) * (levels_ - level * trends_);
                        trends_[0] += w.beta * share;
                        trends_[1] += w.alpha * share;
                    } else {
                        trends_ += slope * row_;
                        trends_[0] += w.beta * rest;
                        trends_[1] += w.alpha * rest;
                    }
                    levels_ += w.alpha * row_;
                    levels_[0] += rest;
                }
            }
            trend = trend_multiplies ? moved + slope * rest / level : moved + slope * rest;
            level = base + w.alpha * rest;
            if (seasonal) {
                ring_[place] += next_season;
                if (++place == length_) place = 0;
            }
            if (positive && (!(level > 0) || (trend_multiplies && !(trend > 0)))) return infinite;
        }
        if (form_.error == Error::multiplicative) {
            geometric_ = std::exp(logs / seen);
            seen_ = seen;
            sum *= geometric_ * geometric_;
        }
        if (!std::isfinite(sum)) return infinite;
        return sum;
    }

    // From forecasts' derivatives to those of what is squared; residuals_ becomes that.
    void turn_into_residual_derivatives() {
        const Index n = count();
        if (form_.error == Error::additive) {
            derivatives_.leftCols(n) *= -1;
            return;
        }
        mean_.setZero();
        for (Index t = 0; t < n; ++t) mean_ += derivatives_.col(t).array() / forecasts_[t];
        mean_ /= seen_;
        for (Index t = 0; t < n; ++t) {
            const double f = forecasts_[t], relative = residuals_[t] / f;
            derivatives_.col(t) =
                (geometric_ * (relative * mean_ - (relative + 1) / f * derivatives_.col(t).array())).matrix();
            residuals_[t] = relative * geometric_;
        }
    }

    [[nodiscard]] Index count() const { return static_cast<Index>(values_.size()); }

    const Index length_;
    const Index free_;  // season values that are solved for
    std::span<const double> values_;
    Form form_;
    double guess_level_ = 0, guess_trend_ = 0;
    double geometric_ = 1, seen_ = 0;
    Eigen::VectorXd forecasts_, residuals_;
    Eigen::MatrixXd derivatives_;
    Eigen::VectorXd ring_;
    Eigen::MatrixXd ring_derivatives_;
    Eigen::ArrayXd levels_, trends_, row_, mean_;
    Eigen::MatrixXd normal_;
    Eigen::VectorXd states_, kept_, trial_, step_, guess_;
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_CURVED_PROFILE_HPP
