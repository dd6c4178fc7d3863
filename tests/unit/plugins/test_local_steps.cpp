// Seasons follow local time across a change of the clocks: a day of 23 hours and one of 25, in points and in
// forecasts. A day that counts as another one, as a holiday counts as a Sunday, has that one's season, and
// leaves the others as they are.
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "builtins.hpp"
#include "numerics/steps.hpp"

namespace {

constexpr std::int64_t day = 24, week = 7 * day;  // hourly steps
constexpr std::int64_t hour_ns = 3'600'000'000'000;

// What the series shows at a local hour: another value for each.
double value_at(std::int64_t local_step) {
    const auto hour = static_cast<double>(numerics::phase_of(local_step, day));
    return 100 + 8 * std::sin(hour * 0.2618) + (hour == 7 ? 15 : 0);
}

// Local steps of hourly steps; from the step `change` on they are shifted: by 1 behind a day of 23 hours, by
// -1 behind one of 25.
struct Clock {
    std::int64_t change, shift;
    std::int64_t operator()(std::int64_t step) const { return step < change ? step : step + shift; }
};

void feed(test::Series& series, std::int64_t from, std::int64_t to, const Clock& clock) {
    std::vector<fcd_point> points;
    for (std::int64_t step = from; step < to; ++step) {
        points.push_back(series.point(step, value_at(clock(step))));
        points.back().local_step = clock(step);
    }
    REQUIRE_MESSAGE(series.advance(points).size() == points.size(), series.error());
}

void check_forecast(const test::Series& series, std::int64_t from, const Clock& clock, double tolerance) {
    std::vector<std::int64_t> local_steps;
    for (std::int64_t step = from; step < from + 3 * day; ++step) local_steps.push_back(clock(step));
    const auto forecast = series.forecast(from, 3 * day, local_steps);
    REQUIRE(forecast.size() == local_steps.size());
    for (std::size_t i = 0; i < forecast.size(); ++i) {
        CAPTURE(i);
        CHECK(std::abs(forecast[i].mean - value_at(local_steps[i])) <= tolerance);
    }
}

const std::vector<test::Builtin>& seasonal() {
    static const std::vector<test::Builtin> list{
        {"naive", "seasonal-naive", {{"season_length", day}}},
        {"holt_winters", "holt-winters", {{"season_length", day}}},
        {"holt_winters", "holt-winters", {{"season_length", day}, {"seasonal", 1}}},
        {"holt_winters", "holt-winters", {{"season_length", day}, {"fit", 1}}},
        {"holt_winters",
         "holt-winters",
         {{"season_length", day}, {"alpha", 0.3}, {"beta", 0.05}, {"gamma", 0.2}, {"phi", 0.9}}},
        {"auto", "auto", {{"season_length", day}}},
        {"lag", "lag", {{"season_length", day}}},
        {"theta", "theta", {{"season_length", day}}},
        {"arima", "arima", {{"season_length", day}, {"window", 10 * day}}},
        {"trend", "trend", {{"season_length", day}}},
    };
    return list;
}

template <class Body>
void for_each_change(Body body) {
    for (const test::Builtin& builtin : seasonal()) {
        CAPTURE(std::string(builtin.id));
        const test::Model model(test::algorithm(builtin.file, builtin.id), builtin.settings,
                                test::Ends::initial, FCD_GRID_LOCAL, hour_ns);
        REQUIRE_MESSAGE(model.get(), model.error());
        for (const std::int64_t shift : {1, -1}) {
            CAPTURE(shift);
            body(model, shift);
        }
    }
}

}  // namespace

TEST_CASE("a forecast that reaches over a change of the clocks keeps the season at its local hours") {
    for_each_change([](const test::Model& model, std::int64_t shift) {
        test::Series series(model);
        const std::int64_t end = 10 * day + 3;
        feed(series, 0, end, {INT64_MAX, 0});
        check_forecast(series, end, {end + 30, shift}, 0.5);
        // Asked with no local steps, they are the steps.
        CHECK(series.forecast(end, 1).at(0).mean == series.forecast(end, 1, {end}).at(0).mean);
    });
}

TEST_CASE("points behind a change of the clocks are expected by their local hours") {
    for_each_change([](const test::Model& model, std::int64_t shift) {
        test::Series series(model);
        const std::int64_t change = 10 * day + 3;
        const Clock clock{change, shift};
        feed(series, 0, change, clock);
        for (std::int64_t step = change; step < change + 5; ++step) {
            CAPTURE(step - change);
            fcd_point point = series.point(step, value_at(clock(step)));
            point.local_step = clock(step);
            CHECK(std::abs(series.advance({point}).at(0).expected - point.value) <= 0.5);
        }
    });
}

TEST_CASE("steps before 1970, and local steps half a day from them, make no difference") {
    for_each_change([](const test::Model& model, std::int64_t shift) {
        test::Series series(model);
        const Clock far{INT64_MIN, shift * 12};
        feed(series, -100'000 * day, -99'990 * day, far);
        check_forecast(series, -99'990 * day, far, 0.5);
    });
}

TEST_CASE("a phase that is counted on is the phase of each local step, whatever they do") {
    numerics::PhaseWalk walk(7);
    for (const std::int64_t local_step :
         {INT64_MIN, std::int64_t{-8}, std::int64_t{-7}, std::int64_t{-6}, std::int64_t{-4}, std::int64_t{-4},
          std::int64_t{-5}, std::int64_t{5}, std::int64_t{6}, std::int64_t{7}, std::int64_t{8}, INT64_MAX,
          INT64_MIN}) {
        CAPTURE(local_step);
        CHECK(walk.at(local_step) == numerics::phase_of(local_step, 7));
    }
}

namespace {

// A week whose workdays have a shape of their own; day 0 is its first workday, and 5 and 6 are no workdays.
double value_in_week(std::int64_t local_step) {
    const auto hour = static_cast<double>(numerics::phase_of(local_step, day));
    const bool works = numerics::phase_of(local_step, week) < 5 * day;
    return 100 + 8 * std::sin(hour * 0.2618) + (works && hour >= 8 && hour < 18 ? 20 : 0);
}

// Local steps where the day `holiday` counts as day 6 of the week behind the next day 6.
struct Holiday {
    std::int64_t holiday;
    std::int64_t operator()(std::int64_t step) const {
        if (step / day != holiday) return step;
        return step + (6 - holiday % 7 + 7) * day;
    }
};

const std::vector<test::Builtin>& weekly() {
    static const std::vector<test::Builtin> list{
        {"naive", "seasonal-naive", {{"season_length", week}}},
        {"holt_winters", "holt-winters", {{"season_length", week}}},
        {"holt_winters", "holt-winters", {{"season_length", week}, {"fit", 1}}},
        {"holt_winters",
         "holt-winters",
         {{"season_length", week}, {"alpha", 0.3}, {"beta", 0.05}, {"gamma", 0.2}, {"phi", 0.9}}},
        {"auto", "auto", {{"season_length", day}, {"second_season_length", week}}},
        {"lag", "lag", {{"season_length", day}, {"second_season_length", week}}},
        {"lag", "lag", {{"season_length", week}}},
        {"lag", "lag", {{"season_length", day}, {"second_season_length", week}, {"fit", 1}}},
        {"theta", "theta", {{"season_length", week}}},
    };
    return list;
}

}  // namespace

TEST_CASE("a day that counts as another one is expected as that, and the days behind it as they ever were") {
    constexpr std::int64_t days = 42;
    for (const std::int64_t weekday : {0, 3, 4}) {
        const Holiday clock{days + weekday};
        for (const test::Builtin& builtin : weekly()) {
            CAPTURE(std::string(builtin.id));
            CAPTURE(weekday);
            const test::Model model(test::algorithm(builtin.file, builtin.id), builtin.settings,
                                    test::Ends::initial, FCD_GRID_LOCAL, hour_ns);
            REQUIRE_MESSAGE(model.get(), model.error());
            test::Series series(model);
            std::uint32_t noise = 1;
            for (std::int64_t step = 0; step < (days + 16) * day; ++step) {
                if (step == (days + weekday) * day - 5) {  // over the holiday, and a week on
                    std::vector<std::int64_t> local_steps;
                    for (std::int64_t i = 0; i < week; ++i) local_steps.push_back(clock(step + i));
                    const auto forecast = series.forecast(step, week, local_steps);
                    for (std::size_t i = 0; i < forecast.size(); ++i) {
                        CAPTURE(i);
                        CHECK(std::abs(forecast[i].mean - value_in_week(local_steps[i])) <= 4);
                    }
                }
                noise = noise * 1664525 + 1013904223;
                fcd_point point = series.point(
                    step, value_in_week(clock(step)) + static_cast<double>(noise >> 16) / 65536 - 0.5);
                point.local_step = clock(step);
                const double expected = series.advance({point}).at(0).expected;
                if (step < (days - 7) * day) continue;
                CAPTURE(step / day - days);
                CAPTURE(step % day);
                CHECK(std::abs(expected - value_in_week(clock(step))) <= 4);
            }
        }
    }
}
