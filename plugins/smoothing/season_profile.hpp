// The least sum of squared one-step errors of a level, an additive trend and an additive season, for given weights.
//
// As in line_profile.hpp the errors are linear in the initial states. Level and season can trade a constant, so the
// level begins at 0 and the m initial values of the season carry it. What a unit of the season's value at place j adds
// to the forecasts is what one at place 0 adds, j steps later: until then nothing looks at it. So one run for the
// values, one for place 0 (c) and one for the trend (d) are enough, and the normal matrix follows from its first row,
//
//   G_(j+1,k+1) = G_(j,k) - c_(n-1-j) c_(n-1-k),   G_(0,k) = sum over t >= k of c_t c_(t-k)
//
// which takes n m and m^2 operations in place of n m^2. It is solved by Cholesky's decomposition, m^3 / 6.
// Lost steps must have been filled: a gap would break the shift.
#ifndef FORECASTD_PLUGINS_SMOOTHING_SEASON_PROFILE_HPP
#define FORECASTD_PLUGINS_SMOOTHING_SEASON_PROFILE_HPP

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <array>
#include <cstddef>
#include <span>

#include "form.hpp"

namespace smoothing {

// Thread: one at a time. All memory is allocated by the constructor.
class SeasonProfile {
  public:
    SeasonProfile(std::size_t most_values, std::size_t season_length)
        : length_(static_cast<Eigen::Index>(season_length)),
          errors_(static_cast<Eigen::Index>(most_values)),
          season_column_(errors_.size()),
          trend_column_(errors_.size()),
          normal_(length_ + 1, length_ + 1),
          right_(length_ + 1),
          ring_(length_),
          sensitivities_(most, length_),
          solver_(length_ + 1) {}

    // What is fitted from here on: at least one season of values, which must outlive this.
    void take(std::span<const double> values, bool trend) {
        values_ = values;
        trend_ = trend;
    }

    // The sum at the best initial states; with a gradient, also its derivatives by the weights.
    double evaluate(const Weights& weights, Weights* gradient) {
        solve(weights);
        return run(weights, gradient);
    }

    // Of the last evaluation: the level is 0; season()[j] is the value for the j-th step.
    [[nodiscard]] double initial_trend() const { return trend_ ? right_[length_] : 0; }
    [[nodiscard]] std::span<const double> season() const {
        return {right_.data(), static_cast<std::size_t>(length_)};
    }

  private:
    static constexpr Eigen::Index most = 4;  // weights
    using Index = Eigen::Index;

    // Runs the recursion from a state over `input`; writes its errors. ring_ holds the season.
    template <class Input>
    void filter(const Weights& w, double trend, const Input& input, Eigen::VectorXd& errors) {
        double level = 0;
        Index place = 0;
        const double slope = w.alpha * w.beta;
        for (Index t = 0; t < count(); ++t) {
            const double base = level + w.phi * trend;
            const double error = input(t) - base - ring_[place];
            errors[t] = error;
            level = base + w.alpha * error;
            trend = w.phi * trend + slope * error;
            ring_[place] += w.gamma * error;
            if (++place == length_) place = 0;
        }
    }

    void solve(const Weights& w) {
        const auto nothing = [](Index) { return 0.0; };
        const Index n = count(), m = length_;
        ring_.setZero();
        filter(
            w, 0, [this](Index t) { return values_[static_cast<std::size_t>(t)]; }, errors_);
        ring_.setZero();
        ring_[0] = 1;
        filter(w, 0, nothing, season_column_);

        // Columns are errors: minus what is added to the forecasts; so the right side is minus the product.
        for (Index k = 0; k < m; ++k) {
            normal_(k, 0) = season_column_.segment(k, n - k).dot(season_column_.head(n - k));
            right_[k] = -season_column_.head(n - k).dot(errors_.segment(k, n - k));
        }
        for (Index column = 1; column < m; ++column)
            for (Index row = column; row < m; ++row)
                normal_(row, column) =
                    normal_(row - 1, column - 1) - season_column_[n - row] * season_column_[n - column];
        Index unknowns = m;
        if (trend_) {
            ring_.setZero();
            filter(w, 1, nothing, trend_column_);
            for (Index k = 0; k < m; ++k)
                normal_(m, k) = season_column_.head(n - k).dot(trend_column_.segment(k, n - k));
            normal_(m, m) = trend_column_.head(n).squaredNorm();
            right_[m] = -trend_column_.head(n).dot(errors_.head(n));
            ++unknowns;
        }
        // Where two unknowns say nearly the same, a trace of the diagonal keeps the solution bounded.
        for (Index k = 0; k < unknowns; ++k) normal_(k, k) *= 1 + 1e-12;
        if (!trend_) {
            normal_.row(m).setZero();
            normal_(m, m) = 1;
            right_[m] = 0;
        }
        solver_.compute(normal_);
        solver_.solveInPlace(right_);
    }

    double run(const Weights& w, Weights* gradient) {
        ring_ = right_.head(length_);
        if (gradient) sensitivities_.setZero();
        double level = 0, trend = initial_trend(), sum = 0;
        const double slope = w.alpha * w.beta;
        // Rows: by alpha, beta, gamma, phi.
        using Four = Eigen::Array4d;
        Four levels = Four::Zero(), trends = Four::Zero(), slopes = Four::Zero();
        Index place = 0;
        for (const double value : values_) {
            const double base = level + w.phi * trend;
            const double error = value - base - ring_[place];
            sum += error * error;
            if (gradient) {
                auto seasons = sensitivities_.col(place).array();
                Four bases = levels + w.phi * trends;
                bases[3] += trend;
                const Four forecasts = bases + seasons;
                slopes += error * forecasts;
                levels = bases - w.alpha * forecasts;
                levels[0] += error;
                trends = w.phi * trends - slope * forecasts;
                trends[0] += w.beta * error;
                trends[1] += w.alpha * error;
                trends[3] += trend;
                seasons -= w.gamma * forecasts;
                seasons[2] += error;
            }
            level = base + w.alpha * error;
            trend = w.phi * trend + slope * error;
            ring_[place] += w.gamma * error;
            if (++place == length_) place = 0;
        }
        if (gradient) *gradient = {-2 * slopes[0], -2 * slopes[1], -2 * slopes[2], -2 * slopes[3]};
        return sum;
    }

    [[nodiscard]] Index count() const { return static_cast<Index>(values_.size()); }

    const Index length_;
    std::span<const double> values_;
    bool trend_ = false;
    Eigen::VectorXd errors_, season_column_, trend_column_;
    Eigen::MatrixXd normal_;
    Eigen::VectorXd right_, ring_;
    Eigen::Matrix<double, most, Eigen::Dynamic> sensitivities_;
    Eigen::LLT<Eigen::MatrixXd> solver_;
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_SEASON_PROFILE_HPP
