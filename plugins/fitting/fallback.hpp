// Whether a forecaster is worse than repeating the last value, or that of the season before: then these are
// its forecasts, until it is better again.
//
// Judged are its forecasts one step ahead, at each point, and `far` steps ahead, one at a time:
//
//   error' = .98 error + |forecast - value|  (far: .8)      for its own, the last value, the season's
//   score  = the sum over both distances of error / error of the last value
//
// It falls back to the one of the lesser score once its own score is more than a quarter above that and its
// own errors are no smaller at either distance, or once its score is more than twice as large: a model that
// is made for far forecasts may well be worse for the next step. It comes back once its own score is no more
// than .025 above. Differences below .05 count for nothing, as on a series that repeats itself exactly;
// nothing is judged before 20 points, nor the far distance before three of its forecasts.
//
// A new fit is a new model: it is used again, and its errors count as those of what was in use.
//
// One step ahead alone would not do: a trend that runs away is best seen a season ahead. The far distance
// alone is judged too seldom to see that a level has shifted.
#ifndef FORECASTD_PLUGINS_FITTING_FALLBACK_HPP
#define FORECASTD_PLUGINS_FITTING_FALLBACK_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"
#include "window.hpp"

namespace fitting {

// What is forecast without a model, from the window as it is. Steps are those that the window counts, which
// may be local ones: some come twice, and a holiday may lead back.
struct Repeats {
    Window window;
    std::span<const double> slots;
    std::size_t season;  // steps; 0: none

    [[nodiscard]] double last() const { return window.back(slots, 0); }
    // The newest of the same phase as the step; NaN if there is none.
    [[nodiscard]] double seasonal(std::int64_t step) const {
        if (season < 2) return numerics::unknown;
        const auto ahead = static_cast<std::int64_t>(numerics::steps_between(window.last_step, step));
        const std::size_t phase = numerics::phase_of(ahead, season);
        for (std::size_t back = phase == 0 ? 0 : season - phase; back < window.filled; back += season)
            if (const double value = window.back(slots, back); !std::isnan(value)) return value;
        return numerics::unknown;
    }
    // Steps from the last value to this one, at least 1.
    [[nodiscard]] double distance(std::int64_t step) const {
        const auto ahead = static_cast<std::int64_t>(numerics::steps_between(window.last_step, step));
        return static_cast<double>(std::max<std::int64_t>(ahead, 1));
    }
};

// Thread: any; part of a series' state, of which any bytes are valid.
struct Fallback {
    enum class Use : std::uint32_t { own, last, seasonal };

    struct Errors {
        float own = 0, last = 0, seasonal = 0;
        float judged = 0;
        void learn(float memory, double of_own, double of_last, double of_seasonal) {
            const auto add = [memory](float& error, double by) {
                error = static_cast<float>(std::min(static_cast<double>(memory * error) + by, 1e30));
            };
            add(own, of_own), add(last, of_last), add(seasonal, of_seasonal), add(judged, 1);
        }
    };
    Errors near, far;
    double own_far = 0, last_far = 0, seasonal_far = 0;  // forecasts whose value has not come yet
    std::int64_t far_step = 0;
    std::uint32_t waiting = 0;  // 1: these are there
    std::uint32_t use = 0;      // a Use; above: own
    std::uint32_t changes = 0;  // of `use` from own to another
    std::uint32_t points = 0;

    [[nodiscard]] Use in_use() const { return use <= 2 ? static_cast<Use>(use) : Use::own; }

    // Whether repeated values are the forecast, which takes a window that is not empty.
    [[nodiscard]] bool is_used(const Window& window) const {
        return in_use() != Use::own && window.filled > 0;
    }

    // Before a value is learned. own: the forecast of this step. True: what is in use changed.
    bool judge(const Repeats& repeats, std::int64_t step, double value, double own) {
        if (repeats.window.filled == 0 || !std::isfinite(own)) return false;
        const auto error = [value](double forecast) {
            return std::abs(numerics::saturate(value - forecast));
        };
        const auto known = [&](double seasonal, double last) {
            return std::isnan(seasonal) ? last : seasonal;
        };
        const double last = repeats.last();
        near.learn(0.98F, error(own), error(last), error(known(repeats.seasonal(step), last)));
        if (waiting != 0 && step >= far_step) {
            waiting = 0;
            if (step == far_step)
                far.learn(0.8F, error(own_far), error(last_far), error(known(seasonal_far, last_far)));
        }
        if (points < UINT32_MAX) ++points;
        return points >= least && choose(repeats.season > 1);
    }
    // After it was learned. own(steps): the model's forecast that many steps ahead of it.
    template <class Own>
    void look_ahead(const Repeats& repeats, std::int64_t step, std::size_t steps, Own own) {
        if (waiting != 0) return;
        far_step = numerics::step_after(step, steps);
        own_far = own(steps);
        last_far = repeats.last();
        seasonal_far = repeats.seasonal(far_step);
        waiting = std::isfinite(own_far) ? 1 : 0;
    }

    // After a new fit: the model is in use, and counts as no worse than what was, until it shows.
    void renew() {
        if (in_use() == Use::own) return;
        for (Errors* const errors : {&near, &far})
            errors->own = std::min(errors->own, in_use() == Use::last ? errors->last : errors->seasonal);
        use = 0;
        waiting = 0;
    }

    // The forecast of a step, if it has fallen back.
    [[nodiscard]] numerics::Expected expect(const Repeats& repeats, std::int64_t step) const {
        // Of normal errors the deviation is 1.25 mean absolute ones.
        const auto size = [&](float error) {
            return near.judged > 0 ? 1.25 * static_cast<double>(error) / static_cast<double>(near.judged)
                                   : numerics::unknown;
        };
        const double seasonal = repeats.seasonal(step);
        const double steps = repeats.distance(step);
        if (in_use() == Use::seasonal && !std::isnan(seasonal)) {
            const double seasons = std::ceil(steps / static_cast<double>(repeats.season));
            return {seasonal, numerics::saturate(size(near.seasonal) * std::sqrt(seasons))};
        }
        return {repeats.last(), numerics::saturate(size(near.last) * std::sqrt(steps))};
    }

  private:
    static constexpr std::uint32_t least = 20;
    static constexpr float least_judged = 2.4F;  // three far ones, less what is forgotten of them
    static constexpr double worse = 1.25, much_worse = 2, least_gain = 0.05;

    [[nodiscard]] double score(float Errors::*of) const {
        double sum = 0;
        for (const Errors* const errors : {&near, &far})
            if (errors->judged > least_judged && errors->last > 0)
                sum += static_cast<double>(errors->*of) / static_cast<double>(errors->last);
        return sum;
    }
    // Whether the model's own forecasts are no better at either distance.
    [[nodiscard]] bool is_no_better(float Errors::*of) const {
        return far.judged > least_judged && near.own >= near.*of && far.own >= far.*of;
    }
    bool choose(bool seasonal) {
        const double own = score(&Errors::own), last = score(&Errors::last);
        const double by_season = seasonal ? score(&Errors::seasonal) : last;
        if (!(last > 0)) return false;
        const bool season_is_better = by_season < last;
        const double other = season_is_better ? by_season : last;
        const std::uint32_t before = use;
        if (in_use() == Use::own) {
            const bool at_both = is_no_better(season_is_better ? &Errors::seasonal : &Errors::last);
            if (own > other + least_gain && own > (at_both ? worse : much_worse) * other)
                use = season_is_better ? 2 : 1;
        } else if (own <= other + least_gain / 2) {
            use = 0;
        } else if ((in_use() == Use::last ? last : by_season) > worse * other) {
            use = season_is_better ? 2 : 1;
        }
        if (use == before) return false;
        if (before == 0) ++changes;
        return true;
    }
};

}  // namespace fitting

#endif  // FORECASTD_PLUGINS_FITTING_FALLBACK_HPP
