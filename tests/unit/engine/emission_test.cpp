// When forecasts and what follows from them are handed on.
#include <doctest/doctest.h>

#include <algorithm>

#include "unit/engine/rig.hpp"

namespace forecastd::engine {

TEST_CASE("a point that emits no forecast does not use up emit_every") {
    config::Config config = with({forecasting()});
    config.pipelines[0].forecast->emit_every_ns = 100 * second;
    config.pipelines[0].forecast->min_samples = 3;
    std::string text;
    for (int i = 1; i <= 12; ++i) text += at(10 * i, i);
    for (const std::size_t batch : {std::size_t{1}, std::size_t{32}}) {
        Rig rig(config, batch);
        rig.feed(text);
        CHECK(rig.lines("f") == Lines{"f m v p @30: 40=3", "f m v p @100: 110=10"});
    }
}

TEST_CASE("thresholds wait for min_samples too") {
    config::Config config = with({forecasting()});
    config.pipelines[0].forecast->min_samples = 3;
    config.pipelines[0].forecast->thresholds = {{"high", 2, config::Side::above}};
    Rig rig(config);
    rig.feed(at(10, 5) + at(20, 6) + at(30, 7));
    CHECK(rig.lines("c") == Lines{"c m v p @30 high in 0 from 0 to 0"});
}

TEST_CASE("a distance that does not fit into 64 bits is left out") {
    config::Config config = with({forecasting("p", 52 * 7 * 86'400)});
    config.pipelines[0].forecast->horizon = {300, 0};
    Rig rig(config);
    rig.feed(at(-4.5e9, 1));
    CHECK(rig.lines("f").size() == 1);
    const std::string line = rig.lines("f").front();
    // 293 intervals are the most that fit: 9.22e18 ns / (52 * 7 days).
    CHECK(std::count(line.begin(), line.end(), '=') == 293);
}

TEST_CASE("a far horizon of many series is worked off in parts, and says the same") {
    config::Config config = with({forecasting()});
    config.pipelines[0].forecast->horizon = {5'000, 0};
    std::string text;
    for (int i = 0; i < 32; ++i) text += at(10, i, "m" + std::to_string(i));
    Rig whole(config), single(config, 1);
    whole.feed(text);
    single.feed(text);
    CHECK(whole.lines("f").size() == 32);
    CHECK(whole.lines() == single.lines());
}

TEST_CASE("more intervals than cohorts: a further series stays on the grid of the nearest, and goes on") {
    Rig rig(with({doing_both("p", 0)}));
    std::string text;
    for (int s = 1; s <= 64; ++s)
        for (int i = 0; i < 9; ++i) text += at(100.0 * s * i, i, "m" + std::to_string(s));
    rig.feed(text);
    REQUIRE(rig.engine.pipelines()[0]->cohorts().size() == 64);
    rig.lines().clear();
    std::string denser;
    for (int i = 0; i < 300; ++i) denser += at(7 * i, i, "denser") + at(9'900 * i, i, "sparser");
    rig.feed(denser);
    CHECK(rig.engine.pipelines()[0]->cohorts().size() == 64);
    CHECK(rig.counters().restarted == 0);
    CHECK(rig.lines("f sparser").size() == 292);
    CHECK(rig.lines("f denser").size() > 10);
    CHECK(rig.reports.size() == 1);
    CHECK(rig.reports[0].find("its series have more than 64 intervals") != std::string::npos);
}

}  // namespace forecastd::engine
