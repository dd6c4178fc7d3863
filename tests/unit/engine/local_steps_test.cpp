// Steps by the clocks of a time zone, and by holidays. The clocks of Berlin were set forward on 2023-03-26
// and back on 2023-10-29, each at 01:00 UTC (Directive 2000/84/EC); those of Kolkata are always 5:30 ahead,
// those of St. John's 3:30 or 2:30 behind.
#include <doctest/doctest.h>

#include <limits>

#include "engine/local_steps.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

constexpr std::int64_t hour = 3600 * second, spring = 1'679'792'400, autumn = 1'698'541'200;

config::Pipeline in_zone(const std::string& zone) {
    config::Pipeline pipeline;
    pipeline.timezone = zone;
    return pipeline;
}

std::int64_t offset_s(const std::string& zone, std::int64_t time_s) {
    auto found = TimeZone::find(zone);
    REQUIRE_MESSAGE(found, found.error().text);
    return found->offset_ns(time_s * second) / second;
}

}  // namespace

TEST_CASE("the offset of a zone, before and after its clocks are changed") {
    CHECK(offset_s("UTC", 0) == 0);
    CHECK(offset_s("Europe/Berlin", spring - 1) == 3600);
    CHECK(offset_s("Europe/Berlin", spring) == 7200);
    CHECK(offset_s("Europe/Berlin", autumn - 1) == 7200);
    CHECK(offset_s("Europe/Berlin", autumn) == 3600);
    CHECK(offset_s("Asia/Kolkata", spring) == 5 * 3600 + 1800);
    CHECK(offset_s("America/St_Johns", 1'700'000'000) == -(3 * 3600 + 1800));
    CHECK(offset_s("Europe/Berlin", latest_time_ns / second) >= 3600);
}

TEST_CASE("an offset is right in whatever order times are asked for") {
    auto zone = TimeZone::find("Europe/Berlin");
    REQUIRE(zone);
    for (const std::int64_t time_s : {autumn, spring - 1, spring, spring - 1, autumn - 1, autumn})
        CHECK(zone->offset_ns(time_s * second) == offset_s("Europe/Berlin", time_s) * second);
}

TEST_CASE("a zone that there is not") {
    for (const char* name : {"Europe/Berln", "", "../etc/passwd", "CEST+99"}) {
        CAPTURE(name);
        const auto zone = TimeZone::find(name);
        REQUIRE_FALSE(zone);
        CHECK(zone.error().text.find("no zone of that name") != std::string::npos);
    }
}

TEST_CASE("an hour is skipped in spring, and comes twice in autumn") {
    LocalSteps local(in_zone("Europe/Berlin"), hour);
    const std::int64_t before = spring / 3600 - 1, twice = autumn / 3600 - 1;
    CHECK(local.of(before, 0) == before + 1);
    CHECK(local.of(before + 1, 0) == before + 3);
    CHECK(local.of(twice, 0) == twice + 2);
    CHECK(local.of(twice + 1, 0) == twice + 2);
    CHECK(local.of(twice + 2, 0) == twice + 3);
    LocalSteps none(in_zone(""), hour);
    CHECK_FALSE(none.differ());
    CHECK(none.of(before, 0) == before);
}

TEST_CASE("a local midnight is a whole day, also half an hour off and with a phase") {
    LocalSteps local(in_zone("Asia/Kolkata"), 600 * second);
    // 2023-11-14 18:30 UTC is midnight there.
    const std::int64_t midnight_ns = 1'699'986'600 * second;
    CHECK(local.at(midnight_ns, 0) % 144 == 0);
    CHECK(local.at(midnight_ns + 7 * second, 7 * second) % 144 == 0);
}

TEST_CASE("models get the local steps of a pipeline's zone") {
    config::Pipeline pipeline = detecting("p", 3600);
    pipeline.timezone = "Europe/Berlin";
    fed_local_steps.clear();
    Rig rig(with({pipeline}));
    rig.feed(at(spring - 3600, 1) + at(spring, 2) + at(spring + 3600, 3));
    REQUIRE(fed_local_steps.size() == 3);
    CHECK(fed_local_steps[0] == fed[0].step + 1);
    CHECK(fed_local_steps[1] == fed[1].step + 2);
    CHECK(fed_local_steps[2] == fed[2].step + 2);
}

TEST_CASE("of() and at() agree at the times of the grid, whatever the phase and the interval") {
    for (const std::int64_t interval : {60 * second, 7 * 60 * second, hour, 25 * hour})
        for (const std::int64_t phase : {std::int64_t{0}, interval / 3, interval - 1}) {
            CAPTURE(interval);
            CAPTURE(phase);
            LocalSteps local(in_zone("America/St_Johns"), interval),
                other(in_zone("America/St_Johns"), interval);
            const std::int64_t first = spring * second / interval;
            for (std::int64_t step = first - 500; step < first + 500; ++step)
                CHECK(local.of(step, phase) == other.at(step * interval + phase, phase));
        }
}

TEST_CASE("a holiday has the steps of the day that it counts as, a week behind the next one") {
    config::Pipeline pipeline = in_zone("Europe/Berlin");
    // A Friday, a Saturday and a Sunday: 2026-12-25 to 27.
    pipeline.calendar = config::Calendar{{{20812, "a"}, {20814, ""}, {20813, ""}}, "", 6};
    LocalSteps local(pipeline, hour);
    const std::int64_t day = 24, utc = 20812 * day - 1;  // local midnight
    CHECK(local.of(utc - 1, 0) == 20812 * day - 1);
    CHECK(local.of(utc, 0) == (20812 + 9) * day);
    CHECK(local.recurring(utc, 0) == (20812 + 2) * day);
    CHECK(local.of(utc + 23, 0) == (20812 + 9) * day + 23);
    CHECK(local.of(utc + 24, 0) == (20812 + 9) * day);  // Saturday: the same Sunday
    CHECK(local.of(utc + 48, 0) == (20812 + 2) * day);  // it is one
    CHECK(local.recurring(utc + 48, 0) == (20812 + 2) * day);
    CHECK(local.of(utc + 72, 0) == (20812 + 3) * day);
    CHECK(local.is_holiday((utc + 48) * hour));
    CHECK_FALSE(local.is_holiday((utc + 72) * hour));
    CHECK(local.local_ns(utc * hour) == 20812 * day * hour);  // holidays move no clock
    pipeline.calendar->as = 0;
    LocalSteps monday(pipeline, hour);
    CHECK(monday.of(utc, 0) == (20812 + 3 + 7) * day);
}

TEST_CASE("a season that is no whole number of intervals stays in time for years") {
    constexpr std::int64_t interval = 7 * 60 * second, day = 24 * hour;
    LocalSteps local(in_zone(""), interval, {day, 206});
    CHECK(local.differ());
    std::int64_t left_out = 0, before = local.of(-1, 0);
    for (std::int64_t step = 0; step < 1'000'000; ++step) {
        const std::int64_t here = local.of(step, 0), exact = step * interval % day * 206 / day;
        CHECK_MESSAGE((here % 206 == exact || here % 206 == (exact + 1) % 206), step);
        CHECK((here == before + 1 || here == before + 2));
        left_out += here - before - 1;
        before = here;
    }
    CHECK(left_out == doctest::Approx(1e6 * (206 * 7.0 / 1440 - 1)).epsilon(0.01));
    LocalSteps coarse(in_zone(""), 13 * second, {hour, 276});  // fewer steps than points: some come twice
    std::int64_t twice = 0;
    for (std::int64_t step = 1; step < 100'000; ++step) {
        const std::int64_t moved = coarse.of(step, 0) - coarse.of(step - 1, 0);
        CHECK((moved == 0 || moved == 1));
        twice += moved == 0;
    }
    CHECK(twice > 0);
}

TEST_CASE("times at the ends of what 64 bits hold do no harm") {
    config::Pipeline pipeline = in_zone("Europe/Berlin");
    pipeline.calendar = config::Calendar{{{20812, ""}}, "", 6};
    LocalSteps local(pipeline, second);
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max(), steps = most / second;
    CHECK(local.of(steps, 0) == steps);
    CHECK(local.of(-steps, 0) == -steps);
    CHECK(local.of(most, 0) == most);
    CHECK(local.of(spring, 0) == spring + 7200);
}

}  // namespace forecastd::engine
