// The recursion of Holt-Winters' method, once level, trend and season are known.
//
// With the base B = l + phi b and s the season's value one season back:
//
//   additive:         f = B + s;   l' = alpha (y-s) + (1-alpha) B;   s' = gamma (y-B) + (1-gamma) s
//   multiplicative:   f = B * s;   l' = alpha (y/s) + (1-alpha) B;   s' = gamma (y/B) + (1-gamma) s
//   both:             b' = beta (l'-l) + (1-beta) phi b
//
// and h steps ahead B = l + b (phi + ... + phi^h). Source: P. R. Winters, Forecasting sales by exponentially
// weighted moving averages, Management Science 6, 1960, in the form of R. J. Hyndman & G. Athanasopoulos,
// Forecasting: Principles and Practice, 3rd edition, 2021, section 8.3. Variances and gaps: see
// smoothing/damped_trend.hpp. For a multiplicative season they are those of the deseasonalised y/s, times s:
// the noise is taken to grow with the season (an approximation; there is no exact form).
#ifndef FORECASTD_PLUGINS_HOLT_WINTERS_RECURSION_HPP
#define FORECASTD_PLUGINS_HOLT_WINTERS_RECURSION_HPP

#include <algorithm>
#include <cstdint>

#include "../holt/holt_model.hpp"
#include "../smoothing/damped_trend.hpp"
#include "../smoothing/finite.hpp"

namespace holt_winters {

using smoothing::Expected;

enum class Season : std::int32_t { additive, multiplicative };

// Thread: any; it never changes. A line is level, trend, errors and last step; its values are deseasonalised.
class Recursion {
  public:
    Recursion() = default;
    Recursion(Season form, smoothing::DampedTrend smoothing) : form_(form), smoothing_(smoothing) {}

    [[nodiscard]] smoothing::Reach reach(const holt::State& line, std::int64_t step) const {
        return smoothing_.reach(smoothing::steps_between(line.last_step, step));
    }
    void extend(smoothing::Reach& reach) const { smoothing_.extend(reach); }

    // The forecast of a point within reach, whose phase has the value `season`.
    [[nodiscard]] Expected expect(const holt::State& line, double season,
                                  const smoothing::Reach& reach) const {
        const double deviation = line.errors.deviation(reach.variance);
        if (form_ == Season::additive) return {smoothing::saturate(base(line, reach) + season), deviation};
        return {smoothing::saturate(base(line, reach) * season), smoothing::saturate(deviation * season)};
    }

    // Learns the value at a later step, and its phase's value of the season.
    void learn(holt::State& line, double& season, std::int64_t step, double value) const {
        const smoothing::Reach reach = this->reach(line, step);
        const smoothing::Gains gains = smoothing_.gains(reach.steps);
        const double before = base(line, reach);
        const bool additive = form_ == Season::additive;
        const double error =
            smoothing::saturate(smoothing::saturate(additive ? value - season : value / season) - before);
        line.level = smoothing::saturate(before + gains.level * error);
        line.trend = smoothing::saturate(reach.power * line.trend + gains.trend * error);
        if (additive)
            season = smoothing::saturate(season + gains.season * error);
        else
            season =
                smoothing::positive(season + gains.season * (smoothing::saturate(value / before) - season));
        line.errors.learn(error, reach.variance);
        line.last_step = step;
    }

  private:
    // Under a multiplicative season the level is positive. A falling trend could take the base to zero and
    // the season to infinity: it is stopped at a hundredth of the level.
    [[nodiscard]] double base(const holt::State& line, const smoothing::Reach& reach) const {
        const double moved = smoothing::saturate(line.level + line.trend * reach.sum);
        return form_ == Season::additive ? moved : smoothing::positive(std::max(moved, line.level / 100));
    }

    Season form_ = Season::additive;
    smoothing::DampedTrend smoothing_;
};

}  // namespace holt_winters

#endif  // FORECASTD_PLUGINS_HOLT_WINTERS_RECURSION_HPP
