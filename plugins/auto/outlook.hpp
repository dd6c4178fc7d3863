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
#include "../numerics/steps.hpp"
#include "level.hpp"
#include "profile.hpp"
#include "regressions.hpp"
#include "smoothing.hpp"
#include "state.hpp"

namespace automatic {

// What calls work in: the forecasts of the regression on the season, which stand for values; what is forecast
// in the end, less the last value; and for the look for seasons, the values of the past.
struct Ahead {
    std::vector<double> own, means, past;
    numerics::SeasonFinder::Room room;
};
using AheadPool = fitting::Pool<Ahead>;

// Thread: any; it changes nothing but `ahead`. The state has learned a point and stays as it is meanwhile.
class Outlook {
  public:
    Outlook(const Plan& plan, const State& state, const Kept& kept, Ahead& ahead)
        : plan_(plan),
          state_(state),
          kept_(kept),
          own_(ahead.own),
          clock_(state.clock),
          newest_((state.learned - 1) % kept.ring.size()),
          last_(state.units.inward(state.last)),
          phases_{numerics::PhaseWalk(std::max<std::size_t>(plan.first_season(), 1)),
                  numerics::PhaseWalk(std::max<std::size_t>(plan.second_season(), 1))} {
        own_.clear();
        is_local_ = are_clocks_changed();
        for (std::size_t k = 0; k <= own_lags; ++k)
            recent_[0][k] = recent_[1][k] = k < state.learned ? automatic::back(state, kept.ring, k) : last_;
        const double margin = (state.high - state.low) / 2;
        lowest_ = state.low - margin;
        highest_ = state.high + margin;
        slope_ = slope(state.levels) / 2;
        for (std::size_t i = 0; i < 2; ++i) {
            deviation_[i] = state.deviations[i].last;
            persistence_[i] = persistence(state.deviations[i]);
        }
    }

    // Steps ahead of the last one that was learned.
    [[nodiscard]] std::uint64_t ahead() const { return ahead_; }

    // Moves on by one step. Where the clocks change there, follow() comes first.
    void next() {
        step_ahead();
        for (std::size_t i = 0; i < holt_phi.size(); ++i) {
            power_[i] *= holt_phi[i];
            holt_sum_[i] += power_[i];
        }
        for (std::size_t i = 0; i < 2; ++i) deviation_[i] *= persistence_[i];
        for (std::size_t i = 0; i < regressions; ++i)
            if (!kept_.coefficients[i].empty()) forecast_[i] = regress(i);
    }
    // The same without forecasts: inputs() alone may follow.
    void step_ahead() {
        if (++ahead_ == 1) return;
        for (std::size_t i = 0; i < on_season; ++i) {
            for (std::size_t k = own_lags; k > 0; --k) recent_[i][k] = recent_[i][k - 1];
            recent_[i][0] = forecast_[i];
        }
        own_.push_back(forecast_[on_season]);
    }
    void follow(std::int64_t step, std::int64_t local_step) {
        clock_.follow(step, local_step, plan_.calendar());
        is_local_ = is_local_ || clock_.offset != state_.clock.offset || clock_.away != 0;
    }

    // The inputs of regression i at the present step.
    void inputs(std::size_t i, Inputs& x) const {
        if (i == on_season) {
            const lag::LagSet& lags = plan_.lags();
            const std::size_t count = lags.size();
            for (std::size_t place = 0; place < count; ++place)
                x[place] =
                    is_local_ && lags.is_seasonal(place) ? season_back(lags[place]) : back(lags[place]);
            x[count] = 1;
        } else if (i == on_changes) {
            for (std::size_t k = 0; k < own_lags; ++k) x[k] = recent_[i][k] - recent_[i][k + 1];
        } else {
            std::copy_n(recent_[i].begin(), own_lags, x.begin());
            x[own_lags] = 1;
        }
    }

    // What each member forecasts of the present step, in units; 0 for members that the series has not.
    OfMembers members() {
        OfMembers result{};
        result[naive] = last_;
        const Smoothing& s = state_.smoothing;
        for (std::size_t i = 0; i < s.ses.size(); ++i) result[ses_slow + i] = bounded(s.ses[i]);
        for (std::size_t i = 0; i < s.holt_level.size(); ++i)
            result[holt_slow + i] = bounded(s.holt_level[i] + holt_sum_[i] * s.holt_trend[i]);
        result[last_values] = forecast_[0];
        result[last_changes] = forecast_[1];
        double seasonal = 0;
        if (plan_.first_season() > 0) {
            const std::size_t phase = phases_[0].at(local_step());
            seasonal = static_cast<double>(kept_.season[phase]);
            result[season_lags] = forecast_[2];
            result[repeat_first] = repeated(plan_.first_season());
            result[profile_first] = bounded(static_cast<double>(kept_.profiles[0][phase]) + deviation_[0]);
            result[level] = bounded(state_.levels.level + seasonal);
            result[slow_level] = bounded(state_.levels.slow + seasonal);
        }
        result[drift] = bounded(state_.levels.drift + slope_ * static_cast<double>(ahead_) + seasonal);
        if (plan_.second_season() > 0) {
            const std::size_t phase = phases_[1].at(local_step());
            result[repeat_second] = repeated(plan_.second_season());
            result[profile_second] = bounded(static_cast<double>(kept_.profiles[1][phase]) + deviation_[1]);
        }
        return result;
    }
    // The last value, in units.
    [[nodiscard]] double last() const { return last_; }

  private:
    [[nodiscard]] std::int64_t step() const { return numerics::step_after(state_.last_step, ahead_); }
    [[nodiscard]] std::int64_t local_step() const { return clock_.local(step()); }
    [[nodiscard]] double bounded(double z) const {
        return std::isnan(z) ? last_ : std::min(std::max(z, lowest_), highest_);
    }

    // Whether a season ago local time was another than the steps say, at the last step, or the season's day
    // was another one.
    [[nodiscard]] bool are_clocks_changed() const {
        if (clock_.away != 0) return true;
        return clock_.offset != clock_.before &&
               numerics::steps_between(clock_.changed_step, state_.last_step) <= kept_.ring.size();
    }

    // `steps` before the present one. What the regression on the season forecasts stands for what is not
    // there yet.
    [[nodiscard]] double back(std::uint64_t steps) const {
        if (steps < ahead_) return own_[ahead_ - 1 - steps];
        const std::uint64_t before = steps - ahead_;  // the newest
        const std::size_t size = kept_.ring.size();
        return static_cast<double>(
            kept_.ring[before <= newest_ ? newest_ - before : newest_ + size - before]);
    }
    [[nodiscard]] std::uint64_t local_back(std::uint64_t steps) const {
        const std::uint64_t local = clock_.back(step(), steps, plan_.calendar()), period = plan_.period();
        const bool is_other = local < ahead_ + lag::other_day_kept &&
                              local + period < ahead_ + values_kept(state_, kept_.ring.size()) &&
                              clock_.is_other_day(numerics::step_after(step(), 0 - local));
        return is_other ? local + period : local;
    }
    // The same by local time; a step that was skipped is the mean of its neighbours.
    [[nodiscard]] double season_back(std::uint64_t steps) const {
        const std::uint64_t local = local_back(steps);
        if (local == steps || local == 0 || local >= ahead_ + values_kept(state_, kept_.ring.size()))
            return back(steps);
        if (clock_.was_skipped(step(), steps, plan_.calendar())) return back(steps) / 2 + back(local) / 2;
        return back(local);
    }
    // The value one season ago, of which the next ones are repetitions.
    [[nodiscard]] double repeated(std::uint64_t season) const {
        const std::uint64_t steps = (ahead_ + season - 1) / season * season,
                            filled = values_kept(state_, kept_.ring.size());
        if (steps - ahead_ >= filled) return last_;
        if (!is_local_) return back(steps);
        std::uint64_t local = local_back(steps);
        if (local < ahead_) local = local_back(steps + season);  // clocks set forward: that is not known yet
        return local < ahead_ || local - ahead_ >= filled ? back(steps) : back(local);
    }
    // As predict() of the inputs.
    [[nodiscard]] double regress(std::size_t i) const {
        if (state_.learned < inputs_need(plan_, i)) return last_;
        const double* const weight = kept_.coefficients[i].data();
        double sum = 0;
        if (i == on_season) {
            const lag::LagSet& lags = plan_.lags();
            const std::size_t count = lags.size();
            sum = weight[count];
            for (std::size_t place = 0; place < count; ++place)
                sum += weight[place] *
                       (is_local_ && lags.is_seasonal(place) ? season_back(lags[place]) : back(lags[place]));
        } else if (i == on_changes) {
            sum = recent_[i][0];
            for (std::size_t k = 0; k < own_lags; ++k) sum += weight[k] * (recent_[i][k] - recent_[i][k + 1]);
        } else {
            sum = weight[own_lags];
            for (std::size_t k = 0; k < own_lags; ++k) sum += weight[k] * recent_[i][k];
        }
        return bounded(sum);
    }

    const Plan& plan_;
    const State& state_;
    const Kept& kept_;
    std::vector<double>& own_;
    lag::LocalClock clock_;
    std::uint64_t ahead_ = 0;
    std::size_t newest_;
    double last_, lowest_ = 0, highest_ = 0, slope_ = 0;
    std::array<double, 2> power_{1, 1}, holt_sum_{}, deviation_{}, persistence_{};
    std::array<numerics::PhaseWalk, 2> phases_;
    // Of the regressions: their forecasts of the present step, and the values before it that they see.
    std::array<double, regressions> forecast_{};
    std::array<std::array<double, own_lags + 1>, 2> recent_{};
    bool is_local_ = false;
};

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_OUTLOOK_HPP
