// How series move along their grid, and when forecasts are made.
#include <doctest/doctest.h>

#include "unit/engine/rig.hpp"

namespace forecastd::engine {

TEST_CASE("late, duplicate and crowded points are counted and never fed; a gap is a jump of the step") {
    for (const std::size_t batch : std::initializer_list<std::size_t>{1, 128}) {
        Rig rig(with({forecasting()}), batch);
        rig.feed(at(10, 1) + at(20, 2) + at(20, 3) + at(15, 4) + at(24, 5) + at(40, 6) + at(30, 7));
        CHECK(fed == std::vector<Fed>{{10, 1, 1}, {20, 2, 2}, {40, 4, 6}});
        CHECK(rig.counters().duplicates == 1);
        CHECK(rig.counters().late == 2);
        CHECK(rig.counters().crowded == 1);
        CHECK(rig.counters().gaps == 1);
        CHECK(rig.counters().values == 7);
        CHECK(rig.lines("=").size() == 7);
    }
}

TEST_CASE("the first point gives the phase") {
    Rig rig(with({forecasting()}));
    rig.feed(at(13, 1) + at(21, 2) + at(35, 3));
    CHECK(fed == std::vector<Fed>{{13, 1, 1}, {21, 2, 2}, {35, 3, 3}});
    CHECK(rig.lines("f") == Lines{"f m v p @13: 23=1", "f m v p @21: 33=2", "f m v p @35: 43=3"});
}

TEST_CASE("a clock that was set back for a hundred points begins the series again") {
    Rig rig(with({forecasting()}));
    rig.feed(at(100'000, 1) + at(100'010, 2));
    std::string late;
    for (int i = 1; i <= 101; ++i) late += at(10 * i, i);
    rig.feed(late);
    CHECK(rig.counters().restarted == 1);
    CHECK(rig.counters().late == 100);
    CHECK(rig.counters().series == 1);
    CHECK(fed ==
          std::vector<Fed>{{100'000, 10'000, 1}, {100'010, 10'001, 2}, {1000, 100, 100}, {1010, 101, 101}});
}

TEST_CASE("late points that are not in a row do not begin a series again") {
    SUBCASE("between points on time") {
        Rig rig(with({forecasting()}));
        for (int i = 1; i <= 300; ++i) rig.feed(at(10 * i, 1) + at(10 * i - 5, 1));
        CHECK(rig.counters().late == 300);
        CHECK(rig.counters().restarted == 0);
    }
    SUBCASE("between points after gaps") {
        Rig rig(with({forecasting()}));
        for (int i = 1; i <= 300; ++i) rig.feed(at(20 * i, 1) + at(20 * i - 5, 1));
        CHECK(rig.counters().late == 300);
        CHECK(rig.counters().gaps == 299);
        CHECK(rig.counters().restarted == 0);
    }
}

TEST_CASE("crowded points never change an interval that was given") {
    Rig rig(with({forecasting()}));
    std::string text;
    for (int i = 0; i < 400; ++i) text += at(10 + i * 0.01, i);
    rig.feed(text);
    CHECK(rig.counters().restarted == 0);
    CHECK(rig.counters().crowded == 399);
    CHECK(fed.size() == 1);
}

TEST_CASE("a value outside data_range is judged, and not learned") {
    for (const std::size_t batch : std::initializer_list<std::size_t>{1, 128}) {
        config::Config config = with({detecting()});
        config.pipelines[0].detect->data_range.low = 0;
        config.pipelines[0].detect->data_range.high = 10;
        Rig rig(config, batch);
        rig.feed(at(10, -5) + at(20, 1) + at(30, 1) + at(40, 11) + at(50, -0.5) + at(60, 10));
        CHECK(fed == std::vector<Fed>{{20, 2, 1}, {30, 3, 1}, {60, 6, 10}});
        CHECK(rig.lines("j") == Lines{"j m v p @10 y=-5 warmup", "j m v p @20 y=1 warmup",
                                      "j m v p @30 y=1 yhat=1 score=0",
                                      "j m v p @40 y=11 score=1.01 above anomaly",
                                      "j m v p @50 y=-0.5 score=1.01 below anomaly",
                                      "j m v p @60 y=10 yhat=1 score=9 above anomaly"});
        CHECK(rig.counters().out_of_range == 3);
    }
}

TEST_CASE("outside data_range with a forecaster, its expectation is told") {
    config::Config config = with({doing_both()});
    config.pipelines[0].detect->data_range.high = 10;
    Rig rig(config);
    rig.feed(at(10, 1) + at(20, 2) + at(30, 11));
    CHECK(rig.lines("j").back() == "j m v p @30 y=11 yhat=2 score=1.01 above anomaly");
    CHECK(rig.lines("f").size() == 2);
}

TEST_CASE("emit_every: at the first point of each period") {
    config::Config config = with({forecasting()});
    config.pipelines[0].forecast->emit_every_ns = 30 * second;
    Rig rig(config);
    std::string text;
    for (int i = 1; i <= 9; ++i) text += at(10 * i, i);
    rig.feed(text + at(130, 13) + at(140, 14) + at(150, 15));
    CHECK(rig.lines("f") == Lines{"f m v p @10: 20=1", "f m v p @30: 40=3", "f m v p @60: 70=6",
                                  "f m v p @90: 100=9", "f m v p @130: 140=13", "f m v p @150: 160=15"});
    CHECK(rig.counters().forecasts == 6);
}

TEST_CASE("a horizon in steps and as a duration") {
    config::Config config = with({forecasting()});
    config.pipelines[0].forecast->horizon = {3, 0};
    {
        Rig rig(config);
        rig.feed(at(10, 1));
        CHECK(rig.lines("f") == Lines{"f m v p @10: 20=1 30=1 40=1"});
    }
    config.pipelines[0].forecast->horizon = {0, 25 * second};  // 2.5 steps, rounded up
    {
        Rig rig(config);
        rig.feed(at(10, 1));
        CHECK(rig.lines("f") == Lines{"f m v p @10: 20=1 30=1 40=1"});
    }
    config.pipelines[0].forecast->horizon = {0, second};  // less than a step is one
    Rig rig(config);
    rig.feed(at(10, 1));
    CHECK(rig.lines("f") == Lines{"f m v p @10: 20=1"});
}

TEST_CASE("forecast_at: some leads alone, steps and durations, sorted, each once") {
    config::Config config = with({forecasting()});
    config.pipelines[0].forecast->forecast_at = {
        {0, 60 * second}, {2, 0}, {0, 10 * second}, {0, 20 * second}};
    Rig rig(config);
    rig.feed(at(10, 1));
    CHECK(rig.lines("f") == Lines{"f m v p @10: 20=1 30=1 70=1"});
}

TEST_CASE("leads are counted from the step, also for a point beside it") {
    Rig rig(with({forecasting()}));
    rig.feed(at(10, 1) + at(22, 2));
    CHECK(rig.lines("f") == Lines{"f m v p @10: 20=1", "f m v p @22: 30=2"});
}

}  // namespace forecastd::engine
