// What each member forecasts of the steps behind the last one that was learned, one step after another.
//
// All but naive and the repeated seasons stay within the values seen and half of their range above and below,
// so that no recursion runs away.
#ifndef FORECASTD_PLUGINS_AUTO_OUTLOOK_HPP
#define FORECASTD_PLUGINS_AUTO_OUTLOOK_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "../fitting/pool.hpp"
#include "../numerics/seasons.hpp"
#include "lagged.hpp"
#include "level.hpp"
#include "profile.hpp"
#include "regressions.hpp"
#include "row.hpp"
#include "smoothing.hpp"
#include "state.hpp"

namespace automatic {

// What calls work in: the forecasts of the regression on the season, which stand for values; what is forecast
// in the end, less the last value; and for the look for seasons, the values of the past.
struct Ahead {
    std::vector<float> own;
    std::vector<double> means, past;
    numerics::SeasonFinder::Room room;
};
using AheadPool = fitting::Pool<Ahead>;

// The last values and changes that a regression sees, the newest first.
struct Recent {
    Recent(const State& state, const Lagged& lagged) {
        const std::uint64_t oldest = state.learned - 1;
        std::array<float, own_lags + 1> found{};
        for (std::size_t k = 0; k <= own_lags; ++k)
            found[k] = lagged.newest(std::min<std::uint64_t>(k, oldest));
        for (std::size_t k = 0; k < own_lags; ++k) {
            values[k] = found[k];
            changes[k] = found[k] - found[k + 1];
        }
        newest = found[0];
    }
    // Forecasts stand for the next value, each of its regression.
    void push(float value, float level) {
        values = {value, values[0], values[1], values[2]};
        changes = {level - newest, changes[0], changes[1], changes[2]};
        newest = level;
    }

    static_assert(own_lags == 4);
    std::array<float, own_lags> values{}, changes{};
    float newest = 0;  // what the next change is added to
};

// Thread: any; it changes nothing but `ahead`. The state has learned a point and stays as it is meanwhile.
class Outlook {
  public:
    Outlook(const Plan& plan, const State& state, const Kept& kept, Ahead& ahead)
        : plan_(plan),
          state_(state),
          kept_(kept),
          lagged_(plan, state, kept, ahead.own),
          recent_(state, lagged_),
          last_(static_cast<float>(state.units.inward(state.last))) {
        const float margin = (state.high - state.low) / 2;
        lowest_ = state.low - margin;
        highest_ = state.high + margin;
        slope_ = static_cast<float>(slope(state.levels) / 2);
        for (std::size_t i = 0; i < 2; ++i) {
            deviation_[i] = state.deviations[i].last;
            persistence_[i] = persistence(state.deviations[i]);
        }
        forecast_.fill(last_);
        for (std::size_t i = 0; i < regressions; ++i)
            is_ready_[i] = !kept.coefficients[i].empty() && state.learned >= inputs_need(plan, i);
    }

    // Steps ahead of the last one that was learned.
    [[nodiscard]] std::uint64_t ahead() const { return lagged_.ahead(); }
    // The last value, in units.
    [[nodiscard]] float last() const { return last_; }

    // Moves on by one step. Where the clocks change there, follow() comes first.
    void next() {
        if (lagged_.ahead() > 0) {
            recent_.push(forecast_[0], forecast_[on_changes]);
            lagged_.push(forecast_[on_season]);
        }
        lagged_.step_ahead();
        for (std::size_t i = 0; i < holt_phi.size(); ++i) {
            power_[i] *= holt_phi[i];
            holt_sum_[i] += power_[i];
        }
        for (std::size_t i = 0; i < 2; ++i) deviation_[i] *= persistence_[i];
        if (is_ready_[0])
            forecast_[0] = bounded(weighted(0, recent_.values) + kept_.coefficients[0][own_lags]);
        if (is_ready_[on_changes])
            forecast_[on_changes] = bounded(recent_.newest + weighted(on_changes, recent_.changes));
        if (is_ready_[on_season])
            forecast_[on_season] = bounded(lagged_.weighted(kept_.coefficients[on_season]));
    }
    void follow(std::int64_t step, std::int64_t local_step) { lagged_.follow(step, local_step); }

    // What each member forecasts of the present step, in units; no number of members that the series has not.
    OfMembers members() {
        OfMembers result{};
        const Smoothing& s = state_.smoothing;
        for (std::size_t i = 0; i < s.ses.size(); ++i) result[ses_slow + i] = s.ses[i];
        for (std::size_t i = 0; i < s.holt_level.size(); ++i)
            result[holt_slow + i] = s.holt_level[i] + holt_sum_[i] * s.holt_trend[i];
        result[last_values] = forecast_[0];
        result[last_changes] = forecast_[on_changes];
        float seasonal = 0;
        if (plan_.first_season() > 0) {
            const std::size_t phase = lagged_.phase(0);
            seasonal = kept_.season[phase];
            result[season_lags] = forecast_[on_season];
            result[profile_first] = kept_.profiles[0][phase] + deviation_[0];
            result[level] = state_.levels.level + seasonal;
            result[slow_level] = state_.levels.slow + seasonal;
        }
        result[drift] = state_.levels.drift + slope_ * static_cast<float>(lagged_.ahead()) + seasonal;
        if (plan_.second_season() > 0)
            result[profile_second] = kept_.profiles[1][lagged_.phase(1)] + deviation_[1];
        bound(result);
        result[naive] = last_;
        if (plan_.first_season() > 0) result[repeat_first] = lagged_.repeated(plan_.first_season(), last_);
        if (plan_.second_season() > 0) result[repeat_second] = lagged_.repeated(plan_.second_season(), last_);
        return result;
    }

  private:
    [[nodiscard]] float bounded(float z) const {
        z = std::isnan(z) ? last_ : z;
        z = z > lowest_ ? z : lowest_;
        return z < highest_ ? z : highest_;
    }
    void bound(OfMembers& forecasts) const {
        Row<most_members> all(forecasts.data(), 0);
        const Four last = four(last_), lowest = four(lowest_), highest = four(highest_);
        for (Four& z : all.four) {
            z = known_or(z, last);
            z = z > lowest ? z : lowest;
            z = z < highest ? z : highest;
        }
        all.store(forecasts.data());
    }
    // The oldest first, as the newest is known last.
    [[nodiscard]] float weighted(std::size_t i, const std::array<float, own_lags>& values) const {
        const float* const weights = kept_.coefficients[i].data();
        float sum = 0;
        for (std::size_t k = own_lags; k-- > 0;) sum += weights[k] * values[k];
        return sum;
    }

    const Plan& plan_;
    const State& state_;
    const Kept& kept_;
    Lagged lagged_;
    Recent recent_;
    float last_, lowest_ = 0, highest_ = 0, slope_ = 0;
    std::array<float, 2> power_{1, 1}, holt_sum_{}, deviation_{}, persistence_{};
    std::array<float, regressions> forecast_{};
    std::array<bool, regressions> is_ready_{};
};

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_OUTLOOK_HPP
