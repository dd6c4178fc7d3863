#include "commands/figures.hpp"

#include <cmath>
#include <cstdio>
#include <ctime>

#include "config/units.hpp"

namespace forecastd::commands {

std::string formatted(const char* format, double number) {
    char text[40];
    std::snprintf(text, sizeof text, format, number);
    return std::isfinite(number) ? text : "-";
}

std::string short_duration(double seconds) {
    if (!(seconds >= 60)) return std::isfinite(seconds) ? formatted("%.1fs", seconds) : "-";
    return config::format_duration(std::llround(seconds) * 1'000'000'000);
}

std::string utc_time(std::int64_t time_ns) {
    const std::time_t seconds = time_ns / 1'000'000'000;
    std::tm utc{};
    char text[40];
    if (!::gmtime_r(&seconds, &utc) || std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%SZ", &utc) == 0)
        return "-";
    return text;
}

std::string counted(std::uint64_t count, const std::string& one, const std::string& several) {
    return std::to_string(count) + " " + (count == 1 ? one : several);
}

Json found_json(const scoring::Found& found) {
    return {{"found", found.found},
            {"recall", found.recall()},
            {"precision", found.precision()},
            {"f1", found.f1()},
            {"false_alarms", found.false_alarms},
            {"false_alarms_a_day", found.false_alarms_a_day()},
            {"mean_delay_s", found.mean_delay_s()}};
}

}  // namespace forecastd::commands
