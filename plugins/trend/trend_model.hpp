// A robust straight line with seasons, for forecasts far ahead: when is the disk full?
//
//   forecast(h) = line(h) + season(h) + anchor + near 2^-((h - 1) / half_life)
//
// The line and the seasons are fitted to the means of blocks (line_fit.hpp) at the end of a block, at most 24
// times a season. The anchor is how far the series has walked off the line; `near` what the last values add
// to that, smoothed by whichever of four gains was best of late. The slope is moved towards 0 by what it is
// uncertain of (James & Stein, 1961).
//
// The variance of a forecast is that of one step, that of the values around the line, and, times what past
// lines were worse than their variance said (Backtest), that of the walk and of the slope, which grows with
// the square of h.
//
// Before the first fit the last value is the forecast.
#ifndef FORECASTD_PLUGINS_TREND_TREND_MODEL_HPP
#define FORECASTD_PLUGINS_TREND_TREND_MODEL_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>

#include "../fitting/pool.hpp"
#include "../fitting/scale.hpp"
#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"
#include "blocks.hpp"
#include "line_fit.hpp"
#include "state.hpp"

namespace trend {

// Thread: any; what the fits share is guarded.
class Model {
  public:
    Model(std::size_t window, std::size_t first_season, std::size_t second_season)
        : blocks_(window, first_season, second_season) {
        half_life_ = std::max(4.0, blocks_.steps());
        benches_ =
            std::make_unique<fitting::Pool<LineFit>>([this] { return std::make_unique<LineFit>(blocks_); });
    }
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;

    [[nodiscard]] const Blocks& blocks() const { return blocks_; }
    [[nodiscard]] bool ready(const State& state) const { return state.points > 0 && sound(state); }

    // state must be ready.
    [[nodiscard]] numerics::Expected expect(const State& state, const ConstParts& parts, std::int64_t step,
                                            std::int64_t local_step) const {
        const auto ahead =
            static_cast<double>(std::max<std::uint64_t>(1, numerics::steps_between(state.last_step, step)));
        if (state.fits == 0) return {state.last, state.errors.deviation(ahead)};
        const double left = std::exp2(-(ahead - 1) / half_life_);
        const double mean = numerics::saturate(base(state, parts, local_step) + near(state) * left);
        return {std::isnan(mean) ? state.last : mean, deviation(state, ahead, left)};
    }

    // Learns the value at a later step.
    void learn(State& state, const Parts& parts, std::int64_t step, std::int64_t local_step,
               double value) const {
        if (state.points > 0 && !sound(state)) state = {};
        if (state.points == 0) {
            state.block = blocks_.of(local_step);
        } else {
            judge(state, parts, step, local_step, value);
            if (less(blocks_.of(local_step), state.block) > 0) advance(state, parts, local_step);
        }
        ++state.count;
        state.mean += value / state.count - state.mean / state.count;
        state.last = value;
        state.last_step = step;
        state.last_local = local_step;
        ++state.points;
    }

    // Of the line, by the step: the slope as it is forecast with, and its deviation.
    [[nodiscard]] double slope(const State& state) const {
        return numerics::saturate(shrunk(state.line) * state.unit / blocks_.steps());
    }
    [[nodiscard]] double slope_deviation(const State& state) const {
        return numerics::saturate(std::sqrt(state.line.slope_variance * inflation(state)) * state.unit /
                                  blocks_.steps());
    }
    // Squared errors of past lines over their variance, at least 1. At first that of Student's t with six
    // degrees of freedom: so well are noise and walk known.
    [[nodiscard]] static double inflation(const State& state) {
        return std::max(least_inflation,
                        (prior * first_inflation + state.backtest.sum) / (prior + state.backtest.weight));
    }

  private:
    static constexpr double far_out = 6;          // deviations: values that begin a shift
    static constexpr std::uint32_t to_shift = 3;  // of them, one after another
    static constexpr double keep = 0.99;          // of the errors of `near`, at each point
    static constexpr std::uint32_t least_blocks = 4;
    static constexpr int most_breaks = 3;  // one within the part that another one left
    static constexpr double prior = 2;     // backtests that are thought to have been off by first_inflation
    static constexpr double keep_judged = 0.95, most_judged = 25, least_inflation = 1, first_inflation = 1.5;

    // Bytes that are no state of this model must not lead outside of its memory.
    [[nodiscard]] bool sound(const State& state) const {
        return state.next < blocks_.count() && state.filled <= blocks_.count();
    }
    [[nodiscard]] static double shrunk(const Line& line) {
        const double square = line.slope * line.slope;
        return square > line.slope_variance ? line.slope * (1 - line.slope_variance / square) : 0;
    }
    [[nodiscard]] static std::int64_t less(std::int64_t later, std::int64_t earlier) {
        return static_cast<std::int64_t>(numerics::steps_between(earlier, later));
    }

    // Line, season and anchor, in the unit of the values.
    [[nodiscard]] double base(const State& state, const ConstParts& parts, std::int64_t local_step) const {
        const std::int64_t block = blocks_.of(local_step);
        const double time =
            state.fitted_time + static_cast<double>(less(local_step, state.fitted_at)) / blocks_.steps();
        const double sum =
            state.line.level + shrunk(state.line) * time + state.line.anchor + season(state, parts, block);
        return numerics::saturate(state.offset + numerics::saturate(state.unit * sum));
    }
    [[nodiscard]] double season(const State& state, const ConstParts& parts, std::int64_t block) const {
        if (state.line.is_seasonal == 0) return 0;
        const double longer = parts.season[blocks_.phase(block)];
        return blocks_.short_phases() > 0 ? longer + parts.short_season[blocks_.short_phase(block)] : longer;
    }
    [[nodiscard]] double near(const State& state) const {
        std::size_t best = 0;
        for (std::size_t i = 1; i < gains.size(); ++i)
            if (state.near_errors[i] < state.near_errors[best]) best = i;
        return state.near[best];
    }
    [[nodiscard]] double deviation(const State& state, double ahead, double left) const {
        const double one = state.errors.deviation();
        const double around = state.far_errors.deviation();
        const double blocks = ahead / blocks_.steps();
        const double grown =
            inflation(state) * (state.line.walk * std::max(0.0, blocks - 1 / blocks_.steps()) +
                                state.line.slope_variance * blocks * blocks);
        const double wider =
            around > one ? std::sqrt((around - one) * (1 - left * left)) * std::sqrt(around + one) : 0;
        const double ran = std::hypot(state.unit * std::sqrt(grown), changed(state, blocks));
        return numerics::saturate(std::hypot(one, wider, ran));
    }
    // What changed once in a window may change again: one change of that size, at some time in a window.
    [[nodiscard]] double changed(const State& state, double blocks) const {
        if (state.has_begun == 0) return 0;
        const double change = shrunk(state.line) * state.unit - state.slope_before;
        return std::abs(change) * blocks * std::sqrt(blocks / (6 * static_cast<double>(blocks_.count())));
    }

    // Learns how far a value is from its forecast.
    void judge(State& state, const Parts& parts, std::int64_t step, std::int64_t local_step,
               double value) const {
        const ConstParts seen{parts.means, parts.season, parts.short_season};
        const std::uint64_t distance =
            std::max<std::uint64_t>(1, numerics::steps_between(state.last_step, step));
        const auto ahead = static_cast<double>(distance);
        if (state.fits == 0) {
            state.errors.learn(numerics::saturate(value - state.last), ahead);
            return;
        }
        const double left = std::exp2(-(ahead - 1) / half_life_);
        const double off = numerics::saturate(value - base(state, seen, local_step));
        const double limit = far_out * std::max(state.errors.deviation(), state.far_errors.deviation());
        const double one = state.errors.deviation(), then = deviation(state, ahead, left);
        const double ratio = one > 0 && then < 1e6 * one ? then / one : 1;
        state.errors.learn(numerics::saturate(off - near(state) * left), ratio * ratio);
        state.far_errors.learn(off);
        for (std::size_t i = 0; i < gains.size(); ++i) {
            const double guess = state.near[i] * left, error = numerics::saturate(off - guess);
            state.near_errors[i] = numerics::saturate(keep * state.near_errors[i] + std::abs(error));
            state.near[i] = numerics::saturate(guess + gains[i] * error);
        }
        watch_for_shift(state, parts, off, limit);
    }

    void watch_for_shift(State& state, const Parts& parts, double off, double limit) const {
        Shift& shift = state.shift;
        if (!(std::abs(off) > limit) || state.far_errors.count() <= numerics::ErrorVariance::warm_after) {
            shift.run = 0;
            return;
        }
        if (shift.run == 0 || (off > 0) != (shift.sum > 0)) shift.run = 0, shift.sum = 0;
        ++shift.run;
        shift.sum = numerics::saturate(shift.sum + off);
        if (shift.run < to_shift) return;
        const double size = shift.sum / shift.run;
        shift.run = 0;
        const std::int64_t horizon = numerics::step_after(state.block, blocks_.count());
        if (shift.recurs > 0 && less(shift.recurs_until, state.block) > 0) {
            shift.recurs_until = horizon;
            return;
        }
        state.backtest.is_pending = 0;
        if (shift.size != 0) {  // NOLINT(clang-diagnostic-float-equal): 0 is none
            shift.size = 0;
            shift.recurs = 1;
            shift.recurs_until = horizon;
            refit(state, parts);
            return;
        }
        shift.recurs = 0;
        shift.size = size;
        shift.block = state.block;
        state.mean = 0;
        state.count = 0;
        state.offset = numerics::saturate(state.offset + size);
        for (double& near : state.near) near = numerics::saturate(near - size);
        state.near[0] = 0;
    }

    // Closes the block that was being filled, and those without a point up to the one of local_step.
    void advance(State& state, const Parts& parts, std::int64_t local_step) const {
        const std::int64_t block = blocks_.of(local_step), closed = state.block;
        const std::uint64_t distance = numerics::steps_between(closed, block);
        if (distance > blocks_.count()) state.filled = 0;
        if (distance <= blocks_.count() || state.count > 0)
            push(state, parts, state.count > 0 ? state.mean : std::numeric_limits<double>::quiet_NaN());
        for (std::uint64_t lost = 1; lost < std::min<std::uint64_t>(distance, blocks_.count()); ++lost)
            push(state, parts, std::numeric_limits<double>::quiet_NaN());
        state.since = static_cast<std::uint32_t>(std::min<std::uint64_t>(state.since + distance, UINT32_MAX));
        state.block = block;
        if (state.shift.size != 0 &&  // NOLINT(clang-diagnostic-float-equal): 0 is none
            less(block, state.shift.block) > static_cast<std::int64_t>(blocks_.count()))
            state.shift.size = 0;
        if (state.fits > 0 && state.count > 0) settle(state, parts, closed);
        state.mean = 0;
        state.count = 0;
        const bool young = usable(state) < blocks_.phases() || state.fits == 0;
        if (state.filled < least_blocks || (!young && state.since < blocks_.between_fits())) return;
        state.fitted_at = local_step;
        state.fitted_time = 0.5 + blocks_.within(local_step) + 0.5 / blocks_.steps();
        refit(state, parts);
    }
    void push(State& state, const Parts& parts, double mean) const {
        parts.means[state.next] = mean;
        state.next = state.next + 1 == blocks_.count() ? 0 : state.next + 1;
        if (state.filled < blocks_.count()) ++state.filled;
    }

    // Moves the anchor by what a block is off, and judges a line of the past by it.
    void settle(State& state, const Parts& parts, std::int64_t block) const {
        const ConstParts seen{parts.means, parts.season, parts.short_season};
        const auto time = static_cast<double>(less(block, state.origin));
        const double usual = season(state, seen, block);
        const double now = numerics::saturate(state.mean - state.offset) / state.unit - usual;
        const double moved =
            state.line.gain * (now - state.line.level - shrunk(state.line) * time - state.line.anchor);
        if (std::isfinite(moved) && time > 0) {
            state.line.anchor += moved;
            for (double& near : state.near) near = numerics::saturate(near - moved * state.unit);
            state.near[0] = 0;
        }
        Backtest& past = state.backtest;
        if (past.is_pending == 0 || less(block, past.target) < 0) return;
        past.is_pending = 0;
        const auto ahead = static_cast<double>(less(block, past.origin));
        const double error = (numerics::saturate(state.mean - past.offset) - usual * state.unit) / past.unit -
                             past.level - past.slope * ahead;
        const double variance = past.noise + past.walk * ahead + past.slope_variance * ahead * ahead;
        const double ratio = error * error / variance;
        if (!(variance > 0) || std::isnan(ratio)) return;
        past.sum = keep_judged * past.sum + std::min(ratio, most_judged);
        past.weight = keep_judged * past.weight + 1;
        if (past.judged < UINT32_MAX) ++past.judged;
    }

    void refit(State& state, const Parts& parts) const {
        const ConstParts seen{parts.means, parts.season, parts.short_season};
        const double before = state.fits > 0 ? base(state, seen, state.last_local) : state.last;
        bool fitted = fit(state, parts);
        for (int i = 0; i < most_breaks && fitted && state.line.since_break > 0 && begin_again(state); ++i)
            fitted = fit(state, parts);
        state.since = 0;
        const double moved = numerics::saturate(before - base(state, seen, state.last_local));
        if (state.fits == 0) return;
        for (double& near : state.near) near = numerics::saturate(near + moved);
        state.near[0] = 0;
        begin_backtest(state);
    }
    // Growth has changed: the line begins there. Where it has changed before within a window, changing is
    // what it does, and all blocks count, for a window from now on. False: the line stays.
    [[nodiscard]] bool begin_again(State& state) const {
        const std::int64_t horizon = numerics::step_after(state.origin, blocks_.count());
        if (state.changes > 0 && less(state.changes_until, state.origin) > 0) {
            state.changes_until = horizon;
            return false;
        }
        state.changes = 0;
        state.backtest.is_pending = 0;
        // At first the change lies within the blocks that are kept: the next fits cut off what is before it.
        const auto same = static_cast<std::int64_t>(std::max<std::size_t>(4, blocks_.count() / 8));
        if (state.has_begun > 0 && less(state.origin, state.broke_at) > same) {
            state.has_begun = 0;
            state.changes = 1;
            state.changes_until = horizon;
            return true;
        }
        if (state.has_begun == 0) {
            state.broke_at = state.origin;
            state.slope_before = numerics::saturate(shrunk(state.line) * state.unit);
        }
        state.has_begun = 1;
        state.begin =
            numerics::step_after(state.origin, 1 - static_cast<std::uint64_t>(state.line.since_break));
        return true;
    }
    // The newest blocks that the line may be fitted to.
    [[nodiscard]] std::size_t usable(const State& state) const {
        if (state.has_begun == 0) return state.filled;
        const std::int64_t since = less(state.block, state.begin);
        return since > 0 ? std::min<std::size_t>(state.filled, static_cast<std::size_t>(since))
                         : state.filled;
    }
    // Whether there were enough blocks.
    bool fit(State& state, const Parts& parts) const {
        const auto bench = benches_->borrow();
        const std::size_t n = usable(state), count = blocks_.count();
        const std::size_t oldest = (state.next + count - n) % count;
        double offset = std::numeric_limits<double>::quiet_NaN();
        std::size_t known = 0;
        const std::int64_t newest = numerics::step_after(state.block, ~std::uint64_t{0});
        for (std::size_t i = 0; i < n; ++i) {
            double& mean = bench->raw[i];
            mean = parts.means[(oldest + i) % count];
            const std::int64_t block = numerics::step_after(newest, -static_cast<std::uint64_t>(n - 1 - i));
            if (less(block, state.shift.block) < 0) mean = numerics::saturate(mean + state.shift.size);
            if (std::isnan(mean)) continue;
            if (known++ == 0) offset = mean;
        }
        if (n == count) state.has_begun = 0;
        if (known < least_blocks) return false;
        const std::span<double> raw = std::span(bench->raw).first(n);
        for (double& mean : raw) mean = mean / 4 - offset / 4;
        const double unit = numerics::saturate(4 * fitting::bring_near_one(raw));
        const bool keeps_season = state.line.is_seasonal > 0;
        if (keeps_season)
            for (const std::span<double> profile : {parts.season, parts.short_season})
                for (double& value : profile) value = numerics::saturate(value * (state.unit / unit));
        state.line = bench->fit(n, newest, parts.season, parts.short_season, keeps_season);
        state.offset = offset;
        state.unit = unit;
        state.origin = newest;
        if (state.fits < UINT32_MAX) ++state.fits;
        return true;
    }
    void begin_backtest(State& state) const {
        Backtest& past = state.backtest;
        if (past.is_pending > 0) return;
        past.is_pending = 1;
        past.origin = state.origin;
        past.target = numerics::step_after(state.origin, std::max<std::size_t>(2, usable(state) / 2));
        past.offset = state.offset;
        past.unit = state.unit;
        past.level = state.line.level + state.line.anchor;
        past.slope = shrunk(state.line);
        past.noise = state.line.noise;
        past.walk = state.line.walk;
        past.slope_variance = state.line.slope_variance;
    }

    Blocks blocks_;
    double half_life_ = 4;
    std::unique_ptr<fitting::Pool<LineFit>> benches_;
};

}  // namespace trend

#endif  // FORECASTD_PLUGINS_TREND_TREND_MODEL_HPP
