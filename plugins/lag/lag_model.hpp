// A forecast from the values some steps back: a few of the last, and those around one season ago
// (lag_set.hpp, outlook.hpp). Its weights come from
//
//   window   ridge regression on the last values, again and again (ridge.hpp), and recursive least squares at
//            the points between (recursive_fit.hpp)
//   online   the regression alone until all lags are in use, then the recursion alone
//
// Before the first fit, and where the values do not differ, the value one season back is the forecast; before
// the first season is over, the last value.
//
// A lost step takes its forecast, so that every lag has a value; no fit has to explain it.
#ifndef FORECASTD_PLUGINS_LAG_LAG_MODEL_HPP
#define FORECASTD_PLUGINS_LAG_LAG_MODEL_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "../fitting/pool.hpp"
#include "../fitting/schedule.hpp"
#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"
#include "outlook.hpp"
#include "recursive_fit.hpp"
#include "ridge.hpp"
#include "state.hpp"

namespace lag {

struct Settings {
    std::size_t season_length, second_season_length;  // below 2: none
    bool online;
    std::size_t slots;  // values kept: the window, or at least as many as the longest lag
    std::uint32_t refit_every, min_samples;
    std::uint32_t budget = 0;  // at a point, as fitting/budget.hpp counts; 0: no bound
    std::uint64_t day = 0;     // in steps; 0: there are no holidays
};

// What a fit costs for a number of values and of lags, in the unit of fitting/budget.hpp, as measured.
inline double fit_cost(std::size_t values, std::size_t lags) {
    return 5 + static_cast<double>(values) * (0.05 + 0.004 * static_cast<double>(lags * lags));
}

// Thread: any; what the fits share is guarded.
class Model {
  public:
    using MutableParts = Parts<double, std::uint8_t>;

    explicit Model(const Settings& settings)
        : settings_(settings),
          lags_(settings.season_length, settings.second_season_length),
          calendar_{settings.day, lags_.period()} {
        benches_ = std::make_unique<fitting::Pool<Bench>>(
            [slots = settings.slots] { return std::make_unique<Bench>(slots); });
    }

    [[nodiscard]] const LagSet& lags() const { return lags_; }

    // Whether there is a forecast: from the first point on. False also of bytes that are no state.
    [[nodiscard]] bool ready(const State& state) const { return state.used > 0 && sound(state); }

    // state must be ready.
    [[nodiscard]] Outlook outlook(const State& state, std::span<const double> slots) const {
        return Outlook(lags_, calendar_, state, slots, *aheads_);
    }

    // Learns the value at a later step. recurs: it was unusual one season before too, so that season's slot
    // takes it as well.
    void learn(State& state, const MutableParts& parts, std::int64_t step, std::int64_t local_step,
               double value, bool recurs = false) const {
        if (state.used > 0 && !sound(state)) state.clear();
        if (state.used == 0) {
            state.clock.begin(step, local_step, calendar_);
            state.low = state.high = value;
        } else {
            follow(state, parts, step, local_step, value);
        }
        push(state, parts, step, value, 1);
        if (recurs && settings_.season_length > 1)
            state.window.replace(parts.slots, settings_.season_length, value);
        state.low = std::min(state.low, value);
        state.high = std::max(state.high, value);
        if (state.fits == 0) {
            state.used = available(state);
            state.use_naive_weights(lags_);
        }
        if (settings_.online && is_settled(state) && is_far_out(state, value))
            state.schedule.points = 0;  // young again
        const bool due = state.schedule.tick(
            settings_.min_samples, fitting::sooner_while_young(settings_.refit_every, state.schedule),
            state.fits > 0);
        if (due && state.fits == 0 && settings_.budget > 0)
            state.schedule.since = state.turn.budget.offset(settings_.refit_every);
        const bool wanted = due && (!settings_.online || !is_settled(state));
        if (state.turn.comes(wanted, fit_cost(state.window.filled, available(state)), settings_.budget))
            fit(state, parts);
    }

  private:
    static constexpr std::uint64_t clip_after = 12;  // errors online
    static constexpr double clip = 4;                // mean absolute errors
    static constexpr double least_gain = 0.01;       // of their mean
    static constexpr double far_out = 1000;          // Units: beyond, the recursive fit would lose its digits

    // What a fit works on.
    struct Bench {
        explicit Bench(std::size_t slots) : values(slots), known(slots), room(slots) {}
        std::vector<double> values;
        std::vector<std::uint8_t> known;
        RidgeRoom room;
    };

    // Bytes that are no state of this model must not lead outside of its memory.
    [[nodiscard]] bool sound(const State& state) const {
        return state.window.next < settings_.slots && state.window.filled <= settings_.slots &&
               state.used <= lags_.size() && lags_[state.used - 1] <= state.window.filled;
    }
    [[nodiscard]] std::uint32_t available(const State& state) const {
        std::uint32_t count = 0;
        while (count < lags_.size() && lags_[count] <= state.window.filled) ++count;
        return count;
    }

    void push(State& state, const MutableParts& parts, std::int64_t step, double value,
              std::uint8_t known) const {
        parts.known[state.window.next] = known;
        state.window.push(parts.slots, step, value);
        if (!state.clock.is_other_day(numerics::step_after(step, 0 - other_day_kept))) return;
        const std::uint64_t before = other_day_kept + calendar_.period;
        if (before >= state.window.filled) return;
        state.window.replace(parts.slots, other_day_kept, state.window.back(parts.slots, before));
        const std::size_t size = parts.known.size();
        parts.known[(state.window.next + size - 1 - other_day_kept) % size] = 0;
    }

    // Takes the state over lost steps to this one, and learns the error of its forecast.
    void follow(State& state, const MutableParts& parts, std::int64_t step, std::int64_t local_step,
                double value) const {
        Outlook outlook = this->outlook(state, parts.slots);
        const double error = numerics::saturate(value - outlook.at(step, local_step).mean);
        if (state.fits > 0) recur(state, parts, outlook, step, error);
        state.errors.learn(error, outlook.variance());
        const std::uint64_t distance = outlook.distance();
        state.window.last_step = numerics::step_after(step, -distance);
        for (std::uint64_t lost = 1; lost < distance; ++lost)  // whose means the outlook keeps
            push(state, parts, numerics::step_after(state.window.last_step, 1), outlook.mean(lost), 0);
        state.clock.follow(step, local_step, calendar_);
    }

    // Moves the weights towards an error of the forecast.
    void recur(State& state, const MutableParts& parts, const Outlook& outlook, std::int64_t step,
               double error) const {
        RecursiveFit::Numbers lagged{}, weights{};
        const std::size_t used = state.used;
        const double size = error / state.units.scale;
        bool far = !(std::abs(size) < far_out);
        for (std::size_t place = 0; place < used; ++place) {
            lagged[place] = state.units(outlook.value_at(place, outlook.distance(), step));
            weights[place] = state.weights[place];
            far = far || std::abs(lagged[place]) > far_out;
        }
        if (far) return;
        lagged[used] = 1;
        weights[used] = state.constant;

        const double limit = clip * state.mean_error;
        const double bounded = state.recursions < clip_after ? size : std::min(std::max(size, -limit), limit);
        ++state.recursions;
        state.mean_error += std::max(1 / static_cast<double>(state.recursions), least_gain) *
                            (std::abs(bounded) - state.mean_error);
        RecursiveFit(parts.triangle, used + 1).learn(lagged, bounded, weights);
        std::copy_n(weights.begin(), used, state.weights.begin());
        state.constant = weights[used];
    }

    [[nodiscard]] static bool is_far_out(const State& state, double value) {
        return std::abs(state.units(value)) > far_out;
    }
    // Whether the recursion needs no other start: it has all lags, and began with a ring full of values.
    [[nodiscard]] bool is_settled(const State& state) const {
        return state.fits > 0 && state.used == lags_.size() && state.schedule.points > settings_.slots;
    }

    void fit(State& state, const MutableParts& parts) const {
        const auto bench = benches_->borrow();
        const std::size_t filled = state.window.filled;
        state.window.copy(parts.slots, bench->values.data());
        copy_known(state, parts, bench->known);
        const auto values = std::span(bench->values).first(filled);
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        const double lowest = *low, highest = *high;
        const Units units = Units::of(values);
        if (!(units.scale > 0)) return;
        for (double& value : values) value = units(value);
        // More lags go on from the weights of fewer ones.
        const bool goes_on = settings_.online && state.fits > 0 && state.used < lags_.size();
        const RidgeFit found =
            Ridge(values, std::span<const std::uint8_t>(bench->known).first(filled), lags_, bench->room)
                .fit(goes_on ? &state.weights : nullptr);
        const auto finite = [](double number) { return std::isfinite(number); };
        if (found.count == 0 || !finite(found.constant) || !finite(found.variance) ||
            !std::all_of(found.weights.begin(), found.weights.end(), finite))
            return;
        if (settings_.online && state.fits > 0 && found.count < state.used) return;
        state.units = units;
        state.low = lowest;
        state.high = highest;
        state.weights = found.weights;
        state.constant = found.constant;
        state.used = static_cast<std::uint32_t>(found.count);
        ++state.fits;
        state.mean_error = found.mean_error;
        state.recursions = found.rows;
        std::copy_n(found.triangle.begin(), RecursiveFit::length(found.count + 1), parts.triangle.begin());
        if (!settings_.online)  // later fits have more values than the memory of the errors
            state.errors = numerics::ErrorVariance::settled(
                numerics::saturate(numerics::saturate(found.variance * units.scale) * units.scale));
    }

    // In the order of the window's copy. Where the clocks were changed, lags in the copy lead to other local
    // times: the values there are nothing that a fit has to explain.
    void copy_known(const State& state, const MutableParts& parts, std::vector<std::uint8_t>& to) const {
        const std::size_t size = parts.known.size(), filled = state.window.filled;
        const std::size_t oldest = (state.window.next + size - filled) % size;
        for (std::size_t i = 0; i < filled; ++i) to[i] = parts.known[(oldest + i) % size];
        const std::uint64_t since = numerics::steps_between(state.clock.changed_step, state.window.last_step);
        if (state.clock.offset == state.clock.before || since >= filled) return;
        const std::size_t from = filled - 1 - since;
        std::fill_n(to.begin() + static_cast<std::ptrdiff_t>(from),
                    std::min<std::size_t>(lags_.longest(), filled - from), std::uint8_t{0});
    }

    Settings settings_;
    LagSet lags_;
    Calendar calendar_;
    std::unique_ptr<fitting::Pool<Bench>> benches_;
    std::unique_ptr<AheadPool> aheads_ = make_ahead_pool();
};

}  // namespace lag

#endif  // FORECASTD_PLUGINS_LAG_LAG_MODEL_HPP
