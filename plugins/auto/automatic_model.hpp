// The forecast of several simple forecasters together, weighted by how good each was of late at each
// distance.
//
//   members.hpp      which there are; their files say how each works
//   judge.hpp        errors of past forecasts, and the weights that follow
//   combination.hpp  the forecast
//
// One pass and bounded time for a point: nothing is ever fitted. A lost step takes its forecast.
#ifndef FORECASTD_PLUGINS_AUTO_AUTOMATIC_MODEL_HPP
#define FORECASTD_PLUGINS_AUTO_AUTOMATIC_MODEL_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>

#include "combination.hpp"

namespace automatic {

// What a series has learned about its members.
struct Standing {
    std::size_t member;  // with the greatest weight
    double weight;
};

// Thread: any; what the calls share is guarded.
class Model {
  public:
    explicit Model(const Plan& plan) : plan_(plan), layout_(plan_) {}

    [[nodiscard]] const Plan& plan() const { return plan_; }
    [[nodiscard]] const Layout& layout() const { return layout_; }
    [[nodiscard]] bool ready(const State& state) const { return state.learned > 0; }

    // state must be ready.
    [[nodiscard]] numerics::Expected expect(const State& state, std::span<const float> floats,
                                            std::span<const double> doubles, std::int64_t step,
                                            std::int64_t local_step) const {
        if (numerics::steps_between(state.last_step, step) == 1 &&
            is_local_as_before(state, step, local_step))
            return {state.units.above(state.last, state.next), deviation(plan_, state, 1)};
        numerics::Expected expected{};
        forecast(state, floats, doubles,
                 [&](Combination& combination) { expected = combination.at(step, local_step); });
        return expected;
    }
    // use(Combination&) asks for the steps.
    template <class Use>
    void forecast(const State& state, std::span<const float> floats, std::span<const double> doubles,
                  Use use) const {
        const AheadPool::Lease ahead(*pool_);
        const Kept kept(layout_, floats, doubles);
        Combination combination(plan_, state, kept, *ahead);
        use(combination);
    }
    // The member that leads at a lead of the plan.
    [[nodiscard]] Standing leader(const State& state, std::span<const float> floats,
                                  std::span<const double> doubles, std::size_t lead) const {
        const OfMembers weight = Weighing(plan_, state, Kept(layout_, floats, doubles).errors).at(lead);
        const auto best = std::max_element(weight.begin(), weight.end());
        return {static_cast<std::size_t>(best - weight.begin()), *best};
    }

    // Learns the value at a later step. recurs: it was unusual one season before too, so that season's value
    // and profile take it as well.
    void learn(State& state, std::span<float> floats, std::span<double> doubles, std::int64_t step,
               std::int64_t local_step, double value, bool recurs = false) const {
        const Learning parts(layout_, floats, doubles);
        const AheadPool::Lease ahead(*pool_);
        if (is_elsewhere(state, value)) {
            state = {};
            std::fill(floats.begin(), floats.end(), 0.0F);
        }
        if (state.learned == 0) {
            begin(plan_, parts);
            state.clock.begin(step, local_step, plan_.calendar());
            state.units = {value, 0};
        } else {
            follow(state, parts, step, local_step, *ahead);
        }
        if (!(state.units.scale > 0) && value != state.units.center)
            state.units.scale = std::max(std::abs(numerics::saturate(value - state.units.center)),
                                         std::numeric_limits<double>::min());
        const double z = state.units.inward(value);
        judge(plan_, state, parts, z, [&](std::size_t lead, double together) {
            const double forecast =
                lead == 0 ? state.units.above(state.last, state.next) : state.units.outward(together);
            state.errors[lead].learn(numerics::saturate(value - forecast));
        });
        state.low = state.learned == 0 ? z : std::min(state.low, z);
        state.high = state.learned == 0 ? z : std::max(state.high, z);
        push(state, parts, step, z, value, true, *ahead);
        if (recurs && plan_.first_season() > 0) recur(state, parts, local_step, z);
        look_ahead(state, parts, *ahead);
    }

  private:
    static constexpr std::uint32_t patience = 8;  // values far from the center
    static constexpr double elsewhere = 1e5;      // units: beyond, floats lack digits for what is usual there
    static constexpr std::uint64_t first_units = 8;
    static constexpr double other_size = 32;  // of the mean absolute deviation, in units

    static bool is_local_as_before(const State& state, std::int64_t step, std::int64_t local_step) {
        return state.clock.local(step) == local_step;
    }

    // Whether this is the last of several values far from all before: the series is another one now.
    static bool is_elsewhere(State& state, double value) {
        const bool is_far = state.learned > 0 && std::abs(state.units.inward(value)) > elsewhere;
        state.far = is_far ? state.far + 1 : 0;
        return state.far >= patience;
    }

    // Takes the state over lost steps to the one before this.
    void follow(State& state, const Learning& parts, std::int64_t step, std::int64_t local_step,
                Ahead& ahead) const {
        const std::uint64_t furthest = std::max<std::uint64_t>(100, plan_.lags().longest());
        const std::uint64_t between = numerics::steps_between(state.last_step, step);
        const std::uint64_t distance = within_reach(plan_, between, furthest);
        state.last_step = numerics::step_after(step, -distance);
        for (std::uint64_t lost = 1; lost < distance; ++lost) {
            const double z = state.units.inward(state.last) + state.next;
            push(state, parts, numerics::step_after(state.last_step, 1), z,
                 state.units.above(state.last, state.next), false, ahead);
            look_ahead(state, parts, ahead);
        }
        // Forecasts so far were made for other steps, or for other local times.
        if (distance != between || !is_local_as_before(state, step, local_step))
            state.judged_from = state.learned + 1;
        state.clock.follow(step, local_step, plan_.calendar());
    }

    // All members learn a value.
    void push(State& state, const Learning& parts, std::int64_t step, double z, double value, bool known,
              Ahead& ahead) const {
        if (known && state.learned > 0) regress(state, parts, z, ahead);
        parts.ring[state.learned % parts.ring.size()] = static_cast<float>(z);
        const std::uint64_t n = ++state.learned;
        state.last_step = step;
        state.last = value;
        const std::int64_t local_step = state.clock.local(step);
        take_other_day_out(state, parts);
        automatic::learn(state.smoothing, n, z);
        std::size_t first_phase = 0;
        for (std::size_t i = 0; i < 2; ++i) {
            if (parts.profiles[i].empty()) continue;
            const std::size_t phase = numerics::phase_of(local_step, parts.profiles[i].size());
            if (i == 0) first_phase = phase;
            automatic::learn(state.deviations[i], parts.profiles[i], profile_gain[i], n, phase, z, known);
        }
        automatic::learn(state.levels, parts.season, n, first_phase, z);
        const bool power_of_two = (n & (n - 1)) == 0;
        if (n == plan_.ring() || (n >= first_units && n < plan_.ring() && power_of_two))
            set_units(state, parts);
    }
    // Where lags of later days lead, the last week's value stands for that of a day that counted as another one.
    void take_other_day_out(const State& state, const Learning& parts) const {
        const std::size_t size = parts.ring.size();
        const std::uint64_t before = lag::other_day_kept + plan_.period();
        if (!state.clock.is_other_day(numerics::step_after(state.last_step, 0 - lag::other_day_kept)) ||
            before >= values_kept(state, size))
            return;
        parts.ring[(state.learned - 1 - lag::other_day_kept) % size] =
            parts.ring[(state.learned - 1 - before) % size];
    }
    void regress(State& state, const Learning& parts, double z, Ahead& ahead) const {
        Inputs x;
        const Kept kept = parts.kept();
        Outlook outlook(plan_, state, kept, ahead);
        outlook.step_ahead();
        for (std::size_t i = 0; i < regressions; ++i) {
            if (parts.coefficients[i].empty() || state.learned < inputs_need(plan_, i)) continue;
            outlook.inputs(i, x);
            double error = z - predict(parts.coefficients[i], x);
            if (i == on_changes) error -= outlook.last();
            automatic::learn(state.regression_errors[i], parts.coefficients[i], parts.triangles[i], x, error);
        }
    }

    void recur(State& state, const Learning& parts, std::int64_t local_step, double z) const {
        const std::size_t season = plan_.first_season();
        if (season < values_kept(state, parts.ring.size()))
            parts.ring[(state.learned - 1 - season) % parts.ring.size()] = static_cast<float>(z);
        parts.profiles[0][numerics::phase_of(local_step, season)] = static_cast<float>(z);
    }

    // Forecasts of the leads that are due, which wait for their values.
    void look_ahead(State& state, const Learning& parts, Ahead& ahead) const {
        const Kept kept = parts.kept();
        Outlook outlook(plan_, state, kept, ahead);
        const Weighing weighing(plan_, state, kept.errors);
        for (std::size_t place = 0; place < plan_.leads(); ++place) {
            const Lead& lead = plan_.lead(place);
            if (!is_due(lead, state.learned)) continue;
            while (outlook.ahead() < lead.steps) outlook.next();
            const OfMembers forecasts = outlook.members();
            const auto slot = waiting(plan_, parts.waiting, lead, state.learned);
            const double together = combine(weighing.mixture(place), forecasts, outlook.last());
            if (place == 0) state.next = weighing.is_worse_than_naive(0) ? 0 : together;
            for (std::size_t i = 0; i < plan_.members(); ++i)
                slot[i] = is_ready(plan_, state, i) ? static_cast<float>(forecasts[i])
                                                    : std::numeric_limits<float>::quiet_NaN();
            slot[plan_.members()] = static_cast<float>(outlook.last() + together);
        }
    }

    // Counts all numbers in the units of the values kept. Once all lags are in use, only if the old ones were
    // far from those: floats would lack digits then.
    void set_units(State& state, const Learning& parts) const {
        const std::uint64_t count = values_kept(state, parts.ring.size());
        double mean = 0, size = 0;
        for (std::uint64_t i = 0; i < count; ++i) mean += back(state, parts.ring, i);
        mean /= static_cast<double>(count);
        for (std::uint64_t i = 0; i < count; ++i) size += std::abs(back(state, parts.ring, i) - mean);
        size /= static_cast<double>(count);
        const Units units{state.units.outward(mean), numerics::saturate(state.units.scale * size)};
        if (!(size > 0 && units.scale > 0)) return;
        const bool is_far_off =
            size > other_size || size < 1 / other_size || std::abs(mean) > other_size * size;
        if (state.learned > plan_.ring() && !is_far_off) return;
        const double by = 1 / size, shift = -mean / size;
        const auto move = [by, shift](std::span<float> numbers) {
            for (float& z : numbers) z = static_cast<float>(by * static_cast<double>(z) + shift);
        };
        move(parts.ring);
        move(parts.waiting);
        for (float& error : parts.errors) error = static_cast<float>(by * static_cast<double>(error));
        rescale(state.smoothing, by, shift);
        rescale(state.levels, parts.season, state.learned, by, shift);
        for (std::size_t i = 0; i < 2; ++i) rescale(state.deviations[i], parts.profiles[i], by, shift);
        for (std::size_t i = 0; i < regressions; ++i)
            rescale(state.regression_errors[i], parts.coefficients[i], parts.triangles[i], i != on_changes,
                    by, shift);
        for (float& error : state.together) error = static_cast<float>(by * static_cast<double>(error));
        if (is_far_off) forget(parts);
        state.next *= by;
        state.low = by * state.low + shift;
        state.high = by * state.high + shift;
        state.units = units;
    }

    Plan plan_;
    Layout layout_;
    std::unique_ptr<AheadPool> pool_ = std::make_unique<AheadPool>([] { return std::make_unique<Ahead>(); });
};

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_AUTOMATIC_MODEL_HPP
