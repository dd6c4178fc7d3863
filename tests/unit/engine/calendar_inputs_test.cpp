// The inputs that the calendar knows.
#include <doctest/doctest.h>

#include <cmath>

#include "engine/calendar_inputs.hpp"

namespace forecastd::engine {
namespace {

constexpr std::int64_t second = 1'000'000'000;

constexpr fcd_input inputs[] = {{"calendar.weekday", "The day.", FCD_INPUT_AHEAD, 0},
                                {"calendar.holiday", "Holidays.", FCD_INPUT_AHEAD, 0},
                                {"calendar.hour", "The hour.", FCD_INPUT_AHEAD, 0},
                                {"other", "Another field.", FCD_INPUT_PAST, 0}};

struct Values {
    double weekday, holiday, hour, other;
};

Values at(std::int64_t time_s, const config::Pipeline& pipeline = {}) {
    fcd_algorithm table{};
    table.inputs = inputs;
    table.input_count = 4;
    fcd_library library{};
    library.input_size = sizeof(fcd_input);
    plugin::Algorithm algorithm;
    algorithm.table = &table;
    algorithm.library = &library;
    const CalendarInputs calendar(algorithm);
    CHECK(calendar.count() == 4);
    double values[4];
    LocalSteps local(pipeline, second);
    calendar.fill(local, time_s * second, values);
    return {values[0], values[1], values[2], values[3]};
}

}  // namespace

TEST_CASE("hours with their minutes, weekdays from Monday on, in UTC") {
    CHECK(at(0).weekday == 3);  // 1970-01-01, a Thursday
    CHECK(at(0).hour == 0);
    CHECK(at(1'700'000'000).weekday == 1);  // 2023-11-14 22:13:20, a Tuesday
    CHECK(at(1'700'000'000).hour == doctest::Approx(22 + 13.0 / 60 + 20.0 / 3600));
    CHECK(at(-1).weekday == 2);
    CHECK(at(-1800).hour == 23.5);
    CHECK(at(3 * 86'400 + 86'399).weekday == 6);
}

TEST_CASE("hours, days and holidays are those of the pipeline's zone") {
    config::Pipeline pipeline;
    pipeline.timezone = "Asia/Kolkata";
    pipeline.calendar = config::Calendar{{{1, ""}}, "", 6};
    CHECK(at(0, pipeline).hour == 5.5);
    CHECK(at(0, pipeline).holiday == 0);
    CHECK(at(18 * 3600 + 1800, pipeline).weekday == 4);
    CHECK(at(18 * 3600 + 1800, pipeline).holiday == 1);
}

TEST_CASE("what the calendar does not know is NaN") {
    CHECK(std::isnan(at(0).holiday));
    CHECK(std::isnan(at(0).other));
}

}  // namespace forecastd::engine
