#include "base/time_zone.hpp"

#include <date/tz.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <limits>

namespace forecastd {
namespace {

// Of seconds since 1970, as nanoseconds; those that do not fit are the nearest that do.
std::int64_t in_ns(std::int64_t seconds) {
    constexpr std::int64_t second_ns = 1'000'000'000,
                           most = std::numeric_limits<std::int64_t>::max() / second_ns;
    return std::clamp(seconds, -most, most) * second_ns;
}

bool has_database() {
    try {
        return date::locate_zone("UTC") != nullptr;
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace

Expected<TimeZone> TimeZone::find(const std::string& name) {
    try {
        return TimeZone(*date::locate_zone(name));
    } catch (const std::exception&) {
        if (!has_database())
            return fail(
                "this system has no time zone database; install the package tzdata, or leave the time zone "
                "out");
        return fail(
            "the time zone database has no zone of that name; 'timedatectl list-timezones' lists them");
    }
}

void TimeZone::look_up(std::int64_t time_ns) {
    const std::chrono::sys_time<std::chrono::nanoseconds> time{std::chrono::nanoseconds(time_ns)};
    const date::sys_info info = zone_->get_info(std::chrono::floor<std::chrono::seconds>(time));
    begin_ns_ = in_ns(info.begin.time_since_epoch().count());
    end_ns_ = in_ns(info.end.time_since_epoch().count());
    offset_ns_ = in_ns(info.offset.count());
}

}  // namespace forecastd
