// How good each member was at each lead, and the weights that follow.
//
// Every `stride` points a forecast of each member for the lead is kept until its value comes:
//
//   error' = .98 error + |forecast - value|,   judged' = .98 judged + 1
//
// Weights at a lead are (least / E)^10, and 0 beyond 2 least, made to sum to 1, where E is the sum of
//
//   the error at this lead
//   20 judgements of the member's mean size over all leads, relative to the best at each: few forecasts of a
//     far lead come true, those of nearer ones tell about it as well
//   one judgement of naive's mean error, and a tenth more for all others than naive: little evidence does not
//     speak against repeating the last value
//
// A member that is not ready is not judged; its error follows the least of the others, at 1.1 times that. The
// first forecast is naive's.
//
// Source: J. M. Bates & C. W. J. Granger, The combination of forecasts, Operational Research Quarterly 20, 1969
// (weights from inverse past errors).
#ifndef FORECASTD_PLUGINS_AUTO_JUDGE_HPP
#define FORECASTD_PLUGINS_AUTO_JUDGE_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "state.hpp"

namespace automatic {

inline constexpr double judge_memory = 0.98;
inline constexpr double pooled = 20, prior = 1, behind_naive = 1.1;
inline constexpr double beyond = 2;      // of the least error: no weight
inline constexpr double not_ready = 1.1;  // of the least error

using Weights = std::array<OfMembers, most_leads>;

inline bool is_ready(const Plan& plan, const State& state, std::size_t member) {
    return member < plan.members() && state.learned >= plan.needs(member);
}

namespace detail {

inline double tenth_power(double x) {
    const double square = x * x, fourth = square * square;
    return fourth * fourth * square;
}
inline double least(std::span<const double> numbers) { return *std::min_element(numbers.begin(), numbers.end()); }

}  // namespace detail

// Thread: any, as its series.
template <class AnyParts>
Weights weights(const Plan& plan, const State& state, const AnyParts& parts) {
    const std::size_t members = plan.members(), leads = plan.leads();
    OfMembers relative{};  // to the best at each lead, summed over what was judged
    double judgements = 0;
    std::array<double, most_leads> least{};
    for (std::size_t lead = 0; lead < leads; ++lead) {
        const auto errors = parts.errors.subspan(lead * members, members);
        const auto judged = static_cast<double>(state.judged[lead]);
        least[lead] = static_cast<double>(*std::min_element(errors.begin(), errors.end()));
        judgements += judged;
        if (!(least[lead] > 0)) continue;
        for (std::size_t i = 0; i < members; ++i)
            relative[i] += judged / least[lead] * static_cast<double>(errors[i]);
    }
    Weights weights{};
    for (std::size_t lead = 0; lead < leads; ++lead) {
        OfMembers& result = weights[lead];
        const auto judged = static_cast<double>(state.judged[lead]);
        const auto errors = parts.errors.subspan(lead * members, members);
        OfMembers total;
        total.fill(std::numeric_limits<double>::infinity());
        for (std::size_t i = 0; i < members; ++i) {
            if (!is_ready(plan, state, i) || !(judged > 0)) continue;
            total[i] = static_cast<double>(errors[i]) + pooled * least[lead] / judged * (relative[i] / judgements) +
                       prior * (i == naive ? 1 : behind_naive) * static_cast<double>(errors[naive]) / judged;
        }
        const double best = detail::least(total);
        double sum = 0;
        for (std::size_t i = 0; i < members; ++i) {
            if (!(total[i] <= beyond * best)) continue;
            sum += result[i] = best > 0 ? detail::tenth_power(best / total[i]) : 1;
        }
        if (!(sum > 0 && std::isfinite(sum))) {
            result = {};
            result[naive] = sum = 1;
        }
        for (double& weight : result) weight /= sum;
    }
    return weights;
}

// The forecasts that wait in a slot: those of the members, then that of all together.
template <class Float>
std::span<Float> waiting(const Plan& plan, std::span<Float> all, const Lead& lead, std::uint64_t made_at) {
    const std::size_t width = plan.members() + 1;
    return all.subspan((lead.first + made_at / lead.stride % lead.slots) * width, width);
}
inline bool is_due(const Lead& lead, std::uint64_t learned) { return lead.stride == 1 || learned % lead.stride == 0; }

// Judges what was forecast of the value that comes next, z. found(lead, forecast) gets what all together forecast.
template <class Found>
void judge(const Plan& plan, State& state, const Learning& parts, double z, Found found) {
    const std::size_t members = plan.members();
    for (std::size_t place = 0; place < plan.leads(); ++place) {
        const Lead& lead = plan.lead(place);
        if (state.learned + 1 <= lead.steps) continue;
        const std::uint64_t made_at = state.learned + 1 - lead.steps;
        if (made_at < state.judged_from || !is_due(lead, made_at)) continue;
        const auto forecasts = waiting(plan, parts.waiting, lead, made_at);
        const auto errors = parts.errors.subspan(place * members, members);
        float least = std::numeric_limits<float>::max();
        for (std::size_t i = 0; i < members; ++i) {
            if (std::isnan(forecasts[i])) continue;
            errors[i] = static_cast<float>(judge_memory * static_cast<double>(errors[i]) +
                                           std::abs(static_cast<double>(forecasts[i]) - z));
            least = std::min(least, errors[i]);
        }
        for (std::size_t i = 0; i < members; ++i)
            if (std::isnan(forecasts[i])) errors[i] = static_cast<float>(not_ready) * least;
        state.judged[place] = static_cast<float>(judge_memory * static_cast<double>(state.judged[place]) + 1);
        found(place, static_cast<double>(forecasts[members]));
    }
}

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_JUDGE_HPP
