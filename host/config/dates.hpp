// Days of the calendar: dates as people write them, and the holidays of a calendar file.
//
// A day is a number, counted from 1970-01-01 on.
#ifndef FORECASTD_CONFIG_DATES_HPP
#define FORECASTD_CONFIG_DATES_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"

namespace forecastd::config {

struct Holiday {
    std::int64_t day = 0;
    std::string name;  // may be empty
};

// "2026-12-25". The error says what is wrong with it; it is "" where it looks like no date at all.
Expected<std::int64_t> parse_date(std::string_view text);
std::string format_date(std::int64_t day);

// The holidays in the text of an iCalendar file (RFC 5545): the events of whole days, and those that recur
// every year, up to the year 2115. Events of some hours, and other ways to recur, are errors, which name the
// line.
Expected<std::vector<Holiday>> parse_ics(std::string_view text);

}  // namespace forecastd::config

#endif
