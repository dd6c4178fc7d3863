// When a series is fitted: from `min_samples` points on, and again after each `refit_every` further ones.
#ifndef FORECASTD_PLUGINS_FITTING_SCHEDULE_HPP
#define FORECASTD_PLUGINS_FITTING_SCHEDULE_HPP

#include <algorithm>
#include <cstdint>
#include <limits>

namespace fitting {

// Adds to a count, which stays at the greatest number there is.
inline void add(std::uint32_t& count, std::uint32_t more) {
    const std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
    count = more > most - count ? most : count + more;
}

// Thread: any; part of a series' state.
struct Schedule {
    std::uint32_t points = 0;  // learned so far, up to its greatest value
    std::uint32_t since = 0;   // points since the last fit

    // Counts a point. True: a fit is due now. fitted: whether there has been one.
    bool tick(std::uint32_t min_samples, std::uint32_t refit_every, bool fitted) {
        if (points < UINT32_MAX) ++points;
        if (since < UINT32_MAX) ++since;
        if (points < min_samples || (fitted && since < refit_every)) return false;
        since = 0;
        return true;
    }
};

// A young series is fitted again after an eighth of its points, until that is more than refit_every: its
// first fits are its worst, and a fit of few points costs little.
inline std::uint32_t sooner_while_young(std::uint32_t refit_every, const Schedule& schedule) {
    return std::min(refit_every, std::max<std::uint32_t>(1, schedule.points / 8));
}

}  // namespace fitting

#endif  // FORECASTD_PLUGINS_FITTING_SCHEDULE_HPP
