// What limits leave out is counted, and passes; what is not seen any more is forgotten.
#include <doctest/doctest.h>

#include "unit/engine/rig.hpp"

namespace forecastd::engine {

TEST_CASE("max_series: further ones pass, are counted, and told once") {
    config::Config config = with({forecasting()});
    config.limits.max_series = 2;
    Rig rig(config);
    rig.feed(at(10, 1, "a") + at(10, 1, "b") + at(10, 1, "c") + at(20, 2, "c") + at(20, 2, "a"));
    CHECK(rig.lines("=").size() == 5);
    CHECK(rig.lines("f").size() == 3);
    CHECK(rig.counters().series == 2);
    CHECK(rig.counters().refused_series == 2);
    CHECK(rig.reports ==
          Lines{"limits.max_series (2) is reached: new series pass through without being watched; raise the "
                "limit, select less, or set limits.ttl"});
}

TEST_CASE("max_memory: the same") {
    config::Config config = with({forecasting()});
    config.limits.max_memory_bytes = 1'000'000;
    Rig rig(config);
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += at(10, 1, "m,i=" + std::to_string(i));
    rig.feed(text);
    CHECK(rig.lines("=").size() == 20'000);
    CHECK(rig.counters().series > 100);
    CHECK(rig.counters().refused_series == 20'000 - rig.counters().series);
    CHECK(rig.reports.size() == 1);
    CHECK(rig.reports.front().substr(0, 44) == "limits.max_memory (1000000 bytes) is reached");
    CHECK(rig.engine.allocated_bytes() <= 1'300'000);  // a block of keys may go beyond
}

TEST_CASE("a time to live: series that were not seen for so long end, by the data's time") {
    config::Config config = with({forecasting()});
    config.limits.ttl_ns = 100 * second;
    Rig rig(config);
    rig.feed(at(10, 1, "gone,a=1,b=2") + at(20, 1, "gone,b=2,a=1") + at(10, 1, "stays"));
    std::string text;
    for (int i = 2; i <= 20; ++i) text += at(10 * i, i, "stays");
    rig.feed(text);
    CHECK(rig.counters().expired_series == 1);
    CHECK(rig.counters().series == 1);
    fed.clear();
    rig.feed(at(210, 1, "gone,b=2,a=1") + at(210, 21, "stays"));
    CHECK(rig.counters().series == 2);
    CHECK(fed == std::vector<Fed>{{210, 21, 1}, {210, 21, 21}});
}

TEST_CASE("one point from the far future expires nothing") {
    config::Config config = with({forecasting()});
    config.limits.ttl_ns = 100 * second;
    Rig rig(config);
    rig.feed(at(10, 1, "a") + at(10, 1, "b") + at(1'000'000, 1, "c") + at(20, 1, "a") + at(20, 1, "b"));
    CHECK(rig.counters().expired_series == 0);
    CHECK(rig.counters().series == 3);
    CHECK(rig.lines("f").size() == 5);
}

TEST_CASE("series that expire while their interval is learned") {
    config::Config config = with({forecasting("p", 0)});
    config.limits.ttl_ns = 100 * second;
    Rig rig(config);
    std::string text = at(0, 1, "gone");
    for (int i = 0; i <= 30; ++i) text += at(10 * i, i, "stays");
    rig.feed(text);
    CHECK(rig.counters().expired_series == 1);
    CHECK(rig.counters().series == 1);
}

TEST_CASE("room that expired series leave is used again") {
    config::Config config = with({forecasting()});
    config.limits.ttl_ns = 100 * second;
    config.limits.max_series = 10;
    Rig rig(config);
    std::string text;
    for (int i = 0; i < 1000; ++i) text += at(10 * i, 1, "m,i=" + std::to_string(i / 5));
    rig.feed(text);
    CHECK(rig.counters().refused_series == 0);
    CHECK(rig.counters().series <= 5);
    CHECK(fed.size() == 1000);
}

TEST_CASE("keys of a measurement that no pipeline selects pass, and take no memory") {
    config::Config config = with({forecasting()});
    config.pipelines[0].selection.namepass = config::GlobList({"m"});
    Rig rig(config);
    const std::size_t before = rig.engine.allocated_bytes();
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += at(10, 1, "other,i=" + std::to_string(i));
    rig.feed(text);
    CHECK(rig.engine.allocated_bytes() == before);
    CHECK(rig.lines("=").size() == 20'000);
    CHECK(rig.counters().points == 20'000);
    rig.feed(at(10, 1) + at(10, 1, "m_forecast,field=v"));  // selected; and an output of ours
    CHECK(fed.size() == 1);
    CHECK(rig.counters().own_outputs == 1);
}

}  // namespace forecastd::engine
