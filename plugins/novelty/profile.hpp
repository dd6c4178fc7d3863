// What is usual at a time of the day, and of the week: the mean of each of 24 parts of a day, of each of 168
// parts of a week, with straight lines between their middles.
//
//   part' = part + 0.15 (mean of the values in it today - part), for parts of the week 0.3
//
// Values may scatter more at some times of the day than at others: the same is kept of |value - profile|,
// each counted as at most what is rare in the series. A distance from the profile is divided by what is usual
// in its part, and multiplied by the mean over all parts; what is usual counts as at least half of that mean.
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

// Between the middles of which two parts a place lies: at `share` of the way from its own to the other.
struct Between {
    std::size_t own, other;
    double share;
};
inline Between between(double place, std::size_t parts) {
    const std::size_t own = part_of(place, parts);
    const double offset = place * static_cast<double>(parts) - static_cast<double>(own) - 0.5;
    const std::size_t other = offset < 0 ? (own == 0 ? parts : own) - 1 : (own + 1 == parts ? 0 : own + 1);
    return {own, other, std::abs(offset)};
}

// A profile, by its parts; NaN where the own part is not known yet.
inline double profile_at(const float* parts, const Between& place) {
    const auto own = static_cast<double>(parts[place.own]), other = static_cast<double>(parts[place.other]);
    return std::isnan(other) ? own : own + place.share * (other - own);
}

inline void learn_part(float& part, double mean, double weight) {
    part = static_cast<float>(std::isnan(part) ? mean : part + weight * (mean - part));
}

}  // namespace novelty

#endif  // FORECASTD_PLUGINS_NOVELTY_PROFILE_HPP
