// Events in the engine. The detector expects the last value again, and the score is the distance from it.
#include <doctest/doctest.h>

#include "engine/motion.hpp"
#include "unit/engine/cohort_rig.hpp"

namespace forecastd::engine {
namespace {

config::Pipeline alarming(config::Pipeline pipeline = detecting()) {
    pipeline.output.event = "{measurement}_event";
    pipeline.alarm.clear_ns = 50 * second;
    pipeline.alarm.silence = 20;
    pipeline.alarm.raise = {};  // any anomaly
    return pipeline;
}

config::Config one(const config::Pipeline& pipeline = alarming()) { return with({pipeline}); }

// Values of "m", ten seconds apart.
std::string values(const std::vector<double>& list, int from = 0, const std::string& key = "m") {
    std::string text;
    for (const double value : list) text += at(10 * from++, value, key);
    return text;
}

std::vector<double> times(std::size_t count, double value) { return std::vector<double>(count, value); }

}  // namespace

TEST_CASE("a spike is one row that opens and one that closes") {
    Rig rig(one());
    rig.feed(values({1, 1, 8, 1, 1, 1, 1, 1, 1, 1, 1}));
    CHECK(rig.lines("e") == Lines{"e m v p @20 open from 20 to 20 peak 7 at 8 above points 1 (The value is "
                                  "above the expected one.)",
                                  "e m v p @70 closed from 20 to 20 peak 7 at 8 above points 1 (The value is "
                                  "above the expected one.)"});
    CHECK(rig.sink.ids[0] == rig.sink.ids[1]);
    CHECK(rig.counters().events == 1);
    CHECK(rig.counters().events_open == 0);
}

TEST_CASE("points keep their verdicts, and an event stands behind that of its point") {
    config::Pipeline without = alarming();
    without.output.event.reset();
    Rig plain(one(without)), rig(one());
    const std::string text = values({1, 1, 8, 1, 1, 5, 5, 5});
    plain.feed(text);
    rig.feed(text);
    CHECK(rig.lines("j") == plain.lines("j"));
    REQUIRE(rig.lines().size() > 6);
    CHECK(rig.lines()[4] == "= m v=8 20000000000");
    CHECK(rig.lines()[5].substr(0, 9) == "j m v p @");
    CHECK(rig.lines()[6].substr(0, 17) == "e m v p @20 open ");
    CHECK(plain.lines("e").empty());
}

TEST_CASE("a batch may be cut anywhere") {
    config::Pipeline pipeline = alarming();
    pipeline.alarm.raise = {2, 3, 0};
    pipeline.alarm.repeat = true;
    std::string text;
    for (int i = 0; i < 300; ++i) {
        text += at(10 * i, i % 40 == 7 || i % 40 == 9 ? 5 + i : 1);
        if (i % 3 != 0) text += at(10 * i + 1, i % 61 < 4 ? 9 * (i % 61) : 2, "other");
    }
    Rig whole(one(pipeline));
    whole.feed(text);
    REQUIRE(whole.lines("e").size() > 10);
    for (const std::size_t batch : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{13}}) {
        Rig rig(one(pipeline), batch);
        rig.feed(text);
        CHECK(rig.lines() == whole.lines());
        CHECK(rig.sink.ids == whole.sink.ids);
    }
}

TEST_CASE("the id of an event follows from its series and its start") {
    Rig rig(one());
    const std::vector<double> list{1, 1, 8};
    rig.feed(values(list) + values(list, 0, "m,a=1"));
    REQUIRE(rig.sink.ids.size() == 2);
    CHECK(rig.sink.ids[0] != rig.sink.ids[1]);
    Rig again(one());
    again.feed(values(list, 0, "m,a=1"));
    CHECK(again.sink.ids[0] == rig.sink.ids[1]);
}

TEST_CASE("an open event is saved, and goes on as the same") {
    Rig first(one()), other(one()), through(one());
    const std::vector<double> begin{1, 1, 8, 8}, end{9, 1, 1, 1, 1, 1, 1, 1};
    through.feed(values(begin) + values(end, 4));
    first.feed(values(begin));
    CHECK(first.counters().events_open == 1);
    REQUIRE(first.engine.save([&](const SavedSeries& one) { REQUIRE(other.engine.load(one)); }));
    CHECK(other.counters().events_open == 1);
    other.feed(values(end, 4));
    CHECK(other.lines("e").size() == 1);
    CHECK(other.lines("e").back() == through.lines("e").back());
    CHECK(other.sink.ids.back() == through.sink.ids.back());
    CHECK(other.counters().events_open == 0);
}

TEST_CASE("peaks that repeat are saved too") {
    config::Pipeline pipeline = alarming();
    pipeline.alarm.repeat = true;
    const auto job = [](int from, int to) {
        std::string text;
        for (int i = from; i < to; ++i) text += at(10 * i, i % 100 == 50 ? 9 : 1);
        return text;
    };
    Rig first(one(pipeline)), other(one(pipeline)), through(one(pipeline));
    through.feed(job(0, 1000));
    CHECK(through.counters().events == 3);
    first.feed(job(0, 450));
    REQUIRE(first.engine.save([&](const SavedSeries& one) { REQUIRE(other.engine.load(one)); }));
    other.feed(job(450, 1000));
    CHECK(other.counters().events == 0);
    pipeline.alarm.repeat = false;
    Rig always(one(pipeline));
    always.feed(job(0, 1000));
    CHECK(always.counters().events == 10);
}

TEST_CASE("an event of a series that expires is closed, and says why") {
    config::Config config = one();
    config.limits.ttl_ns = 1000 * second;
    Rig rig(config);
    std::string text = values({1, 1, 8});
    for (int i = 0; i < 600; ++i) text += at(10 * i, 1, "other");
    rig.feed(text);
    CHECK(rig.lines("e").back() ==
          "e m v p @30 closed from 20 to 20 peak 7 at 8 above points 1 (No value came "
          "for limits.ttl, and the series has expired.)");
    CHECK(rig.sink.ids.front() == rig.sink.ids.back());
    CHECK(rig.counters().events_open == 0);
}

TEST_CASE("an event of a series that begins again is closed, and says why") {
    for (const std::size_t batch : {std::size_t{1}, std::size_t{32}}) {
        Rig rig(one(), batch);
        std::string text = values({1, 1, 8}, 100'000);
        for (int i = 0; i < 120; ++i) text += at(10 * i, 1);  // the clock was set back
        rig.feed(text);
        REQUIRE(rig.counters().restarted == 1);
        REQUIRE(rig.lines("e").size() == 2);
        CHECK(rig.lines("e").back() ==
              "e m v p @1000030 closed from 1000020 to 1000020 peak 7 at 8 above points "
              "1 (The series began again, as its clock or its interval changed.)");
        CHECK(rig.counters().events_open == 0);
    }
}

TEST_CASE("an event of a series whose plugin fails is closed, and says why") {
    Rig rig(one(alarming(detecting("p", 10, {.fail_at = 4}))));
    rig.feed(values({1, 1, 8, 9, 1, 1}));
    REQUIRE(rig.lines("e").size() == 2);
    CHECK(rig.lines("e").back().find("@30 closed") != std::string::npos);
    CHECK(rig.lines("e").back().find("(A plugin failed on the series") != std::string::npos);
    CHECK(rig.counters().events_open == 0);
}

TEST_CASE("a value outside of data_range is an event, with its reason") {
    config::Pipeline pipeline = alarming();
    pipeline.detect->data_range = {0, 100};
    pipeline.alarm.budget = 50;
    Rig rig(one(pipeline));
    rig.feed(values({1, 1, 101}) + values(times(40, 1), 3) + values({101}, 43));
    CHECK(rig.counters().events == 2);
    CHECK(rig.lines("e").back().find("(The value is outside of data_range.)") != std::string::npos);
}

TEST_CASE("updates are left out where they are not asked for") {
    config::Pipeline pipeline = alarming();
    const std::string text = values({1, 1, 8, 30, 80});
    Rig all(one(pipeline));
    all.feed(text);
    CHECK(all.lines("e").size() == 3);
    CHECK(all.lines("e")[1].find("@30 update from 20 to 30 peak 22 at 30 above points 2") !=
          std::string::npos);
    pipeline.alarm.emit = config::EmitEvents::edges;
    Rig edges(one(pipeline));
    edges.feed(text);
    CHECK(edges.lines("e").size() == 1);
}

TEST_CASE("what comes while the interval is learned makes no event") {
    Rig rig(one(alarming(detecting("p", 0))));
    rig.feed(values({1, 1, 8, 1, 8, 1, 1, 1, 1, 1, 1, 9}));
    CHECK(rig.counters().events == 1);
    CHECK(rig.lines("e")[0].find("@110 open") != std::string::npos);
}

TEST_CASE("events that come back are not watched") {
    Rig rig(one());
    rig.feed("m_event,field=v peak_score=3 10000000000\n");
    CHECK(rig.counters().own_outputs == 1);
    CHECK(rig.counters().series == 0);
}

TEST_CASE("it costs 80 bytes, and none without events") {
    const auto size = [](const config::Pipeline& pipeline) {
        CohortRig rig(pipeline);
        return rig.cohort->layout().record_size();
    };
    config::Pipeline without = alarming();
    without.output.event.reset();
    CHECK(size(alarming()) == size(without) + 80);
    CHECK(size(forecasting()) == size(alarming(forecasting())));
}

TEST_CASE("rising and falling are of the value, not of what was expected") {
    config::Pipeline pipeline = alarming();
    pipeline.detect->direction = config::Direction::rising;
    std::vector<double> list;
    for (int i = 0; i < 100; ++i) list.push_back(i % 2);
    // A dip and the return from it, then a rise.
    for (const double value : {-20.0, -20.0, 0.0, 1.0, 0.0, 1.0, 20.0}) list.push_back(value);
    Rig rising(one(pipeline));
    rising.feed(values(list));
    CHECK(rising.counters().anomalies == 1);
    CHECK(rising.lines("e") ==
          Lines{"e m v p @1060 open from 1060 to 1060 peak 19 at 20 rising points 1 (The "
                "value has risen.)"});
    pipeline.detect->direction = config::Direction::falling;
    Rig falling(one(pipeline));
    falling.feed(values(list));
    CHECK(falling.counters().anomalies == 1);
    CHECK(falling.lines("e")[0].find("@1000 open from 1000 to 1000 peak 21 at -20 falling") !=
          std::string::npos);
    pipeline.detect->direction = config::Direction::above_expected;
    Rig above(one(pipeline));
    above.feed(values(list));
    CHECK(above.counters().anomalies == 2);  // the return from the dip too
}

TEST_CASE("a rise that lasts does not hide the next one, and a new level is learned at last") {
    Motion motion{};
    const auto usual = [&](int count) {
        for (int i = 0; i < count; ++i) motion.learn(i % 2);
    };
    usual(200);
    for (int i = 0; i < 240; ++i) {
        CAPTURE(i);
        if (i < 100) CHECK(motion.of(20) == 1);
        motion.learn(20);
    }
    usual(600);
    CHECK(motion.of(20) == 1);
    CHECK(motion.of(1) == 0);
    for (int i = 0; i < 2000; ++i) motion.learn(20 + i % 2);
    CHECK(motion.of(20) == 0);
    CHECK(motion.of(0) == -1);
}

TEST_CASE("where a value lies is saved") {
    Motion whole{}, part{};
    const auto value = [](int i) { return i % 7 + (i % 50 == 0 ? 30.0 : 0.0); };
    for (int i = 0; i < 200; ++i) whole.learn(value(i));
    for (int i = 0; i < 100; ++i) part.learn(value(i));
    Bytes bytes;
    ByteWriter out(bytes);
    part.save(out);
    Motion loaded{};
    ByteReader in(bytes);
    loaded.load(in);
    CHECK(in.at_end());
    for (int i = 100; i < 200; ++i) loaded.learn(value(i));
    for (const double at : {-30.0, -5.0, 3.0, 8.0, 11.0, 30.0}) CHECK(loaded.of(at) == whole.of(at));
    CHECK(whole.of(30) == 1);
    CHECK(whole.of(-30) == -1);
    CHECK(whole.of(3) == 0);
}

}  // namespace forecastd::engine
