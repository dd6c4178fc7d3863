// Steps by the clocks of a time zone. The clocks of Berlin were set forward on 2023-03-26 and back on 2023-10-29, each
// at 01:00 UTC (Directive 2000/84/EC); those of Kolkata are always 5:30 ahead, those of St. John's 3:30 or 2:30 behind.
#include <doctest/doctest.h>

#include "engine/local_steps.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

constexpr std::int64_t hour = 3600 * second, spring = 1'679'792'400, autumn = 1'698'541'200;

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
    LocalSteps local("Europe/Berlin", hour);
    const std::int64_t before = spring / 3600 - 1, twice = autumn / 3600 - 1;
    CHECK(local.of(before, 0) == before + 1);
    CHECK(local.of(before + 1, 0) == before + 3);
    CHECK(local.of(twice, 0) == twice + 2);
    CHECK(local.of(twice + 1, 0) == twice + 2);
    CHECK(local.of(twice + 2, 0) == twice + 3);
    LocalSteps none("", hour);
    CHECK_FALSE(none.has_zone());
    CHECK(none.of(before, 0) == before);
}

TEST_CASE("a local midnight is a whole day, also half an hour off and with a phase") {
    LocalSteps local("Asia/Kolkata", 600 * second);
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

}  // namespace forecastd::engine
