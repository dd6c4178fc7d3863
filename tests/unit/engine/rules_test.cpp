// The rules that every detector shares, each at its edge.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "engine/stages/data_range.hpp"
#include "engine/stages/rules.hpp"

namespace forecastd::engine {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

Judgement judged(const config::Detect& detect, double y, double yhat, double score) {
    Judgement judgement{0, y, yhat, unknown, unknown, score, Side::none, false, false, {}};
    apply_rules(detect, judgement);
    return judgement;
}

}  // namespace

TEST_CASE("above 1 is an anomaly, 1 is not") {
    const config::Detect detect;
    CHECK_FALSE(judged(detect, 2, 1, 1).is_anomaly);
    CHECK(judged(detect, 2, 1, std::nextafter(1, 2)).is_anomaly);
    CHECK(judged(detect, 2, 1, 1).score == 1);
}

TEST_CASE("sides") {
    const config::Detect detect;
    CHECK(judged(detect, 2, 1, 0).side == Side::above_expected);
    CHECK(judged(detect, 0, 1, 0).side == Side::below_expected);
    CHECK(judged(detect, 1, 1, 0).side == Side::none);
    CHECK(judged(detect, 1, unknown, 5).side == Side::none);
    CHECK(judged(detect, 1, unknown, 5).is_anomaly);
}

TEST_CASE("without a score it warms up") {
    const config::Detect detect;
    const Judgement judgement = judged(detect, 9, 1, unknown);
    CHECK(judgement.warming_up);
    CHECK_FALSE(judgement.is_anomaly);
    CHECK(std::isnan(judgement.score));
    CHECK(judgement.side == Side::above_expected);
    CHECK_FALSE(judged(detect, 9, 1, 0).warming_up);
}

TEST_CASE("the other direction is none of our business") {
    config::Detect detect;
    detect.direction = config::Direction::above_expected;
    CHECK(judged(detect, 9, 1, 5).is_anomaly);
    CHECK_FALSE(judged(detect, -9, 1, 5).is_anomaly);
    CHECK(judged(detect, -9, 1, 5).score == 0);
    CHECK(judged(detect, -9, 1, 5).side == Side::below_expected);
    CHECK(judged(detect, 1, unknown, 5).is_anomaly);
    detect.direction = config::Direction::below_expected;
    CHECK_FALSE(judged(detect, 9, 1, 5).is_anomaly);
    CHECK(judged(detect, -9, 1, 5).is_anomaly);
}

TEST_CASE("nearer than min_dev_from_expected is no anomaly, exactly there is one") {
    config::Detect detect;
    detect.min_dev_from_expected = 0.5;
    CHECK(judged(detect, 1.5, 1, 5).is_anomaly);
    CHECK(judged(detect, 0.5, 1, 5).is_anomaly);
    CHECK_FALSE(judged(detect, std::nextafter(1.5, 0), 1, 5).is_anomaly);
    CHECK(judged(detect, 1.25, 1, 5).score == 0);
    CHECK(judged(detect, 1.25, unknown, 5).is_anomaly);
}

TEST_CASE("min_rel_dev_from_expected is in percent of the expectation's size") {
    config::Detect detect;
    detect.min_rel_dev_from_expected = 25;
    CHECK(judged(detect, 125, 100, 5).is_anomaly);
    CHECK_FALSE(judged(detect, 124.9, 100, 5).is_anomaly);
    CHECK(judged(detect, -125, -100, 5).is_anomaly);
    CHECK_FALSE(judged(detect, -124.9, -100, 5).is_anomaly);
    CHECK(judged(detect, 1e-9, 0, 5).is_anomaly);
}

TEST_CASE("data_range includes its ends") {
    config::Detect detect;
    CHECK(in_data_range(detect.data_range, std::numeric_limits<double>::max()));
    detect.data_range.low = -1;
    detect.data_range.high = 2;
    CHECK(in_data_range(detect.data_range, -1));
    CHECK(in_data_range(detect.data_range, 2));
    CHECK_FALSE(in_data_range(detect.data_range, std::nextafter(-1, -2)));
    CHECK_FALSE(in_data_range(detect.data_range, std::nextafter(2, 3)));
}

TEST_CASE("what the host finds wrong by itself is an anomaly, with or without a reason of its own") {
    Judgement judgement{};
    judgement.score = unknown;
    judgement.warming_up = true;
    judgement.reason = "the detector's";
    find_anomaly(judgement, 1.5, Side::below_expected);
    CHECK(judgement.is_anomaly);
    CHECK_FALSE(judgement.warming_up);
    CHECK(judgement.score == 1.5);
    CHECK(judgement.side == Side::below_expected);
    CHECK(judgement.reason == "the detector's");
    find_anomaly(judgement, 1.01, Side::above_expected, "stuck");
    CHECK(judgement.score == 1.01);
    CHECK(judgement.reason == "stuck");
}

TEST_CASE("a direction leaves out the other side, or the other way") {
    using enum config::Direction;
    CHECK_FALSE(is_other_way(both, Side::below_expected, 0));
    CHECK(is_other_way(above_expected, Side::below_expected, 1));
    CHECK_FALSE(is_other_way(above_expected, Side::above_expected, -1));
    CHECK(is_other_way(rising, Side::above_expected, 0));
    CHECK_FALSE(is_other_way(rising, Side::below_expected, 1));
    CHECK(is_other_way(falling, Side::below_expected, 1));
}

}  // namespace forecastd::engine
