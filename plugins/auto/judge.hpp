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
// The mixture itself is judged in the same way. Where it was worse than naive at a lead, and over all leads
// as well, naive alone is the forecast there. So random walks and series that stand still are forecast as
// well as by naive.
//
// A member that is not ready is not judged; its error follows the least of the others, at 1.1 times that. The
// first forecast is naive's.
//
// Source: J. M. Bates & C. W. J. Granger, The combination of forecasts, Operational Research Quarterly 20,
// 1969 (weights from inverse past errors).
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
inline constexpr double beyond = 2;       // of the least error: no weight
inline constexpr double not_ready = 1.1;  // of the least error

inline bool is_ready(const Plan& plan, const State& state, std::size_t member) {
    return state.learned >= plan.needs(member);
}

// Weights of the members, lead by lead. Thread: any, as its series, which stays as it is meanwhile.
class Weighing {
  public:
    Weighing(const Plan& plan, const State& state, std::span<const float> errors)
        : plan_(plan), state_(state), errors_(errors) {
        const std::size_t members = plan.members();
        double judgements = 0;
        for (std::size_t lead = 0; lead < plan.leads(); ++lead) {
            const float* const here = errors.data() + lead * members;
            const auto judged = static_cast<double>(state.judged[lead]);
            judgements += judged;
            const auto least = static_cast<double>(least_[lead] = *std::min_element(here, here + members));
            if (state.together[lead] > 0)
                lost_to_naive_ += judged * (1 - static_cast<double>(here[naive]) /
                                                    static_cast<double>(state.together[lead]));
            if (!(least > 0)) continue;
            const auto share = static_cast<float>(judged / least);
            for (std::size_t i = 0; i < members; ++i) relative_[i] += share * here[i];
        }
        scale_ = judgements > 0 ? pooled / judgements : 0;
    }

    // Those of the forecast: naive's alone while the mixture was worse. They sum to 1.
    [[nodiscard]] OfMembers at(std::size_t lead) const {
        return is_worse_than_naive(lead) ? only_naive() : mixture(lead);
    }
    [[nodiscard]] bool is_worse_than_naive(std::size_t lead) const {
        return lost_to_naive_ > 0 && state_.together[lead] > errors_[lead * plan_.members() + naive];
    }
    [[nodiscard]] OfMembers mixture(std::size_t lead) const {
        const std::size_t members = plan_.members();
        const float* const errors = errors_.data() + lead * members;
        const auto judged = static_cast<double>(state_.judged[lead]);
        OfMembers total{}, result{};
        if (!(judged > 0)) return only_naive();
        const double part = scale_ * static_cast<double>(least_[lead]) / judged;
        const double prior_size = prior * static_cast<double>(errors[naive]) / judged;
        double best = std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < members; ++i) {
            total[i] = static_cast<double>(errors[i]) + part * static_cast<double>(relative_[i]) +
                       prior_size * (i == naive ? 1 : behind_naive);
            if (is_ready(plan_, state_, i)) best = std::min(best, total[i]);
        }
        double sum = 0;
        for (std::size_t i = 0; i < members; ++i) {
            if (!(total[i] <= beyond * best) || !is_ready(plan_, state_, i)) continue;
            sum += result[i] = best > 0 ? tenth_power(best / total[i]) : 1;
        }
        if (!(sum > 0 && std::isfinite(sum))) return only_naive();
        const double by = 1 / sum;
        for (double& weight : result) weight *= by;
        return result;
    }

  private:
    static OfMembers only_naive() {
        OfMembers result{};
        result[naive] = 1;
        return result;
    }
    static double tenth_power(double x) {
        const double square = x * x, fourth = square * square;
        return fourth * fourth * square;
    }

    const Plan& plan_;
    const State& state_;
    std::span<const float> errors_;
    std::array<float, most_members> relative_{};  // to the best at each lead, summed over what was judged
    std::array<float, most_leads> least_{};
    double scale_ = 0;
    double lost_to_naive_ = 0;  // by the mixture, as a share of its error, summed over what was judged
};

// The forecasts that wait in a slot: those of the members, then that of all together.
template <class Float>
std::span<Float> waiting(const Plan& plan, std::span<Float> all, const Lead& lead, std::uint64_t made_at) {
    const std::size_t width = plan.members() + 1;
    return all.subspan((lead.first + made_at / lead.stride % lead.slots) * width, width);
}
inline bool is_due(const Lead& lead, std::uint64_t learned) {
    return lead.stride == 1 || learned % lead.stride == 0;
}

// Judges what was forecast of the value that comes next, z. found(lead, forecast) gets what all together
// forecast.
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
            errors[i] = numerics::settled_float(judge_memory * static_cast<double>(errors[i]) +
                                                std::abs(static_cast<double>(forecasts[i]) - z));
            least = std::min(least, errors[i]);
        }
        for (std::size_t i = 0; i < members; ++i)
            if (std::isnan(forecasts[i]))
                errors[i] = numerics::settled_float(not_ready * static_cast<double>(least));
        state.judged[place] = static_cast<float>(judge_memory * static_cast<double>(state.judged[place]) + 1);
        const auto together = static_cast<double>(forecasts[members]);
        state.together[place] = numerics::settled_float(
            judge_memory * static_cast<double>(state.together[place]) + std::abs(together - z));
        found(place, together);
    }
}

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_JUDGE_HPP
