// The least sum of squares of the forms whose forecasts are not linear in the initial states, for given
// weights.
//
// The states are found by Gauss-Newton steps, from where the last evaluation left them. Forecasts f and their
// derivatives by every initial state and weight come from one run of form_step.hpp over numbers with
// derivatives. What is squared is e = y - f, or for a multiplicative error
//
//   (e_t / f_t) * g,   g the geometric mean of all f
//
// so that n log(sum) is, but for a constant, minus twice the log-likelihood in both cases (Hyndman, Koehler,
// Snyder & Grose, Int. J. Forecasting 18, 2002, section 3). Level and season can trade a factor or a
// constant, so beside a season the initial level stays where it began. A season of more than `most_free`
// steps is held at what the first seasons show (initial_guess.hpp), and the level is free. Where a level or a
// forecast that must be above 0 is not, the sum is infinite. Lost steps (NaN) are passed over.
#ifndef FORECASTD_PLUGINS_SMOOTHING_CURVED_PROFILE_HPP
#define FORECASTD_PLUGINS_SMOOTHING_CURVED_PROFILE_HPP

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "../numerics/jet.hpp"
#include "form.hpp"
#include "form_step.hpp"
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
          derivatives_((first_state + 2 + free_ + 1) / 2 * 2, forecasts_.size()),
          ring_(length_),
          six_ring_(season_length),
          seasons_(derivatives_.rows(), length_),
          levels_(derivatives_.rows()),
          trends_(derivatives_.rows()),
          mean_(derivatives_.rows()),
          normal_(2 + free_, 2 + free_),
          states_(2 + length_),
          kept_(2 + length_),
          trial_(2 + length_),
          step_(2 + free_),
          guess_(length_) {}

    // Sets the values and the form for the evaluations that follow. The values must outlive this; with a
    // season there are at least two of them.
    void take(std::span<const double> values, const Form& form) {
        values_ = values;
        form_ = form;
        const InitialGuess guess = initial_guess(
            values, form, {guess_.data(), form.has_season() ? static_cast<std::size_t>(length_) : 0});
        guess_level_ = guess.level;
        guess_trend_ = guess.trend;
        begin();
    }

    // Sets the states to the guess.
    void begin() {
        states_[0] = guess_level_;
        states_[1] = guess_trend_;
        if (form_.has_season()) states_.tail(length_) = guess_;
    }
    // Remembers the states of the last evaluation; sets them to those.
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
        const bool free_season = has_free_season();
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
    // Columns of a product at once, few enough that the copies that Eigen makes of them fit on the stack.
    static constexpr Index panel = 128;
    // Places of the derivatives: by alpha, beta, gamma, phi, then by level, trend and the season's values.
    static constexpr int first_state = 4;

    // Solves normal_ * step = step_ in place; returns what the sum is expected to fall by, 0 if it cannot be
    // solved.
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

    // The three ways over the values. Each has take(t, place, value), which is false where the form does not
    // allow what comes, and then the forecast of that step. Derivatives are left in derivatives_, 0 at lost
    // steps.

    // Without derivatives.
    struct Plain {
        CurvedProfile& own;
        FormStep<double> step;
        bool take(Index, Index place, double value) {
            if (own.form_.has_season()) step.season = own.ring_[place];
            const bool allowed = step.take(own.form_, value);
            if (own.form_.has_season()) own.ring_[place] = step.season;
            return allowed;
        }
        [[nodiscard]] double forecast() const { return step.forecast; }
    };

    // Derivatives by the weights, the level and the trend, carried along.
    using Six = numerics::Jet<6>;
    struct Carried {
        CurvedProfile& own;
        FormStep<Six> step;
        bool take(Index t, Index place, double value) {
            Six* const season =
                own.form_.has_season() ? &own.six_ring_[static_cast<std::size_t>(place)] : nullptr;
            if (season) step.season = *season;
            const bool allowed = step.take(own.form_, value);
            if (season) *season = step.season;
            own.derivatives_.col(t).template head<6>() = step.forecast.slopes.matrix();
            if (std::isnan(value)) own.derivatives_.col(t).setZero();
            return allowed;
        }
        [[nodiscard]] double forecast() const { return step.forecast.value; }
    };

    // Derivatives by the weights and all initial states, a season's too: those of one step by what goes into
    // it, and from these the others by the chain rule. That costs the same few products for each of them.
    using Local =
        numerics::Jet<8>;  // alpha, beta, gamma, phi; level, trend, season; an even number is the fastest
    struct Chained {
        CurvedProfile& own;
        const FormStep<Local> unit;
        FormStep<Local> step;
        bool take(Index t, Index place, double value) {
            const double level = step.level.value, trend = step.trend.value;
            step = unit;
            step.level.value = level;
            step.trend.value = trend;
            step.season.value = own.ring_[place];
            const bool allowed = step.take(own.form_, value);
            own.ring_[place] = step.season.value;
            chain(own.derivatives_.col(t).data(), own.seasons_.col(place).data());
            if (std::isnan(value)) own.derivatives_.col(t).setZero();
            return allowed;
        }
        [[nodiscard]] double forecast() const { return step.forecast.value; }

        void chain(double* __restrict forecasts, double* __restrict seasons) {
            double* __restrict const levels = own.levels_.data();
            double* __restrict const trends = own.trends_.data();
            struct By {
                explicit By(const Local& part)
                    : level(part.slopes[4]), trend(part.slopes[5]), season(part.slopes[6]) {}
                double level, trend, season;
            };
            const By f(step.forecast), l(step.level), b(step.trend), s(step.season);
            for (Index i = 0; i < own.derivatives_.rows(); ++i) {
                const double level = levels[i], trend = trends[i], season = seasons[i];
                forecasts[i] = f.level * level + f.trend * trend + f.season * season;
                levels[i] = l.level * level + l.trend * trend + l.season * season;
                trends[i] = b.level * level + b.trend * trend + b.season * season;
                seasons[i] = s.level * level + s.trend * trend + s.season * season;
            }
            for (int weight = 0; weight < first_state; ++weight) {
                forecasts[weight] += step.forecast.slopes[weight];
                levels[weight] += step.level.slopes[weight];
                trends[weight] += step.trend.slopes[weight];
                seasons[weight] += step.season.slopes[weight];
            }
        }
    };

    // A step before the first value. Number: double, or a Jet of the weights and then level, trend and
    // season.
    template <class Number, class Variable>
    FormStep<Number> first_step(const Weights& w, const Eigen::VectorXd& states, Variable variable) const {
        const bool trend_multiplies = form_.trend == Trend::multiplicative;
        const Number alpha = variable(w.alpha, 0);
        return {alpha,
                alpha * variable(w.beta, 1),
                variable(w.gamma, 2),
                form_.damped ? variable(w.phi, 3) : Number(w.phi),
                variable(states[0], 4),
                form_.has_trend() ? variable(states[1], 5) : Number(trend_multiplies ? 1 : 0),
                Number(form_.season == Season::multiplicative ? 1 : 0)};
    }

    // The sum, without derivatives.
    double sum_of(const Weights& w, const Eigen::VectorXd& states) {
        if (form_.has_season()) ring_ = states.tail(length_);
        return recur(Plain{*this, first_step<double>(w, states, [](double value, int) { return value; })});
    }
    // The sum; leaves residuals and the derivatives of the forecasts.
    double run(const Weights& w, const Eigen::VectorXd& states) {
        if (!has_free_season()) {
            for (Index j = 0; form_.has_season() && j < length_; ++j)
                six_ring_[static_cast<std::size_t>(j)] = states[2 + j];
            return recur(Carried{*this, first_step<Six>(w, states, Six::variable)});
        }
        ring_ = states.tail(length_);
        levels_.setZero();
        trends_.setZero();
        seasons_.setZero();
        levels_[first_state] = 1;
        if (form_.has_trend()) trends_[first_state + 1] = 1;
        for (Index j = 0; j < free_; ++j) seasons_(first_state + 2 + j, j) = 1;
        FormStep<Local> unit = first_step<Local>(w, states, Local::variable);
        unit.trend = Local::variable(unit.trend.value, 5);
        unit.season = Local::variable(0, 6);
        return recur(Chained{*this, unit, unit});
    }
    [[nodiscard]] bool has_free_season() const { return form_.has_season() && free_ > 0; }

    // The sum over the values; infinite where the form does not allow what comes. Leaves forecasts_ and
    // residuals_.
    template <class Way>
    double recur(Way way) {
        double sum = 0, logs = 0, seen = 0;
        Index place = 0;
        for (Index t = 0; t < count(); ++t) {
            const double value = values_[static_cast<std::size_t>(t)];
            if (!way.take(t, place, value)) return infinite;
            const double forecast = way.forecast();
            const bool lost = std::isnan(value);
            const double error = lost ? 0 : value - forecast;
            forecasts_[t] = forecast;
            residuals_[t] = error;
            if (form_.error == Error::multiplicative) {
                sum += error * error / (forecast * forecast);
                if (!lost) logs += std::log(forecast);
            } else {
                sum += error * error;
            }
            if (!lost) ++seen;
            if (++place == length_) place = 0;
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
    std::vector<Six> six_ring_;
    Eigen::MatrixXd seasons_;
    Eigen::ArrayXd levels_, trends_, mean_;
    Eigen::MatrixXd normal_;
    Eigen::VectorXd states_, kept_, trial_, step_, guess_;
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_CURVED_PROFILE_HPP
