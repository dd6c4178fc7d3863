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

#include "row.hpp"
#include "state.hpp"

namespace automatic {

inline constexpr float judge_memory = 0.98F;
inline constexpr float pooled = 20, prior = 1, behind_naive = 1.1F;
inline constexpr float beyond = 2;        // of the least error: no weight
inline constexpr float not_ready = 1.1F;  // of the least error

inline bool is_ready(const Plan& plan, const State& state, std::size_t member) {
    return state.learned >= plan.needs(member);
}

// Weights of the members, lead by lead. Thread: any, as its series, which stays as it is meanwhile.
class Weighing {
  public:
    Weighing(const Plan& plan, const State& state, std::span<const float> errors)
        : plan_(plan), state_(state), errors_(errors) {
        with_count(plan.members(), [this]<std::size_t count>() { add_up<count>(); });
    }

    // Those of the forecast: naive's alone while the mixture was worse. They sum to 1.
    [[nodiscard]] OfMembers at(std::size_t lead) const {
        return is_worse_than_naive(lead) ? only_naive() : mixture(lead);
    }
    [[nodiscard]] bool is_worse_than_naive(std::size_t lead) const {
        return lost_to_naive_ > 0 && state_.together[lead] > errors_[lead * plan_.members() + naive];
    }
    [[nodiscard]] OfMembers mixture(std::size_t lead) const {
        OfMembers result = only_naive();
        if (state_.judged[lead] > 0)
            with_count(plan_.members(), [&]<std::size_t count>() { weigh<count>(lead, result); });
        return result;
    }

  private:
    static constexpr float greatest = std::numeric_limits<float>::max();
    static_assert(naive == 0);

    template <std::size_t count>
    void add_up() {
        float judgements = 0;
        Row<count> relative{};
        for (std::size_t lead = 0; lead < plan_.leads(); ++lead) {
            const Row<count> here(errors_.data() + lead * count, greatest);
            const float judged = state_.judged[lead], least = least_[lead] = here.least();
            judgements += judged;
            if (state_.together[lead] > 0)
                lost_to_naive_ += judged * (1 - here.four[0][0] / state_.together[lead]);
            if (!(least > 0)) continue;
            const Four share = four(judged / least);
            for (std::size_t i = 0; i < here.size; ++i) relative.four[i] += share * here.four[i];
        }
        relative.store(relative_.data());
        scale_ = judgements > 0 ? pooled / judgements : 0;
    }
    // Changes no weights where there are no errors to weigh by.
    template <std::size_t count>
    void weigh(std::size_t lead, OfMembers& weights) const {
        Row<count> total(errors_.data() + lead * count, greatest);
        const Row<count> relative(relative_.data(), 0);
        const float judged = state_.judged[lead], part = scale_ * least_[lead] / judged;
        const float prior_size = prior * total.four[0][0] / judged;
        const float of_naive = total.four[0][0] + part * relative_[naive] + prior_size;
        for (std::size_t i = 0; i < total.size; ++i)
            total.four[i] += four(part) * relative.four[i] + four(behind_naive * prior_size);
        total.four[0][0] = of_naive;
        if (state_.learned < plan_.needs_of_all())
            for (std::size_t i = 0; i < count; ++i)
                if (!is_ready(plan_, state_, i)) total.four[i / 4][i % 4] = greatest;
        const float best = total.least();
        const Four least = four(best), limit = four(beyond * best), none = four(0), all = four(1);
        for (Four& one : total.four) {
            const Four ratio = best > 0 ? least / one : all, square = ratio * ratio, fourth = square * square;
            one = one <= limit ? fourth * fourth * square : none;
        }
        const float whole = total.sum();
        if (!(whole > 0 && std::isfinite(whole))) return;
        for (Four& one : total.four) one *= four(1 / whole);
        total.store(weights.data());
    }
    static OfMembers only_naive() {
        OfMembers result{};
        result[naive] = 1;
        return result;
    }

    const Plan& plan_;
    const State& state_;
    std::span<const float> errors_;
    OfMembers relative_{};  // to the best at each lead, summed over what was judged
    std::array<float, most_leads> least_{};
    float scale_ = 0;
    float lost_to_naive_ = 0;  // by the mixture, as a share of its error, summed over what was judged
};

// The room of a slot (slot.hpp).
template <class Float>
std::span<Float> waiting(const Plan& plan, std::span<Float> all, std::size_t slot) {
    const std::size_t width = slot_size(plan.members());
    return all.subspan(slot * width, width);
}

// Adds what each member forecast of z to its error at a lead. Returns what all together forecast.
template <std::size_t count>
float judge_members(float* errors, const float* waiting, float z) {
    const Row<count> made = read_slot<count>(waiting);
    Row<count> here(errors, std::numeric_limits<float>::max());
    Four least = four(std::numeric_limits<float>::max());
    for (std::size_t i = 0; i < here.size; ++i) {
        here.four[i] = four(judge_memory) * here.four[i] + size_of(made.four[i] - four(z));
        least = lesser(here.four[i], least);  // NaN is not less
    }
    const Four of_others = four(not_ready * automatic::least(least));
    for (Four& error : here.four) error = known_or(error, of_others);
    here.store(errors);
    return waiting[1];
}

// Judges what was forecast of the value that comes next, z. found(lead, forecast) gets what all together
// forecast.
template <class Found>
void judge(const Plan& plan, State& state, const Learning& parts, float z, Found found) {
    const std::size_t members = plan.members();
    for (std::size_t place = 0; place < plan.leads(); ++place) {
        const Lead& lead = plan.lead(place);
        if (state.learned + 1 <= lead.steps) break;
        const std::uint64_t made_at = state.learned + 1 - lead.steps;
        if (made_at < state.judged_from) break;
        const std::size_t slot = lead.slot(made_at);
        if (slot == Lead::none) continue;
        const float* const forecasts = waiting(plan, parts.waiting, slot).data();
        float* const errors = parts.errors.data() + place * members;
        float together = 0;
        with_count(members,
                   [&]<std::size_t count>() { together = judge_members<count>(errors, forecasts, z); });
        state.judged[place] = judge_memory * state.judged[place] + 1;
        state.together[place] = judge_memory * state.together[place] + std::abs(together - z);
        found(place, together);
    }
}

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_JUDGE_HPP
