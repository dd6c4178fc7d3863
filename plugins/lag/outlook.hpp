// Forecasts of the steps behind the last one that was learned, one after another.
//
//   f_t = c + s b_0 + sum_k b_k (y_(t - lag_k) - c)        c, s: Units
//
// A value that is not there yet is its own forecast. The variance of the h-th forecast is sigma^2 (psi_0^2 +
// ... + psi_(h-1)^2), with psi_0 = 1 and psi_j = sum_k b_k psi_(j - lag_k): what one error does to the steps
// behind it. Source: G. E. P. Box, G. M. Jenkins & G. C. Reinsel, Time Series Analysis, 3rd edition, 1994,
// section 5.1.
//
// Weights that were fitted to few values can make a recursion that grows without end. So a forecast stays
// within the values seen and half of their range above and below, and each psi within 4. Forecasts more than
// `furthest` steps ahead repeat those one or more periods before.
#ifndef FORECASTD_PLUGINS_LAG_OUTLOOK_HPP
#define FORECASTD_PLUGINS_LAG_OUTLOOK_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "../fitting/pool.hpp"
#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"
#include "state.hpp"

namespace lag {

// What is known of the steps ahead; the first of them stands at 0.
struct Ahead {
    std::vector<double> means, psi, variances;
};
using AheadPool = fitting::Pool<Ahead>;

inline std::unique_ptr<AheadPool> make_ahead_pool() {
    return std::make_unique<AheadPool>([] { return std::make_unique<Ahead>(); });
}

// Thread: any; it changes nothing. The state has learned a point, is sound, and stays as it is meanwhile.
class Outlook {
  public:
    Outlook(const LagSet& lags, const Calendar& calendar, const State& state, std::span<const double> slots,
            AheadPool& pool)
        : lags_(lags), calendar_(calendar), state_(state), slots_(slots), pool_(pool), clock_(state.clock) {}

    // The forecast of a step; steps come in ascending order.
    numerics::Expected at(std::int64_t step, std::int64_t local_step) {
        distance_ = within_reach(numerics::steps_between(state_.window.last_step, step));
        while (done_ < distance_) {
            if (done_ + 1 == distance_) clock_.follow(step, local_step, calendar_);
            look_ahead();
        }
        return {mean(distance_), state_.errors.deviation(variance())};
    }
    // Of the last step that was asked for: how far ahead it is, at most 1,000 steps or two of the longest
    // lag, and what the variance of an error is multiplied with.
    [[nodiscard]] std::uint64_t distance() const { return distance_; }
    [[nodiscard]] double variance() const { return distance_ == 1 ? 1 : (*ahead_)->variances[distance_ - 1]; }
    // The mean of each step up to there, from 1 on.
    [[nodiscard]] double mean(std::uint64_t distance) const {
        return distance == 1 ? first_ : (*ahead_)->means[distance - 1];
    }

    // The value that a lag leads to from a step that is `ahead` steps behind the last one.
    [[nodiscard]] double value_at(std::size_t place, std::uint64_t ahead, std::int64_t step) const {
        const std::uint64_t lag = lags_[place];
        if (!lags_.is_seasonal(place)) return back(lag, ahead);
        std::uint64_t local = clock_.back(step, lag, calendar_);
        const std::uint64_t known = ahead + state_.window.filled;
        if (local < ahead + other_day_kept && local + calendar_.period < known &&
            clock_.is_other_day(numerics::step_after(step, 0 - local)))
            local += calendar_.period;
        if (local == 0 || local >= known) return back(lag, ahead);
        if (clock_.was_skipped(step, lag, calendar_)) return back(lag, ahead) / 2 + back(local, ahead) / 2;
        return back(local, ahead);
    }

  private:
    static constexpr double greatest_psi = 4;

    [[nodiscard]] double back(std::uint64_t steps, std::uint64_t ahead) const {
        return steps < ahead ? mean(ahead - steps) : state_.window.back(slots_, steps - ahead);
    }
    [[nodiscard]] std::uint64_t within_reach(std::uint64_t distance) const {
        const std::uint64_t furthest = std::max<std::uint64_t>(1000, 2 * lags_.longest());
        if (distance <= furthest) return std::max<std::uint64_t>(distance, 1);
        const std::uint64_t period = lags_.period();
        return furthest - (period - (distance - furthest) % period) % period;
    }

    void look_ahead() {
        const double mean = next_mean();
        if (++done_ == 1) {
            first_ = mean;
            return;
        }
        if (!ahead_) begin_ahead();
        Ahead& ahead = **ahead_;
        double psi = 0;
        for (std::size_t place = 0; place < state_.used && lags_[place] < done_; ++place)
            psi += state_.weights[place] * ahead.psi[done_ - 1 - lags_[place]];
        psi = std::isnan(psi) ? 0 : std::clamp(psi, -greatest_psi, greatest_psi);
        ahead.means.push_back(mean);
        ahead.psi.push_back(psi);
        ahead.variances.push_back(ahead.variances.back() + psi * psi);
    }
    void begin_ahead() {
        ahead_.emplace(pool_);
        Ahead& ahead = **ahead_;
        ahead.means.assign(1, first_);
        ahead.psi.assign(1, 1);
        ahead.variances.assign(1, 1);
    }

    [[nodiscard]] double next_mean() const {
        const std::uint64_t ahead = done_ + 1;
        const std::int64_t step = numerics::step_after(state_.window.last_step, ahead);
        const double center = state_.units.center;
        double sum = center + state_.units.scale * state_.constant;
        for (std::size_t place = 0; place < state_.used; ++place)
            sum += state_.weights[place] * numerics::saturate(value_at(place, ahead, step) - center);
        if (std::isnan(sum)) sum = value_at(0, ahead, step);
        const double margin = numerics::saturate(state_.high / 2 - state_.low / 2);
        return std::min(std::max(sum, numerics::saturate(state_.low - margin)),
                        numerics::saturate(state_.high + margin));
    }

    const LagSet& lags_;
    const Calendar& calendar_;
    const State& state_;
    std::span<const double> slots_;
    AheadPool& pool_;
    LocalClock clock_;
    std::uint64_t done_ = 0, distance_ = 1;
    double first_ = 0;
    std::optional<AheadPool::Lease> ahead_;
};

}  // namespace lag

#endif  // FORECASTD_PLUGINS_LAG_OUTLOOK_HPP
