// The members of `auto`: simple forecasters that run side by side. Which there are depends on the seasons.
#ifndef FORECASTD_PLUGINS_AUTO_MEMBERS_HPP
#define FORECASTD_PLUGINS_AUTO_MEMBERS_HPP

#include <array>
#include <cstddef>
#include <iterator>

namespace automatic {

// In this order, so that those that a series has come first. Places in arrays.
enum Member : std::size_t {
    naive,          // the last value
    ses_slow,       // exponential smoothing: smoothing.hpp
    ses_middle,     //
    ses_fast,       //
    holt_slow,      // Holt's method with a damped trend: smoothing.hpp
    holt_fast,      //
    last_values,    // regression on the last values: regressions.hpp
    last_changes,   // the same for the changes from value to value
    drift,          // a level and half of the trend of late, with the season if there is one: level.hpp
    season_lags,    // regression on the last values and those one season ago
    repeat_first,   // the value one (shorter) season ago
    profile_first,  // a mean for each step of that season, and the last deviation: profile.hpp
    level,          // a level and a season: level.hpp
    slow_level,     //
    repeat_second,  // as repeat_first, of the longer season
    profile_second,
    most_members
};

inline constexpr std::size_t members_without_season = season_lags, members_with_one = repeat_second;

inline constexpr const char* member_names[]{"naive",     "ses_slow",    "ses_middle",    "ses_fast",
                                            "holt_slow", "holt_fast",   "last_values",   "last_changes",
                                            "drift",     "season_lags", "repeat_first",  "profile_first",
                                            "level",     "slow_level",  "repeat_second", "profile_second"};
static_assert(std::size(member_names) == most_members);

// One number for each member.
using OfMembers = std::array<float, most_members>;

// Calls use.template operator()<count>() with the number of members as a constant, so that loops over them
// have a fixed length.
template <class Use>
void with_count(std::size_t members, Use use) {
    if (members == members_without_season) return use.template operator()<members_without_season>();
    if (members == members_with_one) return use.template operator()<members_with_one>();
    use.template operator()<most_members>();
}

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_MEMBERS_HPP
