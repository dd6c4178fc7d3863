// What follows from the seasons and the horizon: the members, the leads that they are judged at, and the
// sizes of what a series keeps.
//
// Leads {1, h/12, h/5, h/3, 2h/3 + 1, h - 1}. For each lead at most four forecasts of each member wait for
// their value, and two beyond 16 steps, so a lead of L steps is judged at every (L/4)-th or (L/2)-th point.
// That stride has no factor in common with a season: else only some phases of it would ever be judged.
#ifndef FORECASTD_PLUGINS_AUTO_PLAN_HPP
#define FORECASTD_PLUGINS_AUTO_PLAN_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>

#include "../lag/lag_set.hpp"
#include "../lag/local_clock.hpp"
#include "members.hpp"

namespace automatic {

inline constexpr std::size_t most_leads = 6;

// Numbers of steps are mostly below 2^32, and a division of 32 bits takes half the time.
inline std::uint64_t quotient(std::uint64_t number, std::uint32_t by) {
    return number >> 32 == 0 ? static_cast<std::uint32_t>(number) / by : number / by;
}
inline std::size_t remainder(std::uint64_t number, std::size_t by) {
    return (number | by) >> 32 == 0 ? static_cast<std::uint32_t>(number) % static_cast<std::uint32_t>(by)
                                    : number % by;
}

// A lead that members are judged at.
struct Lead {
    std::uint32_t steps = 0;   // ahead
    std::uint32_t stride = 1;  // points from one forecast that is judged to the next
    std::uint32_t slots = 1;   // forecasts that wait for their value
    std::uint32_t first = 0;   // the place of its first slot among those of all leads

    // The slot for the forecast that is made after `learned` steps; none: no forecast is due there.
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
    [[nodiscard]] std::size_t slot(std::uint64_t learned) const {
        const std::uint64_t turn = stride == 1 ? learned : quotient(learned, stride);
        return turn * stride == learned ? first + remainder(turn, slots) : none;
    }
};

// Thread: any; it never changes.
class Plan {
  public:
    static constexpr std::size_t most_waiting = 4, most_waiting_far = 2, far = 16;

    // Seasons in steps, below 2: none; in any order. extra: values kept beyond the longest lag. day: in
    // steps; 0: there are no holidays.
    Plan(std::size_t first_season, std::size_t second_season, std::size_t horizon, std::size_t extra = 0,
         std::uint64_t day = 0)
        : first_(first_season < 2 ? 0 : first_season),
          second_(second_season < 2 ? 0 : second_season),
          lags_(first_season, second_season) {
        if (first_ == second_) second_ = 0;
        if (first_ == 0 || (second_ != 0 && second_ < first_)) std::swap(first_, second_);
        calendar_ = {day, period()};
        ring_ = std::max<std::size_t>(lags_.longest(), least_ring) + extra;
        set_leads(std::max<std::size_t>(horizon, 1));
        set_needs();
    }

    [[nodiscard]] std::size_t first_season() const { return first_; }
    [[nodiscard]] std::size_t second_season() const { return second_; }
    // The longest season; 1: none.
    [[nodiscard]] std::size_t period() const { return std::max<std::size_t>({1, first_, second_}); }
    [[nodiscard]] std::size_t members() const {
        if (first_ == 0) return members_without_season;
        return second_ == 0 ? members_with_one : most_members;
    }
    // Of the regression on the season; without a season, of none.
    [[nodiscard]] const lag::LagSet& lags() const { return lags_; }
    [[nodiscard]] const lag::Calendar& calendar() const { return calendar_; }
    [[nodiscard]] std::size_t ring() const { return ring_; }  // values kept

    [[nodiscard]] std::size_t leads() const { return lead_count_; }
    [[nodiscard]] const Lead& lead(std::size_t place) const { return leads_[place]; }
    [[nodiscard]] std::size_t slots() const {
        return leads_[lead_count_ - 1].first + leads_[lead_count_ - 1].slots;
    }
    // The lead whose weights a forecast takes.
    [[nodiscard]] std::size_t nearest(std::uint64_t steps) const {
        std::size_t place = 0;
        while (place + 1 < lead_count_ &&
               steps + steps > leads_[place].steps + std::uint64_t{leads_[place + 1].steps})
            ++place;
        return place;
    }
    // Steps that a member must have learned before its forecasts count; those of all.
    [[nodiscard]] std::uint64_t needs(std::size_t member) const { return needs_[member]; }
    [[nodiscard]] std::uint64_t needs_of_all() const { return needs_of_all_; }

  private:
    static constexpr std::size_t least_ring = 32;  // values enough for a center and a scale

    void set_leads(std::size_t horizon) {
        std::array<std::size_t, most_leads> steps{1,           horizon / 12,        horizon / 5,
                                                  horizon / 3, 2 * horizon / 3 + 1, horizon - 1};
        for (std::size_t& step : steps) step = std::clamp<std::size_t>(step, 1, horizon);
        std::sort(steps.begin(), steps.end());
        std::uint32_t next = 0;
        for (const std::size_t step : steps) {
            if (lead_count_ > 0 && leads_[lead_count_ - 1].steps == step) continue;
            Lead& lead = leads_[lead_count_++];
            lead.steps = static_cast<std::uint32_t>(step);
            lead.stride = stride(step);
            lead.slots = (lead.steps + lead.stride - 1) / lead.stride;
            lead.first = next;
            next += lead.slots;
        }
    }
    void set_needs() {
        needs_.fill(1);
        needs_[last_values] = needs_[last_changes] = 14;
        needs_[drift] = std::max<std::size_t>(8, 2 * first_);
        needs_[season_lags] = lags_.longest() + lags_.size() + 1;
        needs_[repeat_first] = needs_[profile_first] = first_;
        needs_[level] = needs_[slow_level] = 2 * first_;
        needs_[repeat_second] = needs_[profile_second] = second_;
        needs_of_all_ =
            *std::max_element(needs_.begin(), needs_.begin() + static_cast<std::ptrdiff_t>(members()));
    }
    [[nodiscard]] std::uint32_t stride(std::size_t steps) const {
        const std::size_t most = steps > far ? most_waiting_far : most_waiting;
        std::size_t stride = (steps + most - 1) / most;
        while (stride > 1 && !(is_coprime(stride, first_) && is_coprime(stride, second_))) ++stride;
        return static_cast<std::uint32_t>(stride);
    }
    static bool is_coprime(std::size_t stride, std::size_t season) {
        return season == 0 || std::gcd(stride, season) == 1;
    }

    std::size_t first_, second_;
    lag::LagSet lags_;
    lag::Calendar calendar_;
    std::size_t ring_ = 0;
    std::array<Lead, most_leads> leads_{};
    std::array<std::uint64_t, most_members> needs_{};
    std::uint64_t needs_of_all_ = 0;
    std::size_t lead_count_ = 0;
};

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_PLAN_HPP
