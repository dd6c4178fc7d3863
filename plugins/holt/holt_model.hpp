// Holt's method with given weights: exponential smoothing of a level and a trend, damped or not.
//
//   additive:        f = l + phi b;    l' = alpha y + (1-alpha) f;   b' = beta (l'-l) + (1-beta) phi b
//   multiplicative:  f = l * b^phi;    l' = alpha y + (1-alpha) f;   b' = beta (l'/l) + (1-beta) b^phi
//
// and h steps ahead l + b (phi + ... + phi^h), or l * b^(phi + ... + phi^h). Sources: C. C. Holt, Forecasting
// seasonals and trends by exponentially weighted moving averages, ONR memorandum 52, 1957 (reprinted in Int.
// J. Forecasting 20, 2004); damping: E. S. Gardner & E. McKenzie, Forecasting trends in time series,
// Management Science 31, 1985; multiplicative: J. W. Taylor, Exponential smoothing with a damped
// multiplicative trend, Int. J. Forecasting 19, 2003. The recursion: smoothing/recursion.hpp.
//
// The first value is the level, the first trend is none. At the n-th point, up to the thousandth, the level
// takes over at least 1/n of the error, so that a first value that was far off is soon forgotten. The trend
// is not hurried: a trend read from a few noisy points does the most harm to far forecasts.
#ifndef FORECASTD_PLUGINS_HOLT_HOLT_MODEL_HPP
#define FORECASTD_PLUGINS_HOLT_HOLT_MODEL_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../numerics/error_variance.hpp"
#include "../smoothing/positive_values.hpp"

#include "../smoothing/recursion.hpp"

namespace holt {

using numerics::Expected;
using smoothing::Trend;
using State = smoothing::Line;

// Thread: any; a model never changes.
class Model {
  public:
    using State = holt::State;
    static constexpr bool has_season = false;
    static void start(std::span<double>) {}
    static smoothing::Line& line(State& state) { return state; }
    static const smoothing::Line& line(const State& state) { return state; }
    static bool settled(const State& state) { return state.begun(); }

    Model() = default;
    // Without a trend beta is 0, as it is in `smoothing` then.
    Model(Trend form, const smoothing::DampedTrend& smoothing)
        : recursion_({smoothing::Error::additive, form, false, smoothing::Season::none}, smoothing) {}

    [[nodiscard]] smoothing::Reach reach(const State& state, std::int64_t step) const {
        return recursion_.reach(state, step);
    }
    void extend(smoothing::Reach& reach) const { recursion_.extend(reach); }

    // The forecast of a point within reach; state has learned a point.
    [[nodiscard]] Expected expect(const State& state, const smoothing::Reach& reach) const {
        return recursion_.expect(state, 0, reach);
    }

    // Forecasts one step after another; state has learned a point.
    class Outlook {
      public:
        Outlook(const Model& model, const State& state, std::span<const double>, std::int64_t step)
            : model_(model), state_(state), reach_(model.reach(state, step)) {}
        [[nodiscard]] Expected expect(std::size_t) const { return model_.expect(state_, reach_); }
        void next() { model_.extend(reach_); }

      private:
        const Model& model_;
        const State& state_;
        smoothing::Reach reach_;
    };

    // Learns the value at a later step. A multiplicative trend throws std::domain_error at values <= 0.
    void learn(State& state, std::int64_t step, double value) const {
        const bool ratio = recursion_.form().trend == Trend::multiplicative;
        if (ratio) smoothing::require_positive(value, "trend");
        if (!state.begun()) {
            state.level = value;
            state.trend = ratio ? 1 : 0;
            state.last_step = step;
            return;
        }
        const smoothing::Reach within = reach(state, step);
        smoothing::Gains gains = recursion_.gains(within);
        if (state.errors.count() < fast_start)
            gains.level = std::max(gains.level, 1 / (state.errors.count() + 2.0));
        double none = 0;
        recursion_.learn(state, none, within, gains, value);
    }

    // As glue::Smoother calls it: there is no season.
    void learn(State& state, std::span<double>, std::int64_t step, std::int64_t, double value) const {
        learn(state, step, value);
    }

  private:
    static constexpr std::uint32_t fast_start = 1000;

    smoothing::Recursion recursion_;
};

}  // namespace holt

#endif  // FORECASTD_PLUGINS_HOLT_HOLT_MODEL_HPP
