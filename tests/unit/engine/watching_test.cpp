// The lines that tell whether a series is watched.
#include <doctest/doctest.h>

#include "engine/series_id.hpp"
#include "unit/engine/cohort_rig.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

config::Pipeline telling_states(config::Pipeline pipeline) {
    pipeline.output.state = "{measurement}_state";
    return pipeline;
}

Lines states(const config::Pipeline& pipeline, const std::string& text, std::size_t batch = 32) {
    Rig rig(with({telling_states(pipeline)}), batch);
    rig.feed(text);
    return rig.lines("s");
}

std::string steady(int from, int to) {
    std::string text;
    for (int i = from; i <= to; ++i) text += at(10 * i, i % 3);
    return text;
}

const std::string learning =
    "s m v p @10 warming (its interval is learned from its first 8 points, or 32 if their distances vary)";

}  // namespace

TEST_CASE("a series warms up, and is watched from its first score on; anomalies alone are written or not") {
    config::Pipeline pipeline = detecting();
    const Lines expected{"s m v p @10 warming (probe warms up)", "s m v p @20 watched"};
    CHECK(states(pipeline, steady(1, 20)) == expected);
    pipeline.detect->emit = config::Emit::anomalies;
    pipeline.detect->min_dev_from_expected = 100;
    Rig rig(with({telling_states(pipeline)}));
    rig.feed(steady(1, 20));
    CHECK(rig.lines("j").empty());
    CHECK(rig.lines("s") == expected);
    CHECK(rig.lines()[1] == expected[0]);  // behind its point
}

TEST_CASE("while the interval is learned, that is told") {
    CHECK(states(detecting("p", 0), steady(1, 20)) == Lines{learning, "s m v p @90 watched"});
}

TEST_CASE("a failure is told with the plugin's words, once") {
    CHECK(states(detecting("p", 10, {3, 0, 0, false}), steady(1, 9)) ==
          Lines{"s m v p @10 warming (probe warms up)", "s m v p @20 watched",
                "s m v p @30 failing (plugin 'probe' failed: broke at point 3)"});
    CHECK(states(doing_both("p", 10, {0, 0, 2, false}), steady(1, 9)).back() ==
          "s m v p @20 failing (plugin 'probe' failed: knows no future)");
}

TEST_CASE("a series that a plugin crashed on is told as failing") {
    config::Pipeline pipeline = detecting();
    plugin::Algorithm crashed = *pipeline.detect->model.algorithm;
    crashed.caution.without_series = {series_id_hash("p", "m", "v")};
    pipeline.detect->model.algorithm = &crashed;
    CHECK(states(pipeline, steady(1, 9)) ==
          Lines{"s m v p @10 failing (a plugin crashed on it, and it is set aside until forecastd is started "
                "again)"});
}

TEST_CASE("a label pauses a series, until its time is over") {
    config::Config config = with({telling_states(detecting())});
    config.control = "control";
    Rig rig(config);
    rig.feed(steady(1, 2) + "control action=\"suppress\",duration=\"25s\" 25000000000\n" + steady(3, 6) +
             "control action=\"normal\",duration=\"15s\" 65000000000\n" + steady(7, 9));
    CHECK(rig.lines("s") ==
          Lines{"s m v p @10 warming (probe warms up)", "s m v p @20 watched",
                "s m v p @30 paused (a label suppresses its anomalies)", "s m v p @50 watched",
                "s m v p @70 paused (a label says that its values are normal)", "s m v p @80 watched"});
}

TEST_CASE("late points are told after ten of them, and crowded ones that look like a wrong unit of time") {
    std::string late, crowded;
    for (int i = 0; i < 40; ++i) late += at(10 + i * 0.1, 1);
    for (int i = 1; i <= 110; ++i) crowded += at(20 + i * 0.0005, 1);
    CHECK(states(detecting(), steady(1, 2) + late + steady(3, 4)) ==
          Lines{"s m v p @10 warming (probe warms up)", "s m v p @20 watched",
                "s m v p @20.000000001 skipped (its last points are late: not later than one before them)",
                "s m v p @30 watched"});
    CHECK(states(doing_both(), steady(1, 2) + crowded + steady(3, 4)) ==
          Lines{"s m v p @10 warming (probe warms up, behind the forecaster probe)", "s m v p @20 watched",
                "s m v p @20.05 skipped (its last points are crowded: within one interval of the one before "
                "them)",
                "s m v p @30 watched"});
}

TEST_CASE("one value of many on purpose is no reason to tell anything") {
    std::string seconds;
    for (int i = 0; i < 2000; ++i) seconds += at(i, i % 7);
    const Lines told = states(doing_both("p", 300), seconds);
    REQUIRE(told.size() == 2);
    CHECK(told[0] == "s m v p @0 warming (probe warms up, behind the forecaster probe)");
    CHECK(told[1].find("watched") != std::string::npos);
}

TEST_CASE("of several detectors, those that do not vote are named") {
    config::Pipeline pipeline = detecting();
    config::Detect fails = *pipeline.detect;
    fails.model = probe({3, 0, 0, false});
    pipeline.voters = {*pipeline.detect, fails};
    CHECK(
        states(pipeline, steady(1, 9)) ==
        Lines{
            "s m v p @10 warming (0 of 2 detectors vote; probe 1 cannot judge yet; probe 2 cannot judge yet)",
            "s m v p @20 watched", "s m v p @30 watched (1 of 2 detectors vote; probe 2 has failed)"});
}

TEST_CASE("how the input is cut into batches makes no difference") {
    const std::string text = steady(1, 3) + at(30, 1) + steady(3, 12);
    for (const std::int64_t interval_s : {0, 10})
        for (const std::size_t batch : {std::size_t{1}, std::size_t{2}, std::size_t{5}}) {
            Rig cut(with({telling_states(detecting("p", interval_s))}), batch);
            Rig whole(with({telling_states(detecting("p", interval_s))}));
            cut.feed(text);
            whole.feed(text);
            CHECK(cut.lines() == whole.lines());
        }
}

TEST_CASE("what was told is saved, so a series that is loaded tells a change alone") {
    const config::Config config = with({telling_states(detecting())});
    Rig first(config), other(config);
    first.feed(steady(1, 5));
    REQUIRE(first.engine.save([&](const SavedSeries& one) { REQUIRE(other.engine.load(one)); }));
    other.feed(steady(6, 9));
    CHECK(other.lines("j").size() == 4);
    CHECK(other.lines("s").empty());
}

TEST_CASE("without output.state nothing is told, and no byte is kept") {
    Rig rig(with({detecting("p", 10, {3, 0, 0, false})}));
    rig.feed(steady(1, 9));
    CHECK(rig.lines("s").empty());
    CohortRig without(detecting()), there(telling_states(detecting()));
    CHECK(there.cohort->layout().record_size() == without.cohort->layout().record_size() + 16);
}

}  // namespace forecastd::engine
