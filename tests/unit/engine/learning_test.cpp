// Series whose interval is learned.
#include <doctest/doctest.h>

#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

std::string points(double first, double interval, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += at(first + i * interval, i + 1);
    return text;
}

}  // namespace

TEST_CASE("eight points are held back, then learned in their order") {
    for (const std::size_t batch : std::initializer_list<std::size_t>{1, 3, 128}) {
        Rig rig(with({doing_both("p", 0)}), batch);
        rig.feed(points(10, 10, 7));
        CHECK(fed.empty());
        CHECK(rig.lines("j").size() == 7);
        CHECK(rig.lines("j").back() == "j m v p @70 y=7 warmup");
        rig.feed(at(80, 8));
        // The forecaster and then the detector learn all of them.
        REQUIRE(fed.size() == 16);
        for (std::size_t i = 0; i < 16; ++i) {
            const auto n = static_cast<std::int64_t>(i % 8 + 1);
            CHECK(fed[i] == Fed{10 * n, n, static_cast<double>(n)});
        }
        CHECK(rig.lines("j").back() == "j m v p @80 y=8 warmup");
        CHECK(rig.lines("f").empty());
        rig.feed(at(90, 9));
        CHECK(rig.lines("j").back() == "j m v p @90 y=9 yhat=8 score=1 above");
        CHECK(rig.lines("f").back() == "f m v p @90: 100=9");
        CHECK(rig.counters().series == 1);
    }
}

TEST_CASE("late and duplicate points do not count while an interval is learned") {
    Rig rig(with({forecasting("p", 0)}));
    rig.feed(at(10, 1) + at(20, 2) + at(20, 9) + at(10, 9) + at(30, 3) + points(40, 10, 5));
    CHECK(fed.size() == 8);
    CHECK(rig.counters().duplicates == 1);
    CHECK(rig.counters().late == 1);
}

TEST_CASE("jitter: the learned interval is round, the phase the median") {
    Rig rig(with({forecasting("p", 0)}));
    rig.feed(at(3, 1) + at(13.4, 2) + at(22.7, 3) + at(33, 4) + at(43, 5) + at(52.9, 6) + at(63.1, 7) +
             at(73, 8) + at(83, 9));
    REQUIRE(fed.size() == 9);
    for (std::size_t i = 0; i < 9; ++i) CHECK(fed[i].step == static_cast<std::int64_t>(i));
    CHECK(rig.lines("f") == Lines{"f m v p @83: 93=9"});
}

TEST_CASE("series of one pipeline with two intervals have a model for each") {
    Rig rig(with({forecasting("p", 0)}));
    std::string text;
    for (int i = 0; i < 9; ++i) text += at(10 * i, i, "slow") + at(i, i, "quick");
    rig.feed(text);
    CHECK(rig.engine.pipelines()[0]->cohorts().size() == 2);
    CHECK(rig.lines("f") == Lines{"f slow v p @80: 90=8", "f quick v p @8: 9=8"});
}

TEST_CASE("sixteen crowded points in a row: the interval is learned anew") {
    Rig rig(with({forecasting("p", 0)}));
    rig.feed(points(10, 10, 8));
    rig.feed(points(80.1, 0.1, 15));
    CHECK(rig.counters().restarted == 0);
    CHECK(fed.size() == 8);
    rig.feed(points(81.6, 0.1, 8));
    CHECK(rig.counters().restarted == 1);
    CHECK(rig.counters().crowded == 16);
    CHECK(rig.counters().series == 1);
    CHECK(fed.size() == 16);
    CHECK(rig.engine.pipelines()[0]->cohorts().back()->interval_ns() == second / 10);
}

TEST_CASE("sixty-four gaps in a row: the interval is learned anew") {
    Rig rig(with({forecasting("p", 0)}));
    rig.feed(points(10, 10, 8));
    rig.feed(points(110, 30, 63));
    CHECK(rig.counters().gaps == 63);
    CHECK(rig.counters().restarted == 0);
    CHECK(fed.size() == 8 + 63);
    rig.feed(points(2000, 30, 8));
    CHECK(rig.counters().restarted == 1);
    CHECK(fed.size() == 8 + 63 + 8);
    CHECK(rig.engine.pipelines()[0]->cohorts().back()->interval_ns() == 30 * second);
}

TEST_CASE("a point on time among the gaps: the interval stays") {
    Rig rig(with({forecasting("p", 0)}));
    rig.feed(points(10, 10, 8));
    rig.feed(points(100, 20, 60) + at(1290, 1) + points(1310, 20, 60));
    CHECK(rig.counters().restarted == 0);
}

TEST_CASE("what lies outside data_range is not learned from the held points either") {
    config::Config config = with({detecting("p", 0)});
    config.pipelines[0].detect->data_range.high = 5;
    Rig rig(config);
    rig.feed(points(10, 10, 8));
    CHECK(fed.size() == 5);
    CHECK(rig.lines("j").size() == 8);
}

TEST_CASE("a plugin that fails on the held points sets the series aside") {
    Rig rig(with({forecasting("p", 0, {3, 0, 0, false})}));
    rig.feed(points(10, 10, 12));
    CHECK(fed.size() == 2);
    CHECK(rig.counters().plugin_failures == 1);
    CHECK(rig.reports.size() == 1);
    CHECK(rig.lines("=").size() == 12);
}

TEST_CASE("a series that cannot begin once its interval is known counts as one failure") {
    Rig rig(with({forecasting("p", 0, {0, 0, 0, true})}));
    rig.feed(points(10, 10, 12));
    CHECK(rig.lines("=").size() == 12);
    CHECK(rig.reports.size() == 1);
    CHECK(rig.counters().plugin_failures == 1);
}

}  // namespace forecastd::engine
