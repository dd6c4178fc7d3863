// What is usual at a time of the day, and of the week: the mean of each of 24 parts of a day, of each of 168
// parts of a week, with straight lines between their middles.
//
//   part' = part + 0.15 (mean of the values in it today - part), for parts of the week 0.3
//
// The week is used where its mean error is below 0.9 of the day's. Intervals longer than an hour have as
// many parts in a day as a day has steps; intervals longer than a day have no profile.
#ifndef FORECASTD_PLUGINS_NOVELTY_PROFILE_HPP
#define FORECASTD_PLUGINS_NOVELTY_PROFILE_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace novelty {

inline constexpr std::size_t most_parts = 24;

// Where a step lies in the day and in the week, both from 0 to below 1, in local time.
struct TimeOfWeek {
    double day, week;
};

class Clock {
  public:
    Clock() = default;
    explicit Clock(std::int64_t interval_ns)
        : steps_a_day_(86'400e9 / static_cast<double>(interval_ns)),
          parts_(static_cast<std::size_t>(std::clamp(std::floor(steps_a_day_), 0.0, 1.0 * most_parts))) {}

    [[nodiscard]] TimeOfWeek at(std::int64_t local_step) const {
        const double days = static_cast<double>(local_step) / steps_a_day_, weeks = days / 7;
        return {days - std::floor(days), weeks - std::floor(weeks)};
    }
    // Of a day; 0: the interval is longer than a day, and there is no profile.
    [[nodiscard]] std::size_t parts() const { return parts_; }
    // The values that fall into a part, about.
    [[nodiscard]] double steps_a_part() const { return steps_a_day_ / static_cast<double>(parts_); }

  private:
    double steps_a_day_ = 1;
    std::size_t parts_ = 0;
};

inline std::size_t part_of(double place, std::size_t parts) {
    return std::min(static_cast<std::size_t>(place * static_cast<double>(parts)), parts - 1);
}

// The profile at a place; NaN where its part is not known yet.
inline double profile_at(std::span<const float> parts, double place) {
    const std::size_t own = part_of(place, parts.size());
    if (std::isnan(parts[own])) return parts[own];
    const double offset = place * static_cast<double>(parts.size()) - static_cast<double>(own) - 0.5;
    const std::size_t other =
        offset < 0 ? (own == 0 ? parts.size() : own) - 1 : (own + 1 == parts.size() ? 0 : own + 1);
    if (std::isnan(parts[other])) return parts[own];
    return parts[own] + std::abs(offset) * (static_cast<double>(parts[other]) - parts[own]);
}

inline void learn_part(float& part, double mean, double weight) {
    part = static_cast<float>(std::isnan(part) ? mean : part + weight * (mean - part));
}

}  // namespace novelty

#endif  // FORECASTD_PLUGINS_NOVELTY_PROFILE_HPP
