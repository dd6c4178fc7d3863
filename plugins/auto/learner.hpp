// What a series learns from a value, by the plan of its seasons.
//
// A lost step takes its forecast. Each value goes through: judge what was forecast of it; regressions,
// levels, profiles; forecasts of the leads that are due.
#ifndef FORECASTD_PLUGINS_AUTO_LEARNER_HPP
#define FORECASTD_PLUGINS_AUTO_LEARNER_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "combination.hpp"

namespace automatic {

// Made for each point. Thread: any, as its series.
class Learner {
  public:
    Learner(const Plan& plan, State& state, const Learning& parts, Ahead& ahead)
        : plan_(plan), state_(state), parts_(parts), ahead_(ahead) {}

    // Begins with the first value.
    void begin(std::int64_t step, std::int64_t local_step, const Units& units) {
        automatic::begin(plan_, parts_);
        state_.clock.begin(step, local_step, plan_.calendar());
        state_.units = units;
    }
    // Learns the value of the step behind the last one. recurs: it was unusual one season before too, so that
    // season's value and profile take it as well.
    void learn(std::int64_t step, std::int64_t local_step, double value, bool recurs) {
        if (!(state_.units.scale > 0) && value != state_.units.center)
            state_.units.scale = std::max(std::abs(numerics::saturate(value - state_.units.center)),
                                          std::numeric_limits<double>::min());
        const double z = state_.units.inward(value);
        judge(plan_, state_, parts_, z, [&](std::size_t lead, double together) {
            const double forecast =
                lead == 0 ? state_.units.above(state_.last, state_.next) : state_.units.outward(together);
            state_.errors[lead].learn(numerics::saturate(value - forecast));
        });
        see(z);
        push(step, z, value, true);
        if (recurs && plan_.first_season() > 0) recur(local_step, z);
        look_ahead();
    }
    // The same for a value of the past, which is not forecast.
    void take_in(std::int64_t step, double value) {
        const double z = state_.units.inward(value);
        see(z);
        push(step, z, value, true);
    }
    // Takes the state_ over lost steps to the one before this.
    void follow(std::int64_t step, std::int64_t local_step) {
        const std::uint64_t furthest = std::max<std::uint64_t>(100, plan_.lags().longest());
        const std::uint64_t between = numerics::steps_between(state_.last_step, step);
        const std::uint64_t distance = within_reach(plan_, between, furthest);
        state_.last_step = numerics::step_after(step, -distance);
        for (std::uint64_t lost = 1; lost < distance; ++lost) {
            const double z = state_.units.inward(state_.last) + state_.next;
            push(numerics::step_after(state_.last_step, 1), z, state_.units.above(state_.last, state_.next),
                 false);
            look_ahead();
        }
        // Forecasts so far were made for other steps, or for other local times.
        if (distance != between || !state_.is_local_as_before(step, local_step))
            state_.judged_from = state_.learned + 1;
        state_.clock.follow(step, local_step, plan_.calendar());
    }

  private:
    static constexpr std::uint64_t settled_each = 64;  // steps
    static constexpr std::uint64_t first_units = 8;
    static constexpr double other_size = 32;  // of the mean absolute deviation, in units

    void see(double z) {
        state_.low = state_.learned == 0 ? z : std::min(state_.low, z);
        state_.high = state_.learned == 0 ? z : std::max(state_.high, z);
    }

    // All members learn a value.
    void push(std::int64_t step, double z, double value, bool known) {
        if (known && state_.learned > 0) regress(z);
        parts_.ring[state_.learned % parts_.ring.size()] = static_cast<float>(z);
        const std::uint64_t n = ++state_.learned;
        state_.last_step = step;
        state_.last = value;
        const std::int64_t local_step = state_.clock.local(step);
        take_other_day_out();
        automatic::learn(state_.smoothing, n, z);
        std::size_t first_phase = 0;
        for (std::size_t i = 0; i < 2; ++i) {
            if (parts_.profiles[i].empty()) continue;
            const std::size_t phase = numerics::phase_of(local_step, parts_.profiles[i].size());
            if (i == 0) first_phase = phase;
            automatic::learn(state_.deviations[i], parts_.profiles[i], profile_gain[i], n, phase, z, known);
        }
        automatic::learn(state_.levels, parts_.season, n, first_phase, z);
        const bool power_of_two = (n & (n - 1)) == 0;
        if (n == parts_.ring.size() || (n >= first_units && n < parts_.ring.size() && power_of_two))
            set_units();
        if (n % settled_each == 0) settle();
    }
    // What decays and is no longer of a size ends as 0 (numerics::settled).
    void settle() {
        const auto settle = [](double& number) { number = numerics::settled(number); };
        for (std::size_t i = 0; i < regressions; ++i) {
            std::for_each(parts_.coefficients[i].begin(), parts_.coefficients[i].end(), settle);
            std::for_each(parts_.triangles[i].begin(), parts_.triangles[i].end(), settle);
            settle(state_.regression_errors[i].mean);
        }
        Smoothing& s = state_.smoothing;
        std::for_each(s.ses.begin(), s.ses.end(), settle);
        std::for_each(s.holt_level.begin(), s.holt_level.end(), settle);
        std::for_each(s.holt_trend.begin(), s.holt_trend.end(), settle);
        for (Deviation& deviation : state_.deviations)
            settle(deviation.last), settle(deviation.products), settle(deviation.squares);
        Levels& levels = state_.levels;
        for (double* const number :
             {&levels.level, &levels.slow, &levels.drift, &levels.sum, &levels.time_sum})
            settle(*number);
        settle(state_.next);
    }
    // Where lags of later days lead, the last week's value stands for that of a day that counted as another
    // one.
    void take_other_day_out() {
        const std::size_t size = parts_.ring.size();
        const std::uint64_t before = lag::other_day_kept + plan_.period();
        if (!state_.clock.is_other_day(numerics::step_after(state_.last_step, 0 - lag::other_day_kept)) ||
            before >= values_kept(state_, size))
            return;
        parts_.ring[(state_.learned - 1 - lag::other_day_kept) % size] =
            parts_.ring[(state_.learned - 1 - before) % size];
    }
    void regress(double z) {
        Inputs x;
        const Kept kept = parts_.kept();
        Outlook outlook(plan_, state_, kept, ahead_);
        outlook.step_ahead();
        for (std::size_t i = 0; i < regressions; ++i) {
            if (parts_.coefficients[i].empty() || state_.learned < inputs_need(plan_, i)) continue;
            outlook.inputs(i, x);
            double error = z - predict(parts_.coefficients[i], x);
            if (i == on_changes) error -= outlook.last();
            automatic::learn(state_.regression_errors[i], parts_.coefficients[i], parts_.triangles[i], x,
                             error);
        }
    }

    void recur(std::int64_t local_step, double z) {
        const std::size_t season = plan_.first_season();
        if (season < values_kept(state_, parts_.ring.size()))
            parts_.ring[(state_.learned - 1 - season) % parts_.ring.size()] = static_cast<float>(z);
        parts_.profiles[0][numerics::phase_of(local_step, season)] = static_cast<float>(z);
    }

    // Forecasts of the leads that are due, which wait for their values.
    void look_ahead() {
        const Kept kept = parts_.kept();
        Outlook outlook(plan_, state_, kept, ahead_);
        const Weighing weighing(plan_, state_, kept.errors);
        for (std::size_t place = 0; place < plan_.leads(); ++place) {
            const Lead& lead = plan_.lead(place);
            if (!is_due(lead, state_.learned)) continue;
            while (outlook.ahead() < lead.steps) outlook.next();
            const OfMembers forecasts = outlook.members();
            const auto slot = waiting(plan_, parts_.waiting, lead, state_.learned);
            const double together = combine(weighing.mixture(place), forecasts, outlook.last());
            if (place == 0) state_.next = weighing.is_worse_than_naive(0) ? 0 : together;
            for (std::size_t i = 0; i < plan_.members(); ++i)
                slot[i] = is_ready(plan_, state_, i) ? numerics::settled_float(forecasts[i])
                                                     : std::numeric_limits<float>::quiet_NaN();
            slot[plan_.members()] = numerics::settled_float(outlook.last() + together);
        }
    }

    // Counts all numbers in the units of the values kept. Once all lags are in use, only if the old ones were
    // far from those: floats would lack digits then.
    void set_units() {
        const std::uint64_t count = values_kept(state_, parts_.ring.size());
        double mean = 0, size = 0;
        for (std::uint64_t i = 0; i < count; ++i) mean += back(state_, parts_.ring, i);
        mean /= static_cast<double>(count);
        for (std::uint64_t i = 0; i < count; ++i) size += std::abs(back(state_, parts_.ring, i) - mean);
        size /= static_cast<double>(count);
        const Units units{state_.units.outward(mean), numerics::saturate(state_.units.scale * size)};
        if (!(size > 0 && units.scale > 0)) return;
        const bool is_far_off =
            size > other_size || size < 1 / other_size || std::abs(mean) > other_size * size;
        if (state_.learned > parts_.ring.size() && !is_far_off) return;
        const double by = 1 / size, shift = -mean / size;
        const auto move = [by, shift](std::span<float> numbers) {
            for (float& z : numbers) z = numerics::settled_float(by * static_cast<double>(z) + shift);
        };
        move(parts_.ring);
        move(parts_.waiting);
        for (float& error : parts_.errors) error = numerics::settled_float(by * static_cast<double>(error));
        rescale(state_.smoothing, by, shift);
        rescale(state_.levels, parts_.season, state_.learned, by, shift);
        for (std::size_t i = 0; i < 2; ++i) rescale(state_.deviations[i], parts_.profiles[i], by, shift);
        for (std::size_t i = 0; i < regressions; ++i)
            rescale(state_.regression_errors[i], parts_.coefficients[i], parts_.triangles[i], i != on_changes,
                    by, shift);
        for (float& error : state_.together) error = numerics::settled_float(by * static_cast<double>(error));
        if (is_far_off) forget(parts_);
        state_.next *= by;
        state_.low = by * state_.low + shift;
        state_.high = by * state_.high + shift;
        state_.units = units;
    }

    const Plan& plan_;
    State& state_;
    const Learning& parts_;
    Ahead& ahead_;
};

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_LEARNER_HPP
