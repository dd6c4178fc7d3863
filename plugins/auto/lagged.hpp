// What lies some steps before a step ahead: values, and forecasts where these are not there yet, by local
// time where the clocks were changed; and the phases of the seasons there.
#ifndef FORECASTD_PLUGINS_AUTO_LAGGED_HPP
#define FORECASTD_PLUGINS_AUTO_LAGGED_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../numerics/steps.hpp"
#include "state.hpp"

namespace automatic {

// Thread: any; it changes nothing but `own`, the forecasts that stand for values. The state has learned a
// point and stays as it is meanwhile.
class Lagged {
  public:
    Lagged(const Plan& plan, const State& state, const Kept& kept, std::vector<float>& own)
        : plan_(plan),
          state_(state),
          kept_(kept),
          own_(own),
          clock_(state.clock),
          newest_(remainder(state.learned - 1, kept.ring.size())),
          is_local_(are_clocks_changed()) {
        own_.clear();
    }

    // Steps ahead of the last one that was learned.
    [[nodiscard]] std::uint64_t ahead() const { return ahead_; }
    void step_ahead() { ++ahead_; }
    // What the regression on the season forecasts of the present step.
    void push(float forecast) { own_.push_back(forecast); }
    // Takes over the local time of the step that comes next.
    void follow(std::int64_t step, std::int64_t local_step) {
        clock_.follow(step, local_step, plan_.calendar());
        is_local_ = is_local_ || clock_.offset != state_.clock.offset || clock_.away != 0;
        has_phases_ = false;
    }

    // The phase of the present step in the first or the second season, which is there.
    [[nodiscard]] std::size_t phase(std::size_t season) {
        if (!has_phases_) find_phases();
        return remainder(phases_[season] + ahead_, length(season));
    }
    // use(place, value) for each of the plan's lags, the longest first.
    template <class Use>
    void at_lags(Use use) const {
        const lag::LagSet& lags = plan_.lags();
        if (is_local_) {
            for (std::size_t i = lags.size(); i-- > 0;)
                use(i, lags.is_seasonal(i) ? season_back(lags[i]) : back(lags[i]));
            return;
        }
        const float *const ring = kept_.ring.data(), *const own = own_.data();
        const std::size_t size = kept_.ring.size(), ahead = ahead_, newest = newest_;
        for (std::size_t i = lags.size(); i-- > 0;) {
            const std::size_t steps = lags[i];
            if (steps < ahead) {
                use(i, own[ahead - 1 - steps]);
                continue;
            }
            const std::size_t place = newest + ahead - steps;  // below 0: it is at the end of the ring
            use(i, ring[place < size ? place : place + size]);
        }
    }
    // The sum of these values, weighted, and the last weight.
    [[nodiscard]] float weighted(std::span<const float> weights) const {
        const float* const weight = weights.data();
        float sum = weight[weights.size() - 1];
        at_lags([&sum, weight](std::size_t i, float value) { sum += weight[i] * value; });
        return sum;
    }
    // A value that was learned.
    [[nodiscard]] float newest(std::uint64_t before) const {
        const std::size_t size = kept_.ring.size();
        return kept_.ring[before <= newest_ ? newest_ - before : newest_ + size - before];
    }
    // The value one season ago, of which the next ones are repetitions; `none` if that is not known.
    [[nodiscard]] float repeated(std::uint64_t season, float none) const {
        const std::uint64_t steps = ahead_ <= season ? season : (ahead_ + season - 1) / season * season,
                            filled = values_kept(state_, kept_.ring.size());
        if (steps - ahead_ >= filled) return none;
        if (!is_local_) return back(steps);
        std::uint64_t local = local_back(steps);
        if (local < ahead_) local = local_back(steps + season);  // clocks set forward: that is not known yet
        return local < ahead_ || local - ahead_ >= filled ? back(steps) : back(local);
    }

  private:
    [[nodiscard]] std::int64_t step() const { return numerics::step_after(state_.last_step, ahead_); }
    [[nodiscard]] std::size_t length(std::size_t season) const {
        return season == 0 ? plan_.first_season() : plan_.second_season();
    }
    void find_phases() {
        has_phases_ = true;
        const std::int64_t local_step = clock_.local(state_.last_step);
        for (std::size_t i = 0; i < 2; ++i)
            if (length(i) > 0) phases_[i] = numerics::phase_of(local_step, length(i));
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
    [[nodiscard]] float back(std::uint64_t steps) const {
        return steps < ahead_ ? own_[ahead_ - 1 - steps] : newest(steps - ahead_);
    }
    [[nodiscard]] std::uint64_t local_back(std::uint64_t steps) const {
        const std::uint64_t local = clock_.back(step(), steps, plan_.calendar()), period = plan_.period();
        const bool is_other = local < ahead_ + lag::other_day_kept &&
                              local + period < ahead_ + values_kept(state_, kept_.ring.size()) &&
                              clock_.is_other_day(numerics::step_after(step(), 0 - local));
        return is_other ? local + period : local;
    }
    // The same by local time; a step that was skipped is the mean of its neighbours.
    [[nodiscard]] float season_back(std::uint64_t steps) const {
        const std::uint64_t local = local_back(steps);
        if (local == steps || local == 0 || local >= ahead_ + values_kept(state_, kept_.ring.size()))
            return back(steps);
        if (clock_.was_skipped(step(), steps, plan_.calendar())) return back(steps) / 2 + back(local) / 2;
        return back(local);
    }

    const Plan& plan_;
    const State& state_;
    const Kept& kept_;
    std::vector<float>& own_;
    lag::LocalClock clock_;
    std::uint64_t ahead_ = 0;
    std::size_t newest_;
    std::array<std::size_t, 2> phases_{};  // of the last step that was learned
    bool is_local_, has_phases_ = false;
};

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_LAGGED_HPP
