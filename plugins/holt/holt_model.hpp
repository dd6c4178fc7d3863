// Holt's method: exponential smoothing of a level and a trend, damped or not.
//
//   additive:        f = l + phi b;    l' = alpha y + (1-alpha) f;   b' = beta (l'-l) + (1-beta) phi b
//   multiplicative:  f = l * b^phi;    l' = alpha y + (1-alpha) f;   b' = beta (l'/l) + (1-beta) b^phi
//
// and h steps ahead l + b (phi + ... + phi^h), or l * b^(phi + ... + phi^h). Sources: C. C. Holt, Forecasting
// seasonals and trends by exponentially weighted moving averages, ONR memorandum 52, 1957 (reprinted in Int.
// J. Forecasting 20, 2004); damping: E. S. Gardner & E. McKenzie, Forecasting trends in time series,
// Management Science 31, 1985; multiplicative: J. W. Taylor, Exponential smoothing with a damped
// multiplicative trend, Int. J. Forecasting 19, 2003. Variances and gaps: see smoothing/damped_trend.hpp.
//
// The first value is the level, the first trend is none. At the n-th point, up to the thousandth, the level
// takes over at least 1/n of the error, so that a first value that was far off is soon forgotten; the trend
// has no such haste, since a trend read from a few noisy points throws far forecasts off the most.
#ifndef FORECASTD_PLUGINS_HOLT_HOLT_MODEL_HPP
#define FORECASTD_PLUGINS_HOLT_HOLT_MODEL_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "../smoothing/damped_trend.hpp"
#include "../smoothing/error_variance.hpp"
#include "../smoothing/finite.hpp"

namespace holt {

enum class Trend : std::int32_t { additive, multiplicative };

using smoothing::Expected;

// What is known of one series: plain bytes.
struct State {
    double level = smoothing::unknown;  // NaN until the first point
    double trend = 0;                   // a step's difference, or its ratio
    smoothing::ErrorVariance errors;
    std::int64_t last_step = 0;

    [[nodiscard]] bool begun() const { return !std::isnan(level); }

    // A series long under way, whose level and trend at a step are known.
    static State known(double level, double trend, std::int64_t step, double variance = 0) {
        return {level, trend, smoothing::ErrorVariance::settled(variance), step};
    }
};

// Thread: any; a model never changes.
class Model {
  public:
    Model() = default;
    Model(Trend form, smoothing::DampedTrend smoothing) : form_(form), smoothing_(smoothing) {}

    [[nodiscard]] smoothing::Reach reach(const State& state, std::int64_t step) const {
        return smoothing_.reach(smoothing::steps_between(state.last_step, step));
    }
    void extend(smoothing::Reach& reach) const { smoothing_.extend(reach); }

    // The forecast of a point within reach; state has learned a point.
    [[nodiscard]] Expected expect(const State& state, const smoothing::Reach& reach) const {
        return {mean(state, reach), state.errors.deviation(reach.variance)};
    }

    // Learns the value at a later step. A multiplicative trend throws std::domain_error at values <= 0.
    void learn(State& state, std::int64_t step, double value) const {
        if (form_ == Trend::multiplicative) smoothing::require_positive(value, "trend");
        if (!state.begun()) {
            state.level = value;
            state.trend = form_ == Trend::additive ? 0 : 1;
        } else {
            move(state, reach(state, step), value);
        }
        state.last_step = step;
    }

  private:
    [[nodiscard]] double mean(const State& state, const smoothing::Reach& reach) const {
        if (form_ == Trend::additive) return smoothing::saturate(state.level + state.trend * reach.sum);
        return smoothing::positive(state.level * power(state.trend, reach.sum));
    }

    void move(State& state, const smoothing::Reach& reach, double value) const {
        const double expected = mean(state, reach);
        const double error = smoothing::saturate(value - expected);
        const smoothing::Gains gains = faster_at_first(smoothing_.gains(reach.steps), state.errors.count());
        if (form_ == Trend::additive) {
            state.level = smoothing::saturate(expected + gains.level * error);
            state.trend = smoothing::saturate(reach.power * state.trend + gains.trend * error);
        } else {
            state.level = smoothing::positive(expected + gains.level * error);
            state.trend = smoothing::positive(power(state.trend, reach.power) *
                                              (1 + gains.trend * smoothing::saturate(error / expected)));
        }
        state.errors.learn(error, reach.variance);
    }

    static smoothing::Gains faster_at_first(smoothing::Gains gains, std::uint32_t errors) {
        if (errors < fast_start) gains.level = std::max(gains.level, 1 / (errors + 2.0));
        return gains;
    }

    static double power(double base, double exponent) {
        return exponent == 1 ? base : std::pow(base, exponent);
    }

    static constexpr std::uint32_t fast_start = 1000;

    Trend form_ = Trend::additive;
    smoothing::DampedTrend smoothing_;
};

}  // namespace holt

#endif  // FORECASTD_PLUGINS_HOLT_HOLT_MODEL_HPP
