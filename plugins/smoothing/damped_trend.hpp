// Exponential smoothing with a (damped) trend and, optionally, a season, several steps ahead: how far level
// and trend move, how uncertain the forecast is, and how much of an error found there belongs to each part of
// the state. Holt's method and Holt-Winters' share it.
//
// In the textbook's error-correction form, with one-step errors e of variance 1,
//
//   y = l + phi b + s + e;   l' = l + phi b + alpha e;   b' = phi b + alpha beta e;   s' = s + gamma e
//
// an error j steps ago moves the forecast of today by
//
//   c_j = d_j + gamma [j mod m = 0],   d_j = alpha (1 + beta phi_j),   phi_j = phi + ... + phi^j
//
// so the error of a forecast h steps ahead has the variance v_h = 1 + c_1^2 + ... + c_(h-1)^2. Source:
// Hyndman, Koehler, Ord & Snyder, Forecasting with Exponential Smoothing, 2008, table 6.1 (class 1); their
// beta is our alpha * beta, and this beta is the one of Holt's own formula.
//
// After a gap the error of the first point holds the errors of all the points that were lost. How much of it
// each part of the state takes over is its regression on that error (same book, section 12.1, where the
// state is filtered through missing values): gain = Cov(part, error) / v_h. For h = 1 these are alpha,
// alpha * beta and gamma. What the point leaves uncertain about the state is not carried further.
#ifndef FORECASTD_PLUGINS_SMOOTHING_DAMPED_TREND_HPP
#define FORECASTD_PLUGINS_SMOOTHING_DAMPED_TREND_HPP

#include <algorithm>
#include <cstdint>

#include "geometric_sums.hpp"

namespace smoothing {

// How much of a one-step error each part of the state takes over.
struct Gains {
    double level, trend, season;
};

// A point `steps` after the last one that was learned.
struct Reach {
    std::uint64_t steps;
    double power;     // phi^steps: what is left of the trend
    double sum;       // phi + ... + phi^steps: how many trends the level moves by
    double variance;  // of the forecast's error, in units of that of one step
};

class DampedTrend {
  public:
    DampedTrend() = default;
    // alpha, beta, gamma and phi in [0, 1]; phi = 1: not damped; season_length 0: no season.
    DampedTrend(double alpha, double beta, double phi, double gamma = 0, std::uint64_t season_length = 0)
        : alpha_(alpha), beta_(beta), phi_(phi), gamma_(gamma), season_length_(season_length) {
        const auto season = GeometricSums::of(phi, season_length);
        season_power_ = season.power;
        season_sum_ = season.sum;
    }

    [[nodiscard]] double phi() const { return phi_; }
    // Of one step: those of the formula.
    [[nodiscard]] Gains gains() const { return {alpha_, alpha_ * beta_, gamma_}; }
    [[nodiscard]] Reach reach() const { return {1, phi_, phi_, 1}; }

    // Of steps >= 1, at a cost of log2(steps).
    [[nodiscard]] Reach reach(std::uint64_t steps) const {
        if (steps <= 1) return reach();
        const Lost lost = lose(steps - 1);
        return {steps, phi_ * lost.trend.power, phi_ * (1 + phi_ * lost.trend.sum), lost.variance};
    }
    [[nodiscard]] Gains gains(std::uint64_t steps) const {
        if (steps <= 1) return gains();
        const Lost lost = lose(steps - 1);
        const double trend_covariance = 1 + alpha_ * phi_ * (lost.trend.sum + beta_ * lost.trend.weighted) +
                                        gamma_ * season_power_ * lost.season.sum;
        return {(alpha_ + lost.level_variance + gamma_ * lost.season_response) / lost.variance,
                alpha_ * beta_ * trend_covariance / lost.variance,
                gamma_ * (1 + lost.season_response + gamma_ * lost.season.count) / lost.variance};
    }

    // The same, one step further: a horizon costs the same for each of its steps.
    void extend(Reach& reach) const {
        double response = alpha_ * (1 + beta_ * reach.sum);
        if (season_length_ > 0 && reach.steps % season_length_ == 0) response += gamma_;
        reach.variance += response * response;
        reach.power *= phi_;
        reach.sum += reach.power;
        ++reach.steps;
    }

  private:
    // What a number of lost points adds up to.
    struct Lost {
        GeometricSums trend, season;
        double level_variance;   // sum of d_j^2
        double season_response;  // sum of d_j over whole seasons
        double variance;         // v
    };
    [[nodiscard]] Lost lose(std::uint64_t points) const {
        Lost lost{GeometricSums::of(phi_, points), GeometricSums{season_power_}, 0, 0, 1};
        const double slope = beta_ * phi_;
        lost.level_variance =
            alpha_ * alpha_ *
            (lost.trend.count + 2 * slope * lost.trend.sums + slope * slope * lost.trend.squares);
        if (season_length_ > 0) lost.season = GeometricSums::of(season_power_, points / season_length_);
        lost.season_response = alpha_ * (lost.season.count + slope * season_sum_ * lost.season.sums);
        lost.variance +=
            lost.level_variance + 2 * gamma_ * lost.season_response + gamma_ * gamma_ * lost.season.count;
        return lost;
    }

    double alpha_ = 0, beta_ = 0, phi_ = 1, gamma_ = 0;
    std::uint64_t season_length_ = 0;
    double season_power_ = 1;  // phi^m
    double season_sum_ = 0;    // 1 + phi + ... + phi^(m-1)
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_DAMPED_TREND_HPP
