// Dates, and calendar files with holidays (RFC 5545).
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "config/dates.hpp"

namespace forecastd::config {
namespace {

std::string event(const std::string& lines) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n" + lines +
           "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
}

std::vector<std::string> dates_of(const std::string& text) {
    const auto found = parse_ics(text);
    REQUIRE_MESSAGE(found, found.error().text);
    std::vector<std::string> dates;
    for (const Holiday& holiday : *found) dates.push_back(format_date(holiday.day));
    return dates;
}

std::string error_of(const std::string& text) {
    const auto found = parse_ics(text);
    REQUIRE_FALSE(found);
    return found.error().text;
}

using Dates = std::vector<std::string>;

}  // namespace

TEST_CASE("a date is read as the day that it names, and written back") {
    CHECK(parse_date("1970-01-01").value() == 0);
    CHECK(parse_date("2026-12-25").value() == 20812);
    CHECK(parse_date("1969-12-31").value() == -1);
    for (const char* date : {"2024-02-29", "2026-12-25", "1824-03-01"})
        CHECK(format_date(parse_date(date).value()) == date);
    for (const char* text : {"", "2026-12-2", "2026/12/25", "25.12.2026", "2026-12-25T00", "2026-1x-25"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_date(text));
    }
    CHECK(parse_date("2026-02-29").error().text == "there is no such day");
}

TEST_CASE("the whole days of a calendar file, with their names") {
    const auto found =
        parse_ics(event("SUMMARY:Christmas\\, and\r\n  more\r\nDTSTART;VALUE=DATE:20261225\r\n"
                        "DTEND;VALUE=DATE:20261227"));
    REQUIRE(found);
    REQUIRE(found->size() == 2);
    CHECK((*found)[0].name == "Christmas, and more");
    CHECK(format_date((*found)[0].day) == "2026-12-25");
    CHECK(format_date((*found)[1].day) == "2026-12-26");
    CHECK(dates_of("BEGIN:VCALENDAR\nEND:VCALENDAR").empty());
    CHECK(dates_of(event("DTSTART:20261003")) == Dates{"2026-10-03"});
    CHECK(dates_of(event("DTSTART:20261003\r\nDTEND:20261003")) == Dates{"2026-10-03"});
    CHECK(dates_of(event("DTSTART:20261003\r\nSTATUS:CANCELLED")).empty());
}

TEST_CASE("parts that are no events, or within one, do not matter") {
    CHECK(dates_of("BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nDTSTART:19700101T000000\nRRULE:FREQ=YEARLY;BYDAY=-1SU\n"
                   "END:VTIMEZONE\nBEGIN:VEVENT\nBEGIN:VALARM\nDURATION:PT5M\nEND:VALARM\nDTSTART:20261003\n"
                   "END:VEVENT\nEND:VCALENDAR\n") == Dates{"2026-10-03"});
}

TEST_CASE("events that recur every year") {
    const Dates yearly = dates_of(event("DTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY"));
    REQUIRE(yearly.size() == 90);
    CHECK(yearly.front() == "2026-12-25");
    CHECK(yearly.back() == "2115-12-25");
    CHECK(dates_of(event("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;COUNT=3;INTERVAL=2")) ==
          Dates{"2026-12-25", "2028-12-25", "2030-12-25"});
    CHECK(dates_of(event("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;UNTIL=20281224;BYMONTH=12;BYMONTHDAY=25")) ==
          Dates{"2026-12-25", "2027-12-25"});
    CHECK(dates_of(event("DTSTART:20240229\r\nRRULE:FREQ=YEARLY;COUNT=2")) ==
          Dates{"2024-02-29", "2028-02-29"});
}

TEST_CASE("what is not understood is an error that names the line") {
    CHECK(error_of("holidays").find("BEGIN:VCALENDAR") != std::string::npos);
    CHECK(error_of("").find("BEGIN:VCALENDAR") != std::string::npos);
    CHECK(error_of(event("DTSTART:20261225T180000Z")) ==
          "line 4: found DTSTART \"20261225T180000Z\", expected a whole day such as 20261225; only events of "
          "whole "
          "days are holidays");
    CHECK(error_of(event("DTSTART:20261325")).find("line 4: found DTSTART") == 0);
    CHECK(error_of(event("SUMMARY:x")).find("line 3: found an event without DTSTART") == 0);
    CHECK(error_of(event("DTSTART:20261225\r\nDTEND:20261224")).find("line 5: found DTEND") == 0);
    for (const char* rule :
         {"FREQ=WEEKLY", "FREQ=YEARLY;BYDAY=4TH", "FREQ=YEARLY;BYMONTH=11", "INTERVAL=1",
          "FREQ=YEARLY;COUNT=0", "FREQ=YEARLY;INTERVAL=-1", "FREQ=YEARLY;UNTIL=x", "FREQ"}) {
        CAPTURE(rule);
        const std::string error = error_of(event("DTSTART:20261225\r\nRRULE:" + std::string(rule)));
        CHECK(error.find("line 5: found RRULE") == 0);
        CHECK(error.find("expected FREQ=YEARLY") != std::string::npos);
    }
    for (const char* name : {"RDATE", "EXDATE", "RECURRENCE-ID", "DURATION"})
        CHECK(error_of(event("DTSTART:20261225\r\n" + std::string(name) + ":20261225")).find(name) !=
              std::string::npos);
    CHECK(error_of("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR").find("line 3: found END") == 0);
    CHECK(error_of("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261225").find("it ends within VEVENT") == 0);
}

}  // namespace forecastd::config
