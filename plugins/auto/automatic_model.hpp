// The forecast of several simple forecasters together, weighted by how good each was of late at each
// distance.
//
//   members.hpp      which there are; their files say how each works
//   judge.hpp        errors of past forecasts, and the weights that follow
//   combination.hpp  the forecast
//   learner.hpp      what a value changes
//   shapes.hpp       the seasons that there may be
//
// One pass and bounded time for a point: nothing is ever fitted.
//
// Where no season is given, they are found (numerics/seasons.hpp) in the values kept, when 24, 32, 48, 64, 96
// ... were seen, and later each time that the values kept are others. If they changed, the series begins
// again with the new ones, and learns the last of those values again: `replayed`, or two of the longest
// season, of which the last `judged` are forecast and judged too.
#ifndef FORECASTD_PLUGINS_AUTO_AUTOMATIC_MODEL_HPP
#define FORECASTD_PLUGINS_AUTO_AUTOMATIC_MODEL_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "learner.hpp"
#include "shapes.hpp"

namespace automatic {

// What a series has learned about its members.
struct Standing {
    std::size_t member;  // with the greatest weight
    double weight;
};

// Thread: any; what the calls share is guarded.
class Model {
  public:
    explicit Model(const Plan& plan) : shapes_(plan) {}
    // Seasons are found. horizon, extra, day: as in Shapes.
    Model(numerics::SeasonFinder finder, std::size_t horizon, std::size_t extra, std::uint64_t day)
        : finder_(std::move(finder)), shapes_(*finder_, horizon, extra, day) {}

    [[nodiscard]] const Plan& plan(const State& state) const { return shapes_[state.shape].plan; }
    // Those that were found or given.
    [[nodiscard]] numerics::Seasons seasons(const State& state) const { return shapes_[state.shape].seasons; }
    [[nodiscard]] const Layout& layout(const State& state) const { return shapes_[state.shape].layout; }
    // Numbers that a series keeps beside its state.
    [[nodiscard]] std::size_t floats() const { return shapes_.floats(); }
    [[nodiscard]] bool ready(const State& state) const { return state.learned > 0; }

    // state must be ready.
    [[nodiscard]] numerics::Expected expect(const State& state, std::span<const float> floats,
                                            std::int64_t step, std::int64_t local_step) const {
        if (numerics::steps_between(state.last_step, step) == 1 && state.is_local_as_before(step, local_step))
            return {state.units.above(state.last, state.next), deviation(plan(state), state, 1)};
        numerics::Expected expected{};
        forecast(state, floats,
                 [&](Combination& combination) { expected = combination.at(step, local_step); });
        return expected;
    }
    // use(Combination&) asks for the steps.
    template <class Use>
    void forecast(const State& state, std::span<const float> floats, Use use) const {
        const AheadPool::Lease ahead(*pool_);
        const Kept kept(layout(state), floats);
        Combination combination(plan(state), state, kept, *ahead);
        use(combination);
    }
    // The member that leads at a lead of the plan.
    [[nodiscard]] Standing leader(const State& state, std::span<const float> floats, std::size_t lead) const {
        const OfMembers weight = Weighing(plan(state), state, Kept(layout(state), floats).errors).at(lead);
        const auto best = std::max_element(weight.begin(), weight.end());
        return {static_cast<std::size_t>(best - weight.begin()), static_cast<double>(*best)};
    }

    // Learns the value at a later step. recurs: as in Learner.
    void learn(State& state, std::span<float> floats, std::int64_t step, std::int64_t local_step,
               double value, bool recurs = false) const {
        const AheadPool::Lease ahead(*pool_);
        if (is_elsewhere(state, value)) {
            state = {};
            std::fill(floats.begin(), floats.end(), 0.0F);
        }
        const Learning parts(layout(state), floats);
        Learner learner(plan(state), state, parts, *ahead);
        if (state.learned == 0)
            learner.begin(step, local_step, {value, 0});
        else
            learner.follow(step, local_step);
        learner.learn(step, local_step, value, recurs);
        if (finder_ && is_time_to_look(++state.seen, layout(state).values()))
            look_for_seasons(state, floats, local_step, *ahead);
    }

  private:
    static constexpr std::uint32_t patience = 8;  // values far from the center
    static constexpr double elsewhere = 1e5;      // units: beyond, floats lack digits for what is usual there
    static constexpr std::uint32_t first_look = 24;
    static constexpr std::size_t replayed = 1024, judged = 512;

    // Whether this is the last of several values far from all before: the series is another one now.
    static bool is_elsewhere(State& state, double value) {
        const bool is_far = state.learned > 0 && std::abs(state.units.inward(value)) > elsewhere;
        state.far = is_far ? state.far + 1 : 0;
        return state.far >= patience;
    }

    // 2^k and 3 2^k while the past fills, then each time that all of it is new.
    static bool is_time_to_look(std::uint32_t seen, std::size_t kept) {
        if (seen < first_look) return false;
        if (seen > kept) return seen % kept == 0;
        const std::uint32_t part = seen % 3 == 0 ? seen / 3 : seen;
        return (part & (part - 1)) == 0;
    }
    void look_for_seasons(State& state, std::span<float> floats, std::int64_t local_step,
                          Ahead& ahead) const {
        std::vector<double>& past = ahead.past;
        const Learning before(layout(state), floats);
        const std::size_t count = values_kept(state, before);
        past.resize(count);
        for (std::size_t i = 0; i < count; ++i)
            past[i] = static_cast<double>(back(state, before, count - 1 - i));
        const numerics::Seasons in_use = shapes_[state.shape].seasons;
        const std::uint32_t found = shapes_.index_of(finder_->find(past, in_use, ahead.room));
        if (found == state.shape) return;
        State next;
        next.shape = found;
        next.seen = state.seen;
        next.far = state.far;
        for (double& value : past) value = state.units.outward(value);
        past.back() = state.last;
        learn_again(next, floats, local_step, state, ahead);
        state = next;
    }
    // What ahead.past has, which ends with the last value of the state before.
    void learn_again(State& state, std::span<float> floats, std::int64_t local_step, const State& before,
                     Ahead& ahead) const {
        const Plan& plan = this->plan(state);
        std::fill(floats.begin(), floats.end(), 0.0F);
        const Learning parts(layout(state), floats);
        Learner learner(plan, state, parts, ahead);
        const std::size_t all = ahead.past.size();
        const std::size_t count = std::min(all, std::max(replayed, 2 * plan.period() + judged));
        for (std::size_t i = all - count; i < all; ++i) {
            const std::int64_t step = numerics::step_after(before.last_step, i + 1 - all);
            const std::int64_t local = numerics::step_after(local_step, i + 1 - all);
            const double value = ahead.past[i];
            if (i == all - count) learner.begin(step, local, before.units);
            if (all - i > judged) {
                learner.take_in(step, value);
            } else {
                if (all - i == judged) state.judged_from = state.learned + 1;
                learner.learn(step, local, value, false);
            }
        }
    }

    std::optional<numerics::SeasonFinder> finder_;
    Shapes shapes_;
    std::unique_ptr<AheadPool> pool_ = std::make_unique<AheadPool>([] { return std::make_unique<Ahead>(); });
};

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_AUTOMATIC_MODEL_HPP
