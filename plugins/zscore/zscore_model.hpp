// How many deviations a point lies from what was expected, by the deviations seen so far.
//
//   score = |x - mean| / (z_threshold * scale),   scale = max(deviation of x, floor)
//
// x is the value itself, where there is no forecaster or no forecast yet, or else the residual, value -
// expected. The two are never mixed in one statistic: when x changes its kind, learning starts over.
//
// Where the forecaster is less sure than usual, as after a gap or in a noisy hour of the day, the residual is
// divided by how much less: by deviation / usual deviation if that is above 1. Only that ratio is used, never
// the deviation itself: a forecaster whose deviations are all wrong by a factor does no harm, nor one that
// begins with a deviation of 0, against which any residual would be huge. Source: the Shewhart chart, W. A.
// Shewhart, Economic Control of Quality of Manufactured Product, 1931, with mean and deviation that follow
// the series (moments.hpp).
//
// What is learned is clipped at max(z_threshold, 3) scales from the mean (winsorised: Huber, Robust
// Statistics, 1981, chapter 5), so that outliers do not widen the limits that should find the next one. Below
// 3 the clipping itself would shrink the scale, more and more. What lasts must be learned all the same: each
// anomaly adds 16 to a debt, each other point pays 1 back, and at 16 * relearn_after the statistics start
// over. So relearn_after anomalies in a row, or a share of them that stays above 1 in 17, are the new normal.
//
// A series that mostly stands still and moves by steps, as a coarse sensor or a count does, would have its
// scale eaten by the clipping, and alarm at each of its least steps with scores that grow for ever. So the
// least step q of the value is a floor of the scale that clipping cannot eat: 0.29 q, the deviation of
// rounding to q (q / sqrt(12)). It holds once four steps were seen that came after standing still (a steep
// slope moves at each point, and its steps say nothing), and halves in four half-lives without
// any, so that a step that is rare is an anomaly again. Of a value that does not change, only the first
// thirty are learned, for five half-lives: a sensor that was stuck must not ring when it lives again.
//
// With few numbers the deviation is known roughly only, so the limits are wider, as Student's t is: at the
// n-th number by the first terms of its expansion (R. A. Fisher & E. A. Cornish, Technometrics 2, 1960),
//
//   t = z + (z^3 + z) / (4 (n-1)) + (5 z^5 + 16 z^3 + 3 z) / (96 (n-1)^2),   at most 2 z
//
// Until it may judge, the least and the greatest number are kept apart, and count at the end as at most
// max(z_threshold, 3) scales of the others: a bad value at the start does not set the scale for hours. A
// window forgets it anyway.
//
// Where nothing but one and the same number was seen, there is no scale to clip by: the next other one is
// learned as it is. The floor, max(min_scale, min_rel_scale * |expected|), keeps a constant series from
// alarming at rounding.
#ifndef FORECASTD_PLUGINS_ZSCORE_ZSCORE_MODEL_HPP
#define FORECASTD_PLUGINS_ZSCORE_ZSCORE_MODEL_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

#include "../numerics/finite.hpp"

#include "moments.hpp"

namespace zscore {

enum class Kind : std::uint8_t { none, values, residuals };

// The state of one series: plain bytes, and beside them the window, if one is used.
struct State {
    Moments moments;  // until it may judge, without the extremes
    double least = 0, greatest = 0;
    double last = numerics::unknown;  // value
    float step = 0;                   // the least of the value
    float usual_deviation = 0;        // of the forecaster: a weighted mean
    std::uint32_t debt = 0;
    std::uint16_t still = 0;  // points since the last step
    Kind kind = Kind::none;
    std::uint8_t extremes : 4 = 0;  // that are kept: 0 to 2
    std::uint8_t steps : 4 = 0;     // that were seen, up to 4
};

// A point: its value, and what the forecaster expected (NaN where unknown).
struct Observed {
    double value, expected, deviation;
};

struct Judgement {
    double score, expected, deviation, lower, upper;
};

// Thread: any; a model never changes. Every span holds the window; it is empty for exponential weights.
class Model {
  public:
    struct Parameters {
        double z_threshold, half_life;
        double min_scale, min_rel_scale;
        std::uint32_t min_samples, relearn_after;
    };
    static constexpr double greatest_score = 1e9;

    Model() = default;
    explicit Model(const Parameters& given)
        : given_(given),
          weight_(-std::expm1(-std::log(2.0) / given.half_life)),
          clip_(std::max(given.z_threshold, 3.0)) {
        const double z = given.z_threshold, z3 = z * z * z;
        wider_ = (z3 + z) / 4;
        still_wider_ = (5 * z3 * z * z + 16 * z3 + 3 * z) / 96;
    }

    // Whether enough of this kind of point was seen to judge one.
    [[nodiscard]] bool can_judge(const State& state, const Observed& point) const {
        return state.moments.count >= given_.min_samples && state.extremes == 0 &&
               state.kind == kind_of(point);
    }

    // Only where can_judge() holds.
    [[nodiscard]] Judgement judge(const State& state, const Observed& point) const {
        const Place place = locate(state, point);
        const double centre = numerics::saturate(place.origin + state.moments.mean * place.unit);
        const double scale = numerics::saturate(place.scale * place.unit);
        const double reach = numerics::saturate(limit(state) * scale);
        return {score(state, place), centre, scale, numerics::saturate(centre - reach),
                numerics::saturate(centre + reach)};
    }

    void learn(State& state, const Observed& point, std::span<double> window) const {
        const Place place = locate(state, point);
        double x = place.x;
        if (can_judge(state, point)) {
            pay(state, score(state, place) > 1);
            if (state.moments.variance > 0) x = clipped(state, place);
        }
        if (state.kind != kind_of(point) || state.debt >= debt_of_anomaly * given_.relearn_after) {
            state.moments = {};
            state.debt = 0;
            state.extremes = 0;
            state.kind = kind_of(point);
            x = place.x;
        }
        learn_usual(state, point.deviation);
        learn_step(state, point.value);
        if (is_frozen(state) && can_judge(state, point)) return;
        if (!window.empty())
            state.moments.replace(x, window);
        else if (state.moments.count < given_.min_samples)
            learn_early(state, x);
        else
            state.moments.weigh(x, weight_);
    }

  private:
    // A point as the statistics see it: value = origin + x * unit; scale is in units of x.
    struct Place {
        double x, origin, unit, scale;
    };

    static Kind kind_of(const Observed& point) {
        return std::isnan(point.expected) ? Kind::values : Kind::residuals;
    }

    // How many times less sure the forecaster is than usual; 1 where that is not known.
    static double doubt(const State& state, const Observed& point) {
        if (std::isnan(point.deviation) || !(state.usual_deviation > 0)) return 1;
        return std::max(1.0, point.deviation / state.usual_deviation);
    }

    // A gap of a day must not become usual by one point, so what is learned is at most twice what was.
    void learn_usual(State& state, double deviation) const {
        if (std::isnan(deviation)) return;
        const double usual = state.usual_deviation;
        const double learned = usual > 0 ? std::min(deviation, 2 * usual) : deviation;
        const double weight = std::max(weight_, 1.0 / (state.moments.count + 1));
        state.usual_deviation = static_cast<float>(usual + weight * (learned - usual));
    }

    // The steps of a coarse value are multiples of its least one.
    static void learn_step(State& state, double value) {
        const double step = std::abs(value - state.last);
        state.last = value;
        if (state.still < std::numeric_limits<std::uint16_t>::max()) ++state.still;
        if (!(step > rounding * std::abs(value))) return;
        const bool stood = state.still > 1;
        state.still = 0;
        if (state.steps == 0 || step < 0.9 * state.step) {
            state.step = static_cast<float>(step);
            state.steps = 0;
        }
        if (stood && state.steps < steps_needed) state.steps = (state.steps + 1) & 0xf;
    }
    [[nodiscard]] bool is_frozen(const State& state) const {
        return state.still >= frozen_after && state.still < 5 * given_.half_life;
    }
    // The floor of the scale that follows from them.
    [[nodiscard]] double step_floor(const State& state) const {
        if (state.steps < steps_needed) return 0;
        return step_deviation * state.step / (1 + state.still / (4 * given_.half_life));
    }

    [[nodiscard]] Place locate(const State& state, const Observed& point) const {
        const Kind kind = kind_of(point);
        const double origin = kind == Kind::values ? 0 : point.expected;
        const double centre = kind == Kind::values ? state.moments.mean : point.expected;
        const double floor = std::max(
            {given_.min_scale, given_.min_rel_scale * std::abs(centre), step_floor(state), least_scale});
        const double unit = kind == Kind::residuals ? doubt(state, point) : 1;
        const double x = std::clamp(numerics::saturate(point.value - origin) / unit, -greatest_x, greatest_x);
        return {x, origin, unit, std::max(std::sqrt(state.moments.variance), floor / unit)};
    }

    [[nodiscard]] double score(const State& state, const Place& place) const {
        return std::min(std::abs(place.x - state.moments.mean) / (limit(state) * place.scale),
                        greatest_score);
    }

    // Deviations at which the score is 1.
    [[nodiscard]] double limit(const State& state) const {
        constexpr std::uint32_t many = 10'000;
        if (state.moments.count >= many) return given_.z_threshold;
        const double freedom = state.moments.count - 1.0;
        const double t = given_.z_threshold + (wider_ + still_wider_ / freedom) / freedom;
        return std::min(t, 2 * given_.z_threshold);
    }

    // The first numbers, of which the least and the greatest are kept apart.
    void learn_early(State& state, double x) const {
        if (state.moments.count == 0 && state.extremes < 2) {
            const double other = state.extremes == 0 ? x : state.least;
            state.least = std::min(x, other);
            state.greatest = std::max(x, other);
            state.extremes = (state.extremes + 1) & 0xf;
        } else {
            if (x < state.least) std::swap(x, state.least);
            if (x > state.greatest) std::swap(x, state.greatest);
            state.moments.weigh(x, weight_);
        }
        if (state.moments.count + state.extremes < given_.min_samples) return;
        constexpr std::uint32_t enough = 4;  // others, to know a scale from
        const Moments others = state.moments;
        const bool known = others.count >= enough && others.variance > 0;
        const double most = known ? clip_ * std::sqrt(others.variance) : 2 * greatest_x;
        for (const double extreme : {state.least, state.greatest})
            state.moments.weigh(std::clamp(extreme, others.mean - most, others.mean + most), weight_);
        state.extremes = 0;
    }

    [[nodiscard]] double clipped(const State& state, const Place& place) const {
        const double most = clip_ * place.scale;
        return std::clamp(place.x, state.moments.mean - most, state.moments.mean + most);
    }

    static void pay(State& state, bool anomaly) {
        if (anomaly)
            state.debt += debt_of_anomaly;
        else if (state.debt > 0)
            --state.debt;
    }

    static constexpr double greatest_x = 1e150;    // its square is finite
    static constexpr double least_scale = 1e-300;  // so that no division is by 0
    static constexpr double rounding = 1e-9, step_deviation = 0.29;
    static constexpr std::uint32_t debt_of_anomaly = 16, steps_needed = 4, frozen_after = 30;

    Parameters given_{};
    double weight_ = 1, clip_ = 3;
    double wider_ = 0, still_wider_ = 0;  // terms of the limit for few numbers
};

}  // namespace zscore

#endif  // FORECASTD_PLUGINS_ZSCORE_ZSCORE_MODEL_HPP
