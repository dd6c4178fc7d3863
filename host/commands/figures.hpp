// Figures as score and backtest print them.
#ifndef FORECASTD_COMMANDS_FIGURES_HPP
#define FORECASTD_COMMANDS_FIGURES_HPP

#include <cstdint>
#include <string>

#include "commands/json_line.hpp"
#include "scoring/measures.hpp"

namespace forecastd::commands {

// By a format of printf for one double; "-" if the number is not finite.
std::string formatted(const char* format, double number);

// To the second, or to a tenth of one if it is short; "-" if it is not known.
std::string short_duration(double seconds);

// "2026-11-30 07:15:00Z"
std::string utc_time(std::int64_t time_ns);

// "1 event", "3 events"
std::string counted(std::uint64_t count, const std::string& one, const std::string& several);

// What is not known is null.
Json found_json(const scoring::Found& found);

}  // namespace forecastd::commands

#endif
