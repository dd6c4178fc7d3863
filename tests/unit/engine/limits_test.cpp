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
    CHECK(rig.counters().refused_series == 1);  // a series, not its points
    CHECK(rig.reports ==
          Lines{"limits.max_series (2) is reached: new series pass through without being watched as long as "
                "all that are watched are still written; raise the limit, or select less"});
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
    // An estimate: within two percent.
    const double refused = 20'000.0 - static_cast<double>(rig.counters().series);
    CHECK(static_cast<double>(rig.counters().refused_series) > refused * 0.98);
    CHECK(static_cast<double>(rig.counters().refused_series) < refused * 1.02);
    CHECK(rig.reports.size() == 1);
    CHECK(rig.reports.front().substr(0, 44) == "limits.max_memory (1000000 bytes) is reached");
    CHECK(rig.engine.allocated_bytes() <= 1'000'000);
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

TEST_CASE("a first point two days ahead does not stop expiry") {
    config::Config config = with({forecasting()});
    config.limits.ttl_ns = 100 * second;
    Rig rig(config);
    std::string text = at(172'800, 1, "ahead");
    for (int i = 1; i <= 60; ++i) text += at(10 * i, i, i <= 30 ? "gone" : "stays") + at(10 * i, i, "beside");
    rig.feed(text);
    CHECK(rig.counters().expired_series == 1);
    CHECK(rig.counters().series == 3);
}

TEST_CASE("our own outputs that come back, which lie in the future, expire nothing") {
    config::Config config = with({forecasting()});
    config.limits.ttl_ns = 100 * second;
    Rig rig(config);
    std::string text;
    for (int i = 1; i <= 30; ++i) {
        text += at(10 * i, i, "a") + at(10 * i, i, "b");
        for (int lead = 1; lead <= 9; ++lead) text += at(10 * i + 11 * lead, i, "a_forecast,field=v");
        for (int lead = 1; lead <= 200; ++lead) text += at(10 * i + 1000, i, "a_forecast,field=v");
    }
    rig.feed(text);
    CHECK(rig.counters().own_outputs == 30 * 209);
    CHECK(rig.counters().expired_series == 0);
    CHECK(rig.counters().series == 2);
    CHECK(fed.size() == 60);
}

TEST_CASE("keys that no pipeline selects give way to those that one does") {
    for (const std::size_t batch : std::initializer_list<std::size_t>{1, 32}) {
        config::Config config = with({forecasting()});
        config.pipelines[0].selection.tagpass = {{"keep", config::GlobList({"yes"})}};
        config.limits.max_memory_bytes = 2'000'000;
        Rig rig(config, batch);
        std::string text, expected;
        for (int i = 0; i < 50'000; ++i) text += at(10, 1, "m,keep=no,i=" + std::to_string(i));
        rig.feed(text);
        CHECK(rig.engine.allocated_bytes() <= 2'000'000);
        CHECK(rig.reports.empty());
        text.clear();
        for (int i = 0; i < 2000; ++i)
            text += at(10, 1, "m,keep=no,j=" + std::to_string(i)) +
                    at(10, 1, "m,keep=yes,i=" + std::to_string(i)) +
                    at(10, 1, "m,i=" + std::to_string(i) + ",keep=no");
        rig.feed(text);
        CHECK(rig.counters().series == 2000);
        CHECK(rig.counters().refused_series == 0);
        CHECK(rig.reports.empty());
        CHECK(rig.engine.allocated_bytes() <= 2'000'000);
        CHECK(rig.lines("=").size() == 56'000);
        CHECK(rig.lines("f").size() == 2000);
        std::string again;  // each original, in its order
        for (const std::string& line : rig.lines("=")) again += line.substr(2) + "\n";
        CHECK(again.substr(again.size() - text.size()) == text);
    }
}

TEST_CASE("a limit never changes what passes: originals that are held back stay held back") {
    config::Config config = with({forecasting()});
    config.pipelines[0].output.passthrough = false;
    config.limits.max_memory_bytes = 1'000'000;
    config.limits.max_key_bytes = 200;
    Rig rig(config);
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += at(10, 1, "m,i=" + std::to_string(i));
    rig.feed(text + at(10, 1, "m,i=" + std::string(300, 'x')) + at(10, 1, "m_forecast,field=v"));
    CHECK(rig.counters().refused_series > 10'000);
    CHECK(rig.counters().long_keys == 1);
    CHECK(rig.counters().own_outputs == 1);
    CHECK(rig.lines("=").size() == 1);  // our own output, which no pipeline selects
}

TEST_CASE("max_key_bytes: a point with a longer key passes, is counted, and told once") {
    config::Config config = with({forecasting()});
    config.limits.max_key_bytes = 100;
    Rig rig(config);
    const std::string fits = "m,i=" + std::string(96, 'x');
    rig.feed(at(10, 1, fits) + at(10, 1, fits + "x") + at(20, 1, fits + "x"));
    CHECK(rig.counters().series == 1);
    CHECK(rig.counters().long_keys == 2);
    CHECK(rig.lines("=").size() == 3);
    REQUIRE(rig.reports.size() == 1);
    CHECK(rig.reports[0].find("has 101 bytes, more than limits.max_key_bytes (100)") != std::string::npos);
}

TEST_CASE("max_fields: the first watched fields of a point are watched, the others counted and told once") {
    config::Config config = with({forecasting()});
    config.pipelines[0].selection.fielddrop = config::GlobList({"no*"});
    config.limits.max_fields = 3;
    Rig rig(config);
    rig.feed("m no1=1,a=1,b=2,no2=3,c=4,d=5,e=6 10000000000\nm a=1,b=2,c=3 20000000000\nm d=1 30000000000\n");
    CHECK(rig.counters().excess_fields == 2);
    CHECK(rig.counters().series == 4);
    CHECK(fed.size() == 7);
    REQUIRE(rig.reports.size() == 1);
    CHECK(rig.reports[0].find("has 2 watched fields more than limits.max_fields (3)") != std::string::npos);
}

TEST_CASE("names of fields: those without a series give way; beyond the greatest number they are counted") {
    config::Config config = with({forecasting()});
    config.limits.ttl_ns = 100 * second;
    config.limits.max_fields = 1'000'000;
    Rig rig(config);
    const auto names = [](int first, int count, int time, const char* value) {
        std::string text = "m";
        for (int i = first; i < first + count; ++i)
            text += (i > first ? ",f" : " f") + std::to_string(i) + "=" + value;
        return text + " " + std::to_string(time * second) + "\n";
    };
    // Strings never begin a series.
    for (int i = 0; i < 12; ++i) rig.feed(names(i * 10'000, 10'000, 10, "\"text\""));
    CHECK(rig.counters().refused_names == 0);
    CHECK(rig.reports.empty());
    rig.feed(names(1'000'000, 60'000, 10, "1"));
    rig.feed(names(2'000'000, 60'000, 10, "1"));
    CHECK(rig.counters().series == 100'000);
    CHECK(rig.counters().refused_names == 20'000);
    REQUIRE(rig.reports.size() == 1);
    CHECK(rig.reports[0].find("too many names of fields") != std::string::npos);
    // Names go with their last series.
    const std::size_t full = rig.engine.allocated_bytes();
    for (int time = 50; time <= 500; time += 10) rig.feed(names(3'000'000, 1, time, "1"));
    CHECK(rig.counters().series <= 1);
    CHECK(rig.engine.allocated_bytes() < full - 10'000'000);
    rig.feed(names(4'000'000, 20'000, 500, "1"));
    CHECK(rig.counters().refused_names < 20'100);
    CHECK(rig.counters().series >= 20'000);
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
    rig.feed(at(10, 1, "other"));  // the name of the measurement is remembered
    const std::size_t before = rig.engine.allocated_bytes();
    rig.lines().clear();
    std::string text;
    for (int i = 1; i < 20'000; ++i) text += at(10, 1, "other,i=" + std::to_string(i));
    rig.feed(text);
    CHECK(rig.engine.allocated_bytes() == before);
    CHECK(rig.lines("=").size() == 19'999);
    CHECK(rig.counters().points == 20'000);
    rig.feed(at(10, 1) + at(10, 1, "m_forecast,field=v"));  // selected; and an output of ours
    CHECK(fed.size() == 1);
    CHECK(rig.counters().own_outputs == 1);
}

}  // namespace forecastd::engine
