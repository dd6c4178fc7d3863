// The forecast of all members together: their weighted mean, with the weights of the nearest lead that was
// judged.
//
// The deviation is that of the errors which such forecasts left at the leads before and behind; between two
// leads, and up to the first that has none yet, it grows as that of a random walk would. Forecasts more than
// `furthest` steps ahead repeat those one or more periods before.
#ifndef FORECASTD_PLUGINS_AUTO_COMBINATION_HPP
#define FORECASTD_PLUGINS_AUTO_COMBINATION_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "../numerics/error_variance.hpp"
#include "judge.hpp"
#include "outlook.hpp"

namespace automatic {

// Of the distance between two steps, one that a series can be taken over in bounded time.
inline std::uint64_t within_reach(const Plan& plan, std::uint64_t distance, std::uint64_t furthest) {
    if (distance <= furthest) return std::max<std::uint64_t>(distance, 1);
    const std::uint64_t period = plan.period();
    return furthest - (period - (distance - furthest) % period) % period;
}

// What the members forecast together, less the last value, in units.
inline float combine(const OfMembers& weights, const OfMembers& forecasts, float last) {
    const Row<most_members> weight(weights.data(), 0), forecast(forecasts.data(), 0);
    Row<most_members> part;
    for (std::size_t i = 0; i < part.size; ++i) {
        const Four all = weight.four[i] * (forecast.four[i] - four(last));
        part.four[i] = weight.four[i] > 0 ? all : four(0);
    }
    return part.sum();
}

// Standard deviation of the error some steps ahead; NaN before the first error.
inline double deviation(const Plan& plan, const State& state, std::uint64_t steps) {
    double steps_below = 0, below = 0;
    const auto here = static_cast<double>(steps);
    for (std::size_t place = 0; place < plan.leads(); ++place) {
        const numerics::ErrorVariance& errors = state.errors[place];
        if (errors.count() == 0) break;
        const auto lead = static_cast<double>(plan.lead(place).steps);
        const double there = errors.deviation();
        if (here <= lead) {
            if (place == 0) return there;
            const double part = (here - steps_below) / (lead - steps_below);
            return numerics::saturate(std::sqrt((1 - part) * below * below + part * there * there));
        }
        steps_below = lead;
        below = there;
    }
    if (steps_below == 0) return numerics::unknown;
    return numerics::saturate(below * std::sqrt(here / steps_below));
}

// Thread: any; it changes nothing but `ahead`. The state has learned a point and stays as it is meanwhile.
class Combination {
  public:
    Combination(const Plan& plan, const State& state, const Kept& kept, Ahead& ahead)
        : plan_(plan),
          state_(state),
          means_(ahead.means),
          outlook_(plan, state, kept, ahead),
          weighing_(plan, state, kept.errors) {
        means_.clear();
    }

    // The forecast of a step; steps come in ascending order.
    numerics::Expected at(std::int64_t step, std::int64_t local_step) {
        const std::uint64_t furthest = std::max<std::uint64_t>(1000, 2 * plan_.lags().longest());
        const std::uint64_t distance =
            within_reach(plan_, numerics::steps_between(state_.last_step, step), furthest);
        while (means_.size() < distance) {
            if (means_.size() + 1 == distance) outlook_.follow(step, local_step);
            outlook_.next();
            const std::size_t lead = plan_.nearest(outlook_.ahead());
            if (lead != lead_) weights_ = weighing_.at(lead_ = lead);
            means_.push_back(static_cast<double>(combine(weights_, outlook_.members(), outlook_.last())));
        }
        return {state_.units.above(state_.last, means_[distance - 1]), deviation(plan_, state_, distance)};
    }

  private:
    const Plan& plan_;
    const State& state_;
    std::vector<double>& means_;
    Outlook outlook_;
    Weighing weighing_;
    std::size_t lead_ = most_leads;  // whose weights these are
    OfMembers weights_{};
};

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_COMBINATION_HPP
