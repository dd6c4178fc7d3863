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
        : plan_(plan), state_(state), parts_(parts), kept_(parts.kept()), ahead_(ahead) {}

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
        const float z = inward(value);
        judge(plan_, state_, parts_, z, [&](std::size_t lead, float together) {
            const double forecast = lead == 0 ? state_.units.above(state_.last, state_.next)
                                              : state_.units.outward(static_cast<double>(together));
            state_.errors[lead].learn(numerics::saturate(value - forecast));
        });
        see(z);
        push(step, z, value, true);
        if (recurs && plan_.first_season() > 0) recur(local_step, z);
        look_ahead();
    }
    // The same for a value of the past, which is not forecast.
    void take_in(std::int64_t step, double value) {
        const float z = inward(value);
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
            const double value = state_.units.above(state_.last, state_.next);
            push(numerics::step_after(state_.last_step, 1), inward(value), value, false);
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
    static constexpr double other_size = 32;     // of the mean absolute deviation, in units
    static constexpr double other_place = 1000;  // mean absolute deviations from the center

    [[nodiscard]] float inward(double value) const { return static_cast<float>(state_.units.inward(value)); }
    void see(float z) {
        state_.low = state_.learned == 0 ? z : std::min(state_.low, z);
        state_.high = state_.learned == 0 ? z : std::max(state_.high, z);
    }

    // All members learn a value.
    void push(std::int64_t step, float z, double value, bool known) {
        if (known && state_.learned > 0) regress(z);
        keep(z);
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
        const std::size_t all = parts_.ring.size() + parts_.past.size();
        const bool is_power_of_two = (n & (n - 1)) == 0;
        if (remainder(n, all) == 0 || (n >= first_units && n < all && is_power_of_two)) set_units();
        if (n < limited_often || n % limit_each == 0) limit();
        if (n % settled_each == 0) settle();
    }
    // The oldest value of the ring makes room, and goes to the past.
    void keep(float z) {
        const std::size_t size = parts_.ring.size();
        float& oldest = parts_.ring[remainder(state_.learned, size)];
        if (state_.learned >= size && parts_.past.size() > 0)
            parts_.past.set(remainder(state_.learned - size, parts_.past.size()), oldest);
        oldest = z;
    }
    void limit() {
        for (std::size_t i = 0; i < regressions; ++i)
            LeastSquares(parts_.factors[i], parts_.coefficients[i].size()).limit();
    }
    // What decays and is no longer of a size ends as 0 (numerics::settled).
    void settle() {
        const auto settle = [](float& number) {
            number = numerics::settled_float(static_cast<double>(number));
        };
        const auto settle_all = [&settle](auto& numbers) {
            std::for_each(numbers.begin(), numbers.end(), settle);
        };
        for (std::size_t i = 0; i < regressions; ++i) {
            settle_all(parts_.coefficients[i]);
            settle_all(parts_.factors[i]);
            settle(state_.regression_errors[i].mean);
        }
        settle_all(parts_.errors);
        settle_all(state_.together);
        Smoothing& s = state_.smoothing;
        settle_all(s.ses);
        settle_all(s.holt_level);
        settle_all(s.holt_trend);
        for (Deviation& deviation : state_.deviations)
            settle(deviation.last), settle(deviation.products), settle(deviation.squares);
        Levels& levels = state_.levels;
        for (float* const number :
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
    void regress(float z) {
        Lagged lagged(plan_, state_, kept_, ahead_.own);
        const Recent recent(state_, lagged);
        lagged.step_ahead();
        Inputs x{};
        std::copy(recent.values.begin(), recent.values.end(), x.begin());
        x[own_lags] = 1;
        learn_regression(0, x, z);
        std::copy(recent.changes.begin(), recent.changes.end(), x.begin());
        learn_regression(on_changes, x, z - recent.newest);
        if (parts_.coefficients[on_season].empty()) return;
        lagged.at_lags([&x](std::size_t i, float value) { x[i] = value; });
        x[plan_.lags().size()] = 1;
        learn_regression(on_season, x, z);
    }
    void learn_regression(std::size_t i, const Inputs& x, float z) {
        if (state_.learned < inputs_need(plan_, i)) return;
        const float error = z - predict(parts_.coefficients[i], x);
        automatic::learn(state_.regression_errors[i], parts_.coefficients[i], parts_.factors[i], x, error);
    }

    void recur(std::int64_t local_step, float z) {
        const std::size_t season = plan_.first_season();
        if (season < values_kept(state_, parts_.ring.size()))
            parts_.ring[(state_.learned - 1 - season) % parts_.ring.size()] = z;
        parts_.profiles[0][numerics::phase_of(local_step, season)] = z;
    }

    // Forecasts of the leads that are due, which wait for their values.
    void look_ahead() {
        Outlook outlook(plan_, state_, kept_, ahead_);
        const Weighing weighing(plan_, state_, kept_.errors);
        for (std::size_t place = 0; place < plan_.leads(); ++place) {
            const Lead& lead = plan_.lead(place);
            const std::size_t slot = lead.slot(state_.learned);
            if (slot == Lead::none) continue;
            while (outlook.ahead() < lead.steps) outlook.next();
            OfMembers forecasts = outlook.members();
            const float together = combine(weighing.mixture(place), forecasts, outlook.last());
            if (place == 0) state_.next = weighing.is_worse_than_naive(0) ? 0 : together;
            if (state_.learned < plan_.needs_of_all())
                for (std::size_t i = 0; i < plan_.members(); ++i)
                    if (!is_ready(plan_, state_, i)) forecasts[i] = std::numeric_limits<float>::quiet_NaN();
            float* const room = waiting(plan_, parts_.waiting, slot).data();
            with_count(plan_.members(), [&]<std::size_t count>() {
                write_slot<count>(forecasts.data(), outlook.last(), outlook.last() + together, room);
            });
        }
    }

    // Counts all numbers in the units of the values kept. Once these were all of them, only where floats
    // would lack digits in the old units, or the regressions would leave such values out.
    void set_units() {
        const std::uint64_t count = values_kept(state_, parts_);
        double mean = 0, size = 0;
        for (std::uint64_t i = 0; i < count; ++i) mean += static_cast<double>(back(state_, parts_, i));
        mean /= static_cast<double>(count);
        for (std::uint64_t i = 0; i < count; ++i)
            size += std::abs(static_cast<double>(back(state_, parts_, i)) - mean);
        size /= static_cast<double>(count);
        const Units units{state_.units.outward(mean), numerics::saturate(state_.units.scale * size)};
        if (!(size > 0 && units.scale > 0)) return;
        const bool is_elsewhere = size > other_size || std::abs(mean) > other_place * size;
        if (state_.learned > parts_.ring.size() + parts_.past.size() && !is_elsewhere) return;
        const double by = 1 / size, shift = -mean / size;
        for (float& z : parts_.ring) z = moved(z, by, shift);
        for (std::size_t i = 0; i < parts_.past.size(); ++i)
            parts_.past.set(i, moved(parts_.past[i], by, shift));
        for (std::size_t slot = 0; slot < plan_.slots(); ++slot)
            rescale(waiting(plan_, parts_.waiting, slot), by, shift);
        for (float& error : parts_.errors) error = moved(error, by, 0);
        rescale(state_.smoothing, by, shift);
        rescale(state_.levels, parts_.season, state_.learned, by, shift);
        for (std::size_t i = 0; i < 2; ++i) rescale(state_.deviations[i], parts_.profiles[i], by, shift);
        for (std::size_t i = 0; i < regressions; ++i)
            rescale(state_.regression_errors[i], parts_.coefficients[i], parts_.factors[i], i != on_changes,
                    by, shift);
        for (float& error : state_.together) error = moved(error, by, 0);
        // Of a size far from this, regressions lack digits.
        if (size > other_size || size < 1 / other_size || std::abs(mean) > other_size * size) forget(parts_);
        state_.next = moved(state_.next, by, 0);
        state_.low = moved(state_.low, by, shift);
        state_.high = moved(state_.high, by, shift);
        state_.units = units;
    }

    const Plan& plan_;
    State& state_;
    const Learning& parts_;
    const Kept kept_;
    Ahead& ahead_;
};

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_LEARNER_HPP
