// Plugins that fail: the series is set aside, the data passes on.
#include <doctest/doctest.h>

#include "unit/engine/rig.hpp"

namespace forecastd::engine {

TEST_CASE("a series is set aside at the point that fails; others go on; one report") {
    Rig rig(with({detecting("p", 10, {3, 0, 0, false})}));
    std::string text;
    for (int i = 1; i <= 5; ++i) text += at(10 * i, i) + (i < 3 ? at(10 * i, i, "n") : "");
    rig.feed(text);
    CHECK(rig.lines("=").size() == 7);
    CHECK(rig.lines("j m").size() == 2);
    CHECK(rig.lines("j n").size() == 2);
    CHECK(rig.counters().plugin_failures == 1);
    CHECK(rig.reports == Lines{"pipeline 'p', series 'm', field 'v': plugin 'probe' failed: broke at point "
                               "3; this series is set aside and "
                               "its points pass on; further failures of the pipeline are only counted"});
    rig.feed(at(60, 6) + at(30, 3, "n"));
    CHECK(rig.counters().plugin_failures == 2);
    CHECK(rig.reports.size() == 1);
    CHECK(fed.size() == 4);
}

TEST_CASE("an infinite verdict is a failure") {
    Rig rig(with({detecting("p", 10, {0, 2, 0, false})}));
    rig.feed(at(10, 1) + at(20, 2) + at(30, 3));
    CHECK(rig.lines("j").size() == 1);
    CHECK(rig.counters().plugin_failures == 1);
    CHECK(rig.reports.front().find(
              "returned a verdict that is infinite, or a score or a deviation below 0") != std::string::npos);
}

TEST_CASE("a forecast that fails sets the series aside") {
    Rig rig(with({forecasting("p", 10, {0, 0, 2, false})}), 1);
    rig.feed(at(10, 1) + at(20, 2) + at(30, 3));
    CHECK(rig.lines("f").size() == 1);
    CHECK(fed.size() == 2);
    CHECK(rig.reports.front().find("knows no future") != std::string::npos);
}

TEST_CASE("a series that is set aside is not fed once more in the same batch") {
    Rig rig(with({forecasting("p", 10, {0, 0, 2, false})}), 128);
    rig.feed(at(10, 1) + at(20, 2) + at(30, 3) + at(40, 4));
    CHECK(rig.lines("f").size() == 1);
    CHECK(fed.size() == 2);
    CHECK(rig.counters().plugin_failures == 1);
}

TEST_CASE("where no series can begin, originals pass; one report") {
    Rig rig(with({forecasting("p", 10, {0, 0, 0, true})}));
    rig.feed(at(10, 1) + at(20, 2) + at(10, 1, "n"));
    CHECK(rig.lines() == Lines{"= m v=1 10000000000", "= m v=2 20000000000", "= n v=1 10000000000"});
    CHECK(rig.reports == Lines{"pipeline 'p': no series can begin: plugin 'probe': does not begin"});
    CHECK(rig.counters().series == 0);
}

TEST_CASE("a horizon that is too far for the interval turns the pipeline off, and others run") {
    config::Config config = with({forecasting("far", 1), forecasting("near")});
    config.pipelines[0].forecast->horizon = {0, 2'000'000 * second};
    Rig rig(config);
    rig.feed(at(10, 1));
    CHECK(rig.lines("f") == Lines{"f m v near @10: 20=1"});
    CHECK(rig.reports == Lines{"pipeline 'far' is off: the horizon is 2000000 steps of this interval, "
                               "expected at most 1000000"});
}

}  // namespace forecastd::engine
