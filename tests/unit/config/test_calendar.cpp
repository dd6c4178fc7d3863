// The keys "timezone" and "calendar", and seasons that the interval does not divide.
#include <doctest/doctest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "config/describe.hpp"
#include "config/model.hpp"
#include "config/read.hpp"
#include "unit/config/algorithms.hpp"

namespace forecastd::config {
namespace {

struct Found {
    Config config;
    std::vector<std::string> problems;
};

Found read(const std::string& keys, const std::string& params = R"("season_length": "7d")") {
    Found found;
    std::vector<Problem> problems;
    const auto document = Document::parse(
        R"({"pipelines": [{"forecast": {"plugin": "wave", "params": {)" + params + "}}, " + keys + "}]}",
        problems, "", system_surroundings());
    found.config = document.read(tests::catalogue(), problems);
    for (const Problem& problem : problems) found.problems.push_back(problem.sentence());
    return found;
}

void check_problem(const Found& found, const std::string& begin, const std::string& part) {
    REQUIRE(found.problems.size() == 1);
    CAPTURE(found.problems[0]);
    CHECK(found.problems[0].find(begin) == 0);
    CHECK(found.problems[0].find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("holidays as dates, with names or without, and the day that they count as") {
    const Found found = read(R"("interval": "1h", "timezone": "Europe/Berlin", "calendar": {"as": "saturday",
        "holidays": ["2026-12-25", {"date": "2026-12-26", "name": "Boxing Day"}]})");
    REQUIRE(found.problems == std::vector<std::string>{});
    const auto& calendar = found.config.pipelines.at(0).calendar;
    REQUIRE(calendar);
    REQUIRE(calendar->holidays.size() == 2);
    CHECK(calendar->holidays[0].day == 20812);
    CHECK(calendar->holidays[1].name == "Boxing Day");
    CHECK(calendar->as == 5);
    CHECK(describe_calendar(found.config.pipelines[0]) ==
          "clocks of Europe/Berlin; 2 holidays, each as a saturday");
    CHECK(read(R"("calendar": {"holidays": ["2026-12-25"]})").config.pipelines.at(0).calendar->as == 6);
    CHECK_FALSE(read(R"("interval": "1h")").config.pipelines.at(0).calendar);
}

TEST_CASE("what a calendar cannot be") {
    const std::string at = "pipelines[0].calendar";
    check_problem(read(R"("calendar": {"holidays": ["25.12.2026"]})"),
                  at + ".holidays[0]: found \"25.12.2026\"", "expected a date such as \"2026-12-25\"");
    check_problem(read(R"("calendar": {"holidays": ["2026-02-29"]})"), at + ".holidays[0]", "no such day");
    check_problem(read(R"("calendar": {"holidays": [{"day": "2026-02-28"}]})"), at + ".holidays[0]",
                  "a 'date'");
    check_problem(read(R"("calendar": {"holidays": [{"date": "2026-02-28", "as": "x"}]})"),
                  at + ".holidays[0]", "no key 'as'");
    check_problem(read(R"("calendar": {"holidays": ["2026-12-25"], "as": "own"})"), at + ".as: found \"own\"",
                  "no season of their own");
    check_problem(read(R"("calendar": {"holidays": ["2026-12-25"], "as": "sun"})"), at + ".as: found \"sun\"",
                  "a day of the week");
    check_problem(read(R"("calendar": {})"), at, "expected 'holidays' or 'ics'");
    check_problem(read(R"("calendar": {"ics": "no such file.ics"})"),
                  at + ".ics: cannot read the calendar file", "");
    check_problem(read(R"("calendar": {"holidays": ["2026-12-25"]})", R"("season_length": "1d")"), at,
                  "no model of this pipeline has a season of a week");
    check_problem(
        read(R"("interval": "1h", "calendar": {"holidays": ["2026-12-25"]})", R"("season_length": 24)"), at,
        "no model of this pipeline has a season of a week");
    check_problem(
        read(R"("interval": "25m", "calendar": {"holidays": ["2026-12-25"]})", R"("season_length": "7d")"),
        at, "an interval that divides a day");
    CHECK(read(R"("interval": "1h", "calendar": {"holidays": ["2026-12-25"]})", R"("season_length": 168)")
              .problems.empty());
    CHECK(read(R"("calendar": {"holidays": ["2026-12-25"]})", R"("season_length": 168)").problems.empty());
}

TEST_CASE("a calendar file is read from where the config is") {
    const auto folder =
        std::filesystem::temp_directory_path() / ("time-calendar-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    const auto write = [&folder](const char* name, const std::string& text) {
        std::ofstream(folder / name) << text;
    };
    write("config.json", R"({"pipelines": [{"forecast": {"plugin": "wave", "params": {"season_length": "7d"}},
        "calendar": {"holidays": ["2026-05-01"], "ics": "days.ics"}}]})");
    const auto open = [&folder] {
        std::vector<Problem> problems;
        Found found;
        found.config = Document::open(folder / "config.json", problems).read(tests::catalogue(), problems);
        for (const Problem& problem : problems) found.problems.push_back(problem.sentence());
        return found;
    };
    write("days.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261225\nEND:VEVENT\nEND:VCALENDAR\n");
    const Found good = open();
    CHECK(good.problems == std::vector<std::string>{});
    CHECK(good.config.pipelines.at(0).calendar->holidays.size() == 2);
    write("days.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261225T10\nEND:VEVENT\nEND:VCALENDAR\n");
    check_problem(
        open(), "pipelines[0].calendar.ics: '" + (folder / "days.ics").string() + "': line 3: found DTSTART",
        "a whole day");
    std::filesystem::remove_all(folder);
}

TEST_CASE("a season that the interval does not divide is rounded and told") {
    const auto pipeline = [](const std::string& interval, const std::string& season) {
        const Found found = read("\"interval\": \"" + interval + "\"", "\"season_length\": " + season);
        CAPTURE(interval);
        REQUIRE(found.problems == std::vector<std::string>{});
        return found.config.pipelines.at(0);
    };
    constexpr std::int64_t second = 1'000'000'000;
    const Pipeline odd = pipeline("7m", "\"1d\"");
    CHECK(describe_seasons(odd) == "wave 206 steps (1d)");
    CHECK(rounded_seasons(odd, 420 * second) ==
          "season_length of 'wave': found \"1d\", which is 205.71 intervals of \"7m\", and is taken as 206 "
          "steps; "
          "one step is left out or comes twice from time to time, so that the season stays in time; an "
          "interval that "
          "divides it needs none of that");
    CHECK(odd.forecast->model.odd_season(420 * second).steps == 206);
    CHECK(describe_seasons(pipeline("13s", "\"1h\"")) == "wave 277 steps (1h)");
    for (const Pipeline& even :
         {pipeline("10m", "\"1d\""), pipeline("7m", "206"), pipeline("7m", "\"70m\"")}) {
        CHECK(rounded_seasons(even, even.interval_ns) == "");
        CHECK(even.forecast->model.odd_season(even.interval_ns).steps == 0);
    }
    CHECK(describe_seasons(pipeline("7m", "206")) == "wave 206 steps");
    check_problem(read(R"("interval": "8m")", R"("season_length": "100m")"),
                  "pipelines[0].forecast.params.season_length", "expected a multiple");
    // Less than eight intervals: the season would move too far.
    check_problem(read(R"("interval": "1h")", R"("season_length": "90m")"),
                  "pipelines[0].forecast.params.season_length", "expected a multiple");
}

}  // namespace forecastd::config
