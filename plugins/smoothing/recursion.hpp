// Exponential smoothing point by point, in every form of form.hpp: forecasts, and how a point changes the
// state.
//
// A line is the level and trend of one series without its season; the season's value of a point's phase is
// the caller's to keep. Variances and what is learned behind a gap: damped_trend.hpp. The deviation of a
// forecast is that of the additive class, times
//
//   1              additive error, no season or an additive one: exact, if the trend adds too
//   the season     additive error, multiplicative season: the noise is taken to grow with the season
//   the forecast   multiplicative error: the errors learned are relative ones
//
// The others are approximations (the same book, table 6.2, has the exact variances of multiplicative errors):
// they hold while the deviation is a small part of the level.
#ifndef FORECASTD_PLUGINS_SMOOTHING_RECURSION_HPP
#define FORECASTD_PLUGINS_SMOOTHING_RECURSION_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"

#include "damped_trend.hpp"
#include "form.hpp"

namespace smoothing {

// The state of one series: plain bytes.
struct Line {
    double level = numerics::unknown;  // NaN until the first point
    double trend = 0;                  // a step's difference, or its ratio
    numerics::ErrorVariance errors;
    std::int64_t last_step = 0;

    [[nodiscard]] bool begun() const { return !std::isnan(level); }

    // A state whose level and trend at a step are known, its error variance settled.
    static Line known(double level, double trend, std::int64_t step, double variance = 0) {
        return {level, trend, numerics::ErrorVariance::settled(variance), step};
    }
};

// Thread: any; it never changes.
class Recursion {
  public:
    Recursion() = default;
    Recursion(Form form, DampedTrend smoothing) : form_(form), smoothing_(smoothing) {}

    // What a season's value is where there is no season.
    [[nodiscard]] double neutral() const { return form_.season == Season::multiplicative ? 1 : 0; }
    [[nodiscard]] const Form& form() const { return form_; }

    [[nodiscard]] Reach reach(const Line& line, std::int64_t step) const {
        return smoothing_.reach(numerics::steps_between(line.last_step, step));
    }
    [[nodiscard]] Gains gains(const Reach& reach) const { return smoothing_.gains(reach.steps); }
    void extend(Reach& reach) const { smoothing_.extend(reach); }

    // The forecast of a point within reach, whose phase has the value `season`.
    [[nodiscard]] numerics::Expected expect(const Line& line, double season, const Reach& reach) const {
        const double mean = combine(base(line, reach), season);
        const double deviation = line.errors.deviation(reach.variance);
        if (form_.error == Error::multiplicative)
            return {mean, numerics::saturate(deviation * std::abs(mean))};
        if (form_.season == Season::multiplicative) return {mean, numerics::saturate(deviation * season)};
        return {mean, deviation};
    }

    // Learns the value within reach, and its phase's value of the season; the gains are usually gains(reach).
    void learn(Line& line, double& season, const Reach& reach, const Gains& gains, double value) const {
        const double before = base(line, reach);
        const double forecast = combine(before, season);
        const double error = numerics::saturate(value - forecast);
        const bool ratio = form_.season == Season::multiplicative;
        const double rest = ratio ? numerics::saturate(numerics::saturate(value / season) - before) : error;
        if (form_.trend == Trend::multiplicative) {
            line.trend = numerics::positive(power(line.trend, reach.power) *
                                            (1 + gains.trend * numerics::saturate(rest / before)));
        } else {
            line.trend = numerics::saturate(reach.power * line.trend + gains.trend * rest);
        }
        const double level = before + gains.level * rest;
        line.level = form_.needs_positive() ? numerics::positive(std::max(level, before / 100))
                                            : numerics::saturate(level);
        if (ratio)
            season =
                numerics::positive(season + gains.season * (numerics::saturate(value / before) - season));
        else if (form_.season == Season::additive)
            season = numerics::saturate(season + gains.season * error);
        line.errors.learn(form_.error == Error::multiplicative ? numerics::saturate(error / forecast) : rest,
                          reach.variance);
        line.last_step = numerics::step_after(line.last_step, reach.steps);
    }
    // recurs: see learn_recurring().
    void learn(Line& line, double& season, std::int64_t step, double value, bool recurs = false) const {
        const Reach within = reach(line, step);
        if (recurs) return learn_recurring(line, season, within, value);
        learn(line, season, within, gains(within), value);
    }

    // Learns a value that recurs. If it is far from the forecast, its phase has changed, and level and errors
    // tell nothing of that: the season becomes what the level leaves of the value, and the level goes on as
    // expected.
    void learn_recurring(Line& line, double& season, const Reach& reach, double value) const {
        const auto [forecast, deviation] = expect(line, season, reach);
        const bool far = std::abs(value - forecast) > numerics::ErrorVariance::limit_deviations * deviation;
        if (!form_.has_season() || !far) return learn(line, season, reach, gains(reach), value);
        const double before = base(line, reach);
        season = form_.season == Season::multiplicative ? numerics::positive(value / before)
                                                        : numerics::saturate(value - before);
        line.trend = form_.trend == Trend::multiplicative ? power(line.trend, reach.power)
                                                          : numerics::saturate(reach.power * line.trend);
        line.level = before;
        line.last_step = numerics::step_after(line.last_step, reach.steps);
    }

  private:
    static double power(double ratio, double exponent) {
        return exponent == 1 ? ratio : std::pow(ratio, exponent);
    }

    [[nodiscard]] double combine(double base, double season) const {
        if (form_.season == Season::multiplicative) return numerics::saturate(base * season);
        return form_.season == Season::additive ? numerics::saturate(base + season) : base;
    }

    // Where values must be above 0, a falling trend is stopped at a hundredth of the level.
    [[nodiscard]] double base(const Line& line, const Reach& reach) const {
        if (form_.trend == Trend::multiplicative)
            return numerics::positive(line.level * power(line.trend, reach.sum));
        const double moved = numerics::saturate(line.level + line.trend * reach.sum);
        return form_.needs_positive() ? numerics::positive(std::max(moved, line.level / 100)) : moved;
    }

    Form form_;
    DampedTrend smoothing_;
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_RECURSION_HPP
