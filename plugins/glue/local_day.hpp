// How many steps a day has, where some days may count as other ones, as a holiday counts as a Sunday; else 0.
// There are none where local steps are the steps, and where the interval does not divide a day.
#ifndef FORECASTD_PLUGINS_GLUE_LOCAL_DAY_HPP
#define FORECASTD_PLUGINS_GLUE_LOCAL_DAY_HPP

#include <cstdint>
#include <forecastd/plugin.hpp>

namespace glue {

inline std::uint64_t local_day(const forecastd::Grid& grid) {
    constexpr std::int64_t day_ns = forecastd::hours(24).ns;
    if ((grid.flags & FCD_GRID_LOCAL) == 0 || day_ns % grid.interval_ns != 0) return 0;
    return static_cast<std::uint64_t>(day_ns / grid.interval_ns);
}

}  // namespace glue

#endif  // FORECASTD_PLUGINS_GLUE_LOCAL_DAY_HPP
