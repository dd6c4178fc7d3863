// The stage that makes probabilities of a detector's scores.
#include <doctest/doctest.h>

#include <random>

#include "engine/stages/tail.hpp"
#include "unit/engine/cohort_rig.hpp"

namespace forecastd::engine {
namespace {

// The probe's score is the distance from the last value; an interval of 10 s.
config::Pipeline ringing(std::int64_t false_alarms_s) {
    config::Pipeline made = doing_both();
    made.detect->false_alarms_ns = false_alarms_s * second;
    return made;
}

// One series of noise; the rows of the last batch stay.
struct Noise {
    explicit Noise(std::int64_t false_alarms_s) : rig(ringing(false_alarms_s)), series(rig.create()) {}

    Row& give(double value) {
        rig.cohort->rows().clear();
        const std::size_t i = rig.add(series, step++, value);
        rig.cohort->run();
        return rig.row(i);
    }
    Row& give_noise(int count) {
        for (int i = 1; i < count; ++i) give(normal(random));
        return give(normal(random));
    }

    CohortRig rig;
    Series& series;
    std::int64_t step = 0;
    std::mt19937 random{4};
    std::normal_distribution<double> normal{0, 0.1};
};

}  // namespace

TEST_CASE("a healthy series rings about as often as the config says") {
    constexpr int points = 100'000;
    Noise noise(20'000);  // one of 2,000 points
    int rung = 0;
    for (int i = 0; i < points; ++i) rung += noise.give_noise(1).judgement.is_anomaly;
    CHECK(rung > 0);
    CHECK(rung < 2 * points / 2000);
}

TEST_CASE("the score is 1 at the bounds that are told") {
    for (const int learned : {50, 200, 2000}) {
        CAPTURE(learned);
        Noise noise(2'592'000);
        const double upper = noise.give_noise(learned).judgement.upper;
        CHECK(std::isfinite(upper));
        Noise again(2'592'000);
        again.give_noise(learned - 1);
        CHECK(again.give(upper).judgement.score == doctest::Approx(1).epsilon(1e-6));
        Noise beyond(2'592'000);
        beyond.give_noise(learned - 1);
        CHECK(beyond.give(upper + 0.01).judgement.is_anomaly);
    }
}

TEST_CASE("before the tail is known, limits are wider and not absent") {
    Noise noise(2'592'000);
    noise.give_noise(50);
    CHECK_FALSE(noise.give(1.2).judgement.is_anomaly);  // the probe's own score is 1 at 1
    CHECK_FALSE(noise.give(5).judgement.is_anomaly);
    CHECK(noise.give(-50).judgement.is_anomaly);
}

TEST_CASE("without false_alarms the detector's own score stands, and no byte is kept") {
    Noise noise(0);
    CHECK(noise.give_noise(300).judgement.score < 1);
    const double last = noise.give(0).judgement.y;
    CHECK(noise.give(last + 2).judgement.score == doctest::Approx(2));
    CHECK_FALSE(noise.rig.cohort->layout().find<statistics::Tail>());
}

TEST_CASE("the tail of a series is saved and loaded") {
    Noise noise(2'592'000);
    noise.give_noise(400);
    Bytes bytes;
    REQUIRE(noise.rig.cohort->save(noise.series, bytes));
    Series& loaded = noise.rig.create("other");
    REQUIRE(noise.rig.cohort->load(loaded, described(*noise.rig.cohort), bytes));
    noise.rig.cohort->rows().clear();
    const std::size_t one = noise.rig.add(noise.series, 1000, 0.4);
    const std::size_t other = noise.rig.add(loaded, 1000, 0.4);
    noise.rig.cohort->run();
    CHECK(noise.rig.row(one).judgement.score > 0);
    CHECK(noise.rig.row(one).judgement.score == noise.rig.row(other).judgement.score);
    CHECK(noise.rig.row(one).judgement.upper == noise.rig.row(other).judgement.upper);
}

}  // namespace forecastd::engine
