// Several detectors in a pipeline.
#include <doctest/doctest.h>

#include <array>

#include "engine/series_id.hpp"
#include "unit/engine/cohort_rig.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

using enum config::Combine::Rule;

// Can judge from its fourth point on, and then finds each one wrong.
struct Slow {
    static constexpr About about{"slow", "1.0.0", "Finds everything wrong."};
    static constexpr auto reasons() { return std::array{"It is always wrong."}; }
    struct Series {
        std::int64_t count = 0;
    };
    void observe(Series& series, const Point&) const { ++series.count; }
    Verdict judge(const Series& series, const Point& point) const {
        Verdict verdict;
        if (series.count < 3) return verdict;
        verdict.score = 2;
        verdict.expected = point.value - 1;
        verdict.reason = 1;
        return verdict;
    }
};

config::ModelChoice slow() {
    static const plugin::Catalogue made = [] {
        plugin::Catalogue result;
        result.add(detail::library<Slow>(), "in the test");
        return result;
    }();
    return {made.find("slow"), {}};
}

config::Detect voter(const config::ModelChoice& model = probe()) {
    config::Detect made = *detecting().detect;
    made.model = model;
    return made;
}

config::Pipeline voting(std::vector<config::Detect> voters, config::Combine combine = {any, 1}) {
    config::Pipeline made = detecting();
    made.voters = std::move(voters);
    made.combine = combine;
    return made;
}

// The probe's score is the distance from the value before. The second one passes over what is nearer than 5,
// the third over what is below.
std::vector<config::Detect> three() {
    std::vector<config::Detect> voters{voter(), voter(), voter()};
    voters[1].min_dev_from_expected = 5;
    voters[2].direction = config::Direction::above_expected;
    return voters;
}

const std::string jumps = at(10, 0) + at(20, 0) + at(30, 3) + at(40, -7) + at(50, 3);

Lines judged(const config::Pipeline& pipeline, const std::string& text, std::size_t batch = 32) {
    Rig rig(with({pipeline}), batch);
    rig.feed(text);
    return rig.lines("j");
}

}  // namespace

TEST_CASE("any: the greatest score counts, and the reason names who found it") {
    CHECK(
        judged(voting(three()), jumps) ==
        Lines{
            "j m v p @10 y=0 warmup", "j m v p @20 y=0 yhat=0 score=0",
            "j m v p @30 y=3 yhat=0 score=3 above anomaly (2 of 3 detectors: probe 1; probe 3)",
            "j m v p @40 y=-7 yhat=3 score=10 below anomaly (2 of 3 detectors: probe 1; probe 2)",
            "j m v p @50 y=3 yhat=-7 score=10 above anomaly (3 of 3 detectors: probe 1; probe 2; probe 3)"});
}

TEST_CASE("all: the least score counts") {
    CHECK(
        judged(voting(three(), {all, 1}), jumps) ==
        Lines{
            "j m v p @10 y=0 warmup", "j m v p @20 y=0 yhat=0 score=0",
            "j m v p @30 y=3 yhat=0 score=0 above", "j m v p @40 y=-7 yhat=3 score=0 below",
            "j m v p @50 y=3 yhat=-7 score=10 above anomaly (3 of 3 detectors: probe 1; probe 2; probe 3)"});
}

TEST_CASE("majority and a least number: the score of the last vote that is needed") {
    for (const config::Combine& combine : {config::Combine{majority, 1}, config::Combine{least, 2}}) {
        const Lines lines = judged(voting(three(), combine), jumps);
        REQUIRE(lines.size() == 5);
        CHECK(lines[2].find("score=3 above anomaly") != std::string::npos);
        CHECK(lines[3].find("score=10 below anomaly") != std::string::npos);
    }
    CHECK(judged(voting(three(), {least, 3}), jumps) == judged(voting(three(), {all, 1}), jumps));
}

TEST_CASE("how the input is cut into batches makes no difference") {
    std::vector<config::Detect> voters = three();
    voters.push_back(voter(slow()));
    voters.push_back(voter(probe({4, 0, 0, false})));
    for (const auto rule : {any, all, majority})
        for (const std::size_t batch : {std::size_t{1}, std::size_t{2}, std::size_t{3}})
            CHECK(judged(voting(voters, {rule, 1}), jumps, batch) ==
                  judged(voting(voters, {rule, 1}), jumps, 32));
}

TEST_CASE("a detector that warms up does not vote, and gives its own reason once it does") {
    const std::string calm = at(10, 0) + at(20, 0) + at(30, 0) + at(40, 0);
    CHECK(judged(voting({voter(), voter(slow())}, {all, 1}), calm + at(50, 9)) ==
          Lines{"j m v p @10 y=0 warmup", "j m v p @20 y=0 yhat=0 score=0", "j m v p @30 y=0 yhat=0 score=0",
                "j m v p @40 y=0 yhat=0 score=0",
                "j m v p @50 y=9 yhat=8 score=2 above anomaly (2 of 2 detectors: probe; slow (It is always "
                "wrong.))"});
    CHECK(judged(voting({voter(), voter(slow())}, {all, 1}), at(10, 0) + at(20, 9))[1] ==
          "j m v p @20 y=9 yhat=0 score=9 above anomaly (1 of 1 detectors: probe)");
}

TEST_CASE("one detector that fails drops out, which is told once; the others go on") {
    Rig rig(with({voting({voter(), voter(probe({3, 0, 0, false}))}, {all, 1})}));
    rig.feed(at(10, 0) + at(20, 5) + at(30, 9) + at(40, 9) + at(50, 2));
    CHECK(rig.lines("j")[1].find("(2 of 2 detectors: probe 1; probe 2)") != std::string::npos);
    CHECK(rig.lines("j")[2] == "j m v p @30 y=9 yhat=5 score=4 above anomaly (1 of 1 detectors: probe 1)");
    CHECK(rig.lines("j").size() == 5);
    CHECK(rig.counters().plugin_failures == 1);
    CHECK(
        rig.reports ==
        Lines{
            "pipeline 'p', series 'm', field 'v': plugin 'probe' failed: broke at point 3; it does not vote "
            "on "
            "this series any more, and the other detectors go on; further failures of this detector are only "
            "counted"});
    rig.feed(at(10, 0, "n") + at(20, 5, "n") + at(30, 9, "n") + at(40, 9, "n"));
    CHECK(rig.counters().plugin_failures == 2);
    CHECK(rig.reports.size() == 1);
    CHECK(rig.lines("j n").size() == 4);
}

TEST_CASE("a series whose last detector fails is set aside") {
    Rig rig(with({voting({voter(probe({4, 0, 0, false})), voter(probe({3, 0, 0, false}))})}));
    rig.feed(at(10, 0) + at(20, 5) + at(30, 9) + at(40, 9) + at(50, 2));
    CHECK(rig.lines("j").size() == 3);
    CHECK(rig.lines("=").size() == 5);
    REQUIRE(rig.reports.size() == 2);
    CHECK(rig.reports[1].find("this series is set aside") != std::string::npos);
}

TEST_CASE("a detector that cannot begin a series does not vote; if none can, no series begins") {
    Rig rig(with({voting({voter(probe({0, 0, 0, true})), voter()})}));
    rig.feed(at(10, 0) + at(20, 5));
    CHECK(rig.lines("j")[1] == "j m v p @20 y=5 yhat=0 score=5 above anomaly (1 of 1 detectors: probe 2)");
    CHECK(rig.reports.size() == 1);
    Rig none(with({voting({voter(probe({0, 0, 0, true})), voter(probe({0, 0, 0, true}))})}));
    none.feed(at(10, 0) + at(20, 5));
    CHECK(none.lines("j").empty());
    CHECK(none.lines("=").size() == 2);
}

TEST_CASE("a point is learned once, whichever detectors learn it") {
    for (const bool forecasts : {false, true}) {
        config::Pipeline pipeline = voting({voter(), voter(), voter(slow())});
        if (forecasts) pipeline.forecast = forecasting().forecast;
        CohortRig rig(pipeline);
        Series& series = rig.create();
        for (int i = 0; i < 5; ++i) rig.add(series, i, 0);
        rig.cohort->run();
        const std::uint32_t learned = series.learned;
        CHECK(learned == 5);
    }
}

TEST_CASE("with a forecaster each detector judges its expectation") {
    config::Pipeline pipeline = voting(three(), {all, 1});
    pipeline.forecast = forecasting().forecast;
    pipeline.forecast->learn_from_anomalies = config::LearnFrom::always;
    CHECK(judged(pipeline, jumps)[4] ==
          "j m v p @50 y=3 yhat=-7 score=10 above anomaly (3 of 3 detectors: probe 1; probe 2; probe 3)");
}

TEST_CASE("the direction of the value is that of each detector") {
    std::vector<config::Detect> voters{voter(), voter()};
    voters[0].direction = config::Direction::rising;
    voters[1].direction = config::Direction::falling;
    std::string text;
    for (int i = 1; i <= 40; ++i) text += at(10 * i, i % 2 * 0.1);
    const Lines lines = judged(voting(voters), text + at(410, 9) + at(420, 0) + at(430, -9));
    CHECK(lines[40].find("(1 of 2 detectors: probe 1)") != std::string::npos);
    CHECK(lines[41].find("score=0") != std::string::npos);
    CHECK(lines[42].find("(1 of 2 detectors: probe 2)") != std::string::npos);
}

TEST_CASE("a value outside of data_range is an anomaly whatever the detectors say") {
    config::Pipeline pipeline = voting(three(), {all, 1});
    pipeline.detect->data_range = {-100, 100};
    CHECK(judged(pipeline, at(10, 0) + at(20, 0) + at(30, 101))[2].find("score=1.01 above anomaly") !=
          std::string::npos);
}

TEST_CASE("each detector is saved and loaded with its tail, its state and the motion of the series") {
    config::Pipeline pipeline = voting({voter(), voter(), voter(slow())}, {majority, 1});
    pipeline.voters[0].false_alarms_ns = 20'000 * second;
    pipeline.voters[1].false_alarms_ns = 300'000 * second;
    pipeline.voters[1].direction = config::Direction::rising;
    const auto wave = [](int from, int to) {
        std::string text;
        for (int i = from; i < to; ++i) text += at(10 * i, (i * 37) % 11 + (i % 50 == 49 ? 30 : 0));
        return text;
    };
    Rig through(with({pipeline})), first(with({pipeline})), other(with({pipeline}));
    through.feed(wave(0, 300));
    through.lines().clear();
    through.feed(wave(300, 500));
    first.feed(wave(0, 300));
    REQUIRE(first.engine.save([&](const SavedSeries& one) { REQUIRE(other.engine.load(one)); }));
    other.feed(wave(300, 500));
    CHECK(through.lines("j").size() == 200);
    CHECK(other.lines() == through.lines());

    // Other detectors than those that were saved are refused with a sentence.
    config::Pipeline changed = pipeline;
    changed.voters.pop_back();
    Rig fewer(with({changed}));
    changed = pipeline;
    std::swap(changed.voters[0], changed.voters[2]);
    Rig swapped(with({changed}));
    REQUIRE(first.engine.save([&](const SavedSeries& one) {
        const auto with_fewer = fewer.engine.load(one), with_swapped = swapped.engine.load(one);
        REQUIRE_FALSE(with_fewer);
        CHECK(with_fewer.error().text == "the series was saved with 3 detectors, expected 2");
        REQUIRE_FALSE(with_swapped);
        CHECK(with_swapped.error().text == "detector 1 was saved as 'probe', expected 'slow'");
    }));
}

TEST_CASE("a detector that has failed is saved without its state, and begins again") {
    const config::Pipeline pipeline = voting({voter(), voter(probe({3, 0, 0, false}))});
    Rig first(with({pipeline})), other(with({pipeline}));
    first.feed(at(10, 0) + at(20, 5) + at(30, 9));
    REQUIRE(first.engine.save([&](const SavedSeries& one) { REQUIRE(other.engine.load(one)); }));
    other.feed(at(40, 20) + at(50, 30));
    CHECK(other.lines("j")[0].find("(1 of 1 detectors: probe 1)") != std::string::npos);
    CHECK(other.lines("j")[1].find("(2 of 2 detectors: probe 1; probe 2)") != std::string::npos);
}

TEST_CASE("a plugin that has crashed on a series does not vote there") {
    config::Pipeline pipeline = voting({voter(), voter(slow())});
    plugin::Algorithm crashed = *pipeline.voters[1].model.algorithm;
    crashed.caution.without_series = {series_id_hash("p", "m", "v")};
    pipeline.voters[1].model.algorithm = &crashed;
    std::string text;
    for (int i = 1; i <= 5; ++i) text += at(10 * i, 0) + at(10 * i, 0, "n");
    Rig rig(with({pipeline}));
    rig.feed(text);
    CHECK(rig.reports ==
          Lines{"pipeline 'p': the detector 'slow' does not vote on a series that it has crashed on; "
                "the other detectors go on"});
    CHECK(rig.lines("j m").back() == "j m v p @50 y=0 yhat=0 score=0");
    CHECK(rig.lines("j n").back().find("(1 of 2 detectors: slow (It is always wrong.))") !=
          std::string::npos);
}

TEST_CASE("one event is made of the common judgement") {
    config::Pipeline pipeline = voting(three());
    pipeline.output.event = "{measurement}_event";
    Rig rig(with({pipeline}));
    rig.feed(jumps);
    CHECK(rig.lines("e") ==
          Lines{"e m v p @30 open from 30 to 30 peak 3 at 3 above points 1 (2 of 3 detectors: "
                "probe 1; probe 3)",
                "e m v p @40 update from 30 to 40 peak 10 at -7 below points 2 (2 of 3 detectors: "
                "probe 1; probe 2)"});
}

TEST_CASE("detectors of a list are in the metrics in its order, and cost their parts of a record") {
    CohortRig one(detecting()), several(voting({voter(), voter(slow())}));
    CHECK(one.cohort->detectors().size() == 1);
    CHECK(several.cohort->detectors().size() == 2);
    CHECK(several.cohort->detectors()[1]->feed().model().algorithm().id() == "slow");
    // The number of those that vote, and the state of 'slow' with its guard.
    CHECK(several.cohort->layout().record_size() == one.cohort->layout().record_size() + 16 + 32);
}

}  // namespace forecastd::engine
