// Counters: what is watched of them is how much they grow in a second.
#include <doctest/doctest.h>

#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

config::Config counting(std::int64_t interval_s = 10) {
    config::Config config = with({doing_both("p", interval_s)});
    config.pipelines[0].rate = true;
    return config;
}

}  // namespace

TEST_CASE("a rate is the growth since the last point, by the second") {
    Rig rig(counting());
    rig.feed(at(10, 1000) + at(20, 1200) + at(31, 1255));
    CHECK(rig.lines() == Lines{"= m v=1000 10000000000", "= m v=1200 20000000000", "j m v p @20 y=20 warmup",
                               "f m v p @20: 30=20", "= m v=1255 31000000000",
                               "j m v p @31 y=5 yhat=20 score=15 below anomaly", "f m v p @31: 40=5"});
}

TEST_CASE("a counter that began again is a lost step") {
    Rig rig(counting());
    rig.feed(at(10, 100) + at(20, 200) + at(30, 50) + at(40, 80));
    CHECK(rig.lines("f ") == Lines{"f m v p @20: 30=10", "f m v p @40: 50=3"});
    CHECK(fed.size() == 4);  // two values, each to both models
    CHECK(fed.back() == Fed{40, 4, 3});
}

TEST_CASE("over a gap, and over points that are not taken, the rate is the mean") {
    SUBCASE("a gap") {
        Rig rig(counting());
        rig.feed(at(10, 0) + at(40, 60));
        CHECK(rig.lines("f ") == Lines{"f m v p @40: 50=2"});
    }
    SUBCASE("points denser than the grid") {
        // Of 0 10 20 30 40 50 60 s, 20 and 50 are the first on their steps.
        Rig rig(counting(30));
        std::string text;
        for (int i = 0; i <= 6; ++i) text += at(10 * i, 10 * i * i);
        rig.feed(text);
        CHECK(rig.lines("f ") == Lines{"f m v p @20: 60=2", "f m v p @50: 90=7"});
    }
    SUBCASE("a late point") {
        Rig rig(counting());
        rig.feed(at(10, 0) + at(20, 10) + at(15, 5) + at(30, 30));
        CHECK(rig.lines("f ") == Lines{"f m v p @20: 30=1", "f m v p @30: 40=2"});
    }
}

TEST_CASE("data_range is that of the rate") {
    config::Config config = counting();
    config.pipelines[0].detect->data_range.high = 50;
    Rig rig(config);
    rig.feed(at(10, 1000) + at(20, 1100) + at(30, 2000) + at(40, 2100) + at(50, 2200));
    CHECK(rig.lines("j ") == Lines{"j m v p @20 y=10 warmup", "j m v p @30 y=90 yhat=10 above warmup",
                                   "j m v p @40 y=10 yhat=10 score=0", "j m v p @50 y=10 yhat=10 score=0"});
    CHECK(rig.counters().out_of_range == 1);
}

TEST_CASE("while an interval is learned, rates are told, and learned once it is known") {
    Rig rig(counting(0));
    std::string text;
    for (int i = 1; i <= 9; ++i) text += at(10 * i, i == 3 ? 0 : 10 * i * i);
    rig.feed(text);
    // 10 40 0 160 250 360 490 640 810: nothing at the first, and nothing where it fell to 0.
    CHECK(rig.lines("j ") == Lines{"j m v p @20 y=3 warmup", "j m v p @40 y=16 warmup",
                                   "j m v p @50 y=9 warmup", "j m v p @60 y=11 warmup",
                                   "j m v p @70 y=13 warmup", "j m v p @80 y=15 warmup",
                                   "j m v p @90 y=17 yhat=15 score=2 above anomaly"});
    CHECK(rig.lines("f ") == Lines{"f m v p @90: 100=17"});
}

TEST_CASE("a series that begins again has no reading to begin from") {
    Rig rig(counting());
    std::string text = at(1000000, 5000);
    for (int i = 0; i <= 100; ++i) text += at(10 * i, 7 * i);
    rig.feed(text);
    CHECK(rig.counters().restarted == 1);
    CHECK(rig.lines("f ") == Lines{"f m v p @1000: 1010=0.7"});
}

}  // namespace forecastd::engine
