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
#include "../numerics/steps.hpp"
#include "level.hpp"
#include "profile.hpp"
#include "regressions.hpp"
#include "smoothing.hpp"
#include "state.hpp"

namespace automatic {

// The regressions' own forecasts, which stand for values; and what is forecast in the end, less the last value.
struct Ahead {
    std::array<std::vector<double>, regressions> own;
    std::vector<double> means;
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
        for (auto& forecasts : own_) forecasts.clear();
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
        ++ahead_;
        for (std::size_t i = 0; i < holt_phi.size(); ++i) {
            power_[i] *= holt_phi[i];
            holt_sum_[i] += power_[i];
        }
        for (std::size_t i = 0; i < 2; ++i) deviation_[i] *= persistence_[i];
        for (std::size_t i = 0; i < regressions; ++i)
            if (!kept_.coefficients[i].empty()) own_[i].push_back(regress(i));
    }
    void follow(std::int64_t step, std::int64_t local_step) { clock_.follow(step, local_step); }

    // The inputs of regression i at the present step.
    void inputs(std::size_t i, Inputs& x) const {
        if (i == on_season) {
            const lag::LagSet& lags = plan_.lags();
            for (std::size_t place = 0; place < lags.size(); ++place)
                x[place] = lags.is_seasonal(place) ? season_back(lags[place], &own_[i]) : back(lags[place], &own_[i]);
            x[lags.size()] = 1;
        } else if (i == on_changes) {
            double later = back(1, &own_[i]);
            for (std::size_t k = 0; k < own_lags; ++k) {
                const double earlier = back(k + 2, &own_[i]);
                x[k] = later - earlier;
                later = earlier;
            }
        } else {
            for (std::size_t k = 0; k < own_lags; ++k) x[k] = back(k + 1, &own_[i]);
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
        result[last_values] = own_[0].back();
        result[last_changes] = own_[1].back();
        double seasonal = 0;
        if (plan_.first_season() > 0) {
            const std::size_t phase = phases_[0].at(local_step());
            seasonal = static_cast<double>(kept_.season[phase]);
            result[season_lags] = own_[2].back();
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
    using Own = std::vector<double>;

    [[nodiscard]] std::int64_t step() const { return numerics::step_after(state_.last_step, ahead_); }
    [[nodiscard]] std::int64_t local_step() const { return numerics::step_after(step(), static_cast<std::uint64_t>(clock_.offset)); }
    [[nodiscard]] double bounded(double z) const {
        return std::isnan(z) ? last_ : std::min(std::max(z, lowest_), highest_);
    }

    // `steps` before the present one. own: what stands for values that are not there yet.
    [[nodiscard]] double back(std::uint64_t steps, const Own* own) const {
        if (steps < ahead_) return (*own)[ahead_ - 1 - steps];
        const std::uint64_t before = steps - ahead_;  // the newest
        const std::size_t size = kept_.ring.size();
        return static_cast<double>(kept_.ring[before <= newest_ ? newest_ - before : newest_ + size - before]);
    }
    // The same by local time; a step that was skipped is the mean of its neighbours.
    [[nodiscard]] double season_back(std::uint64_t steps, const Own* own) const {
        const std::uint64_t local = clock_.back(step(), steps);
        if (local == steps || local == 0 || local >= ahead_ + values_kept(state_, kept_.ring.size()))
            return back(steps, own);
        if (clock_.was_skipped(step(), steps)) return back(steps, own) / 2 + back(local, own) / 2;
        return back(local, own);
    }
    // The value one season ago, of which the next ones are repetitions.
    [[nodiscard]] double repeated(std::uint64_t season) const {
        const std::uint64_t steps = (ahead_ + season - 1) / season * season;
        if (steps - ahead_ >= values_kept(state_, kept_.ring.size())) return last_;
        const std::uint64_t local = clock_.back(step(), steps);
        if (local < ahead_ || local - ahead_ >= values_kept(state_, kept_.ring.size())) return back(steps, nullptr);
        return back(local, nullptr);
    }
    [[nodiscard]] double regress(std::size_t i) const {
        if (state_.learned < inputs_need(plan_, i)) return last_;
        Inputs x;
        inputs(i, x);
        const double sum = predict(kept_.coefficients[i], x);
        return bounded(i == on_changes ? back(1, &own_[i]) + sum : sum);
    }

    const Plan& plan_;
    const State& state_;
    const Kept& kept_;
    std::array<Own, regressions>& own_;
    lag::LocalClock clock_;
    std::uint64_t ahead_ = 0;
    std::size_t newest_;
    double last_, lowest_ = 0, highest_ = 0, slope_ = 0;
    std::array<double, 2> power_{1, 1}, holt_sum_{}, deviation_{}, persistence_{};
    std::array<numerics::PhaseWalk, 2> phases_;
};

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_OUTLOOK_HPP
