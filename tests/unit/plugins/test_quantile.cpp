// The detectors quantile and mad: known answers, seasons, no spread.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "algorithm.hpp"
#include "noise.hpp"
#include "quantile/p_square.hpp"

namespace {

fcd_verdict verdict_on(const char* id, const std::vector<test::Setting>& settings,
                       const std::vector<double>& values, double last) {
    const test::Model model(test::algorithm("quantile", id), settings);
    REQUIRE_MESSAGE(model.get(), model.error());
    test::Series series(model);
    std::int64_t step = 0;
    for (const double value : values) series.advance({series.point(step++, value)});
    return series.advance({series.point(step, last)}).at(0);
}

// 1 to 99, in an order that is the same in every run.
std::vector<double> shuffled() {
    std::vector<double> values;
    for (int i = 1; i < 100; ++i) values.push_back(i * 37 % 100 == 0 ? 50 : i * 37 % 100);
    return values;
}

}  // namespace

TEST_CASE("P-square agrees with the example of its paper") {
    // Jain & Chlamtac 1985, table I: 20 values, whose estimated median is 4.44.
    const double values[] = {0.02,  0.15,  0.74, 3.39, 0.83, 22.37, 10.15, 15.43, 38.62, 15.92,
                             34.60, 10.28, 1.47, 0.40, 0.05, 11.39, 0.27,  0.42,  0.09,  11.37};
    quantile::PSquare<1> sketch;
    for (const double value : values) sketch.learn(value, {0.5}, 1e6);
    CHECK(sketch.at(0, {0.5}) == doctest::Approx(4.44).epsilon(0.002));
}

TEST_CASE("P-square finds the quantiles of a normal distribution, and follows a shift") {
    quantile::PSquare<3> sketch;
    const quantile::PSquare<3>::Levels levels{0.05, 0.5, 0.95};
    for (const double value : test::noise(20'000, 4)) sketch.learn(value, levels, 1e6);
    CHECK(sketch.at(0, levels) == doctest::Approx(-1.645).epsilon(0.05));  // scipy.stats.norm.ppf(0.05)
    CHECK(std::abs(sketch.at(1, levels)) < 0.05);
    CHECK(sketch.at(2, levels) == doctest::Approx(1.645).epsilon(0.05));
    quantile::PSquare<3> forgetful;
    for (const double value : test::noise(5000, 4)) forgetful.learn(value, levels, 200);
    for (const double value : test::noise(5000, 5)) forgetful.learn(100 + value, levels, 200);
    CHECK(forgetful.at(1, levels) == doctest::Approx(100).epsilon(0.01));
    CHECK(forgetful.at(0, levels) == doctest::Approx(98.4).epsilon(0.01));
}

TEST_CASE("mad: the score is the distance from the median in threshold * 1.4826 MAD") {
    // numpy.median of 1 to 99 is 50, and that of |x - 50| is 25: the limit is 50 + 3.5 * 1.4826 * 25 = 179.7,
    // and of 99 values 1 + 13.25 / (4 f) + 949.3 / (96 f^2) = 1.0978 times as far, with f = 0.37 * 99.
    const fcd_verdict verdict = verdict_on("mad", {}, shuffled(), 192.4);
    CHECK(verdict.expected == doctest::Approx(50).epsilon(0.05));
    CHECK(verdict.upper == doctest::Approx(192.4).epsilon(0.06));
    CHECK(verdict.score == doctest::Approx(1).epsilon(0.05));
    CHECK(verdict_on("mad", {{"threshold", 1.75}}, shuffled(), 192.4).score > 1.9);
}

TEST_CASE("quantile: the score is 1 at the quantile and iqr_threshold times the range") {
    // numpy.quantile(range(1, 100), [.25, .5, .75]) is 25.5, 50, 74.5; the limits lie 3 * 49 beyond, at
    // 171.5 from the middle; of 99 values 1.181 times as far.
    const fcd_verdict verdict = verdict_on("quantile", {}, shuffled(), -152.5);
    CHECK(verdict.expected == doctest::Approx(50).epsilon(0.05));
    CHECK(verdict.lower == doctest::Approx(-152.5).epsilon(0.06));
    CHECK(verdict.upper == doctest::Approx(252.5).epsilon(0.06));
    CHECK(verdict.score == doctest::Approx(1).epsilon(0.06));
    const auto at_quantiles =
        verdict_on("quantile", {{"quantiles", {5, 50, 95}}, {"iqr_threshold", 0}}, shuffled(), 95);
    CHECK(at_quantiles.score == doctest::Approx(1).epsilon(0.1));
}

TEST_CASE("quantiles that do not ascend are refused with a sentence") {
    const test::Model model(test::algorithm("quantile", "quantile"), {{"quantiles", {50, 50, 75}}});
    CHECK(model.get() == nullptr);
    CHECK(std::string(model.error()).find("do not ascend") != std::string::npos);
}

TEST_CASE("no spread: equal values score 0, the first other one is far out, rare others are usual") {
    for (const char* id : {"mad", "quantile"}) {
        CAPTURE(std::string(id));
        CHECK(verdict_on(id, {}, std::vector<double>(500, 42), 42).score == 0);
        CHECK(verdict_on(id, {}, std::vector<double>(500, 42), 43).score > 100);
        CHECK(verdict_on(id, {}, std::vector<double>(500, 0), 0).score == 0);
        CHECK(verdict_on(id, {{"min_scale", 1}}, std::vector<double>(500, 42), 43).score < 1);
        // One value in three is another: the MAD sees none of it, the mean deviation does.
        std::vector<double> rare;
        for (int i = 0; i < 1000; ++i) rare.push_back(i % 3 ? 10 : 11);
        CHECK(verdict_on(id, {}, rare, 11).score < 1);
        CHECK(verdict_on(id, {}, rare, 20).score > 1);
    }
}

TEST_CASE("few values: the limit is wider, and narrows") {
    for (const char* id : {"mad", "quantile"}) {
        CAPTURE(std::string(id));
        const auto width = [&](std::size_t count) {
            double sum = 0;
            for (unsigned seed = 0; seed < 50; ++seed) {
                const fcd_verdict verdict = verdict_on(id, {}, test::noise(count, seed), 0);
                sum += (verdict.upper - verdict.lower) / 2 / 50;
            }
            return sum;
        };
        const double early = width(30), late = width(400);
        CHECK(early > 1.25 * late);
        CHECK(late == doctest::Approx(std::string(id) == "mad" ? 3.5 : 4.72).epsilon(0.08));
    }
}

TEST_CASE("a value that moves by steps does not score more and more") {
    // A step up and back, one point in twenty: most deviations are 0, and others count as at most ten times
    // the mean.
    std::vector<double> counts;
    for (int i = 0; i < 20'000; ++i) counts.push_back(i % 20 == 7 ? 1 : 0);
    for (const char* id : {"mad", "quantile"}) {
        CAPTURE(std::string(id));
        CHECK(verdict_on(id, {}, counts, 1).score < 1.1);
        CHECK(verdict_on(id, {}, counts, 30).score > 5);
    }
}

TEST_CASE("with a season, a value is judged by its phase") {
    std::vector<double> values;
    const auto noise = test::noise(7 * 60, 2);
    for (std::size_t i = 0; i < noise.size(); ++i) values.push_back((i % 7 == 0 ? 1000 : 10) + noise[i]);
    for (const char* id : {"mad", "quantile"}) {
        CAPTURE(std::string(id));
        CHECK(verdict_on(id, {{"season_length", 7}}, values, 1000).score < 1);
        CHECK(verdict_on(id, {{"season_length", 7}}, values, 10).score > 5);
        CHECK(verdict_on(id, {}, values, 1000).score > 1);
    }
}

TEST_CASE("behind a forecaster the residual is judged") {
    for (const char* id : {"mad", "quantile"}) {
        const test::Model model(test::algorithm("quantile", id), {});
        test::Series series(model);
        const auto noise = test::noise(200, 3);
        for (int i = 0; i < 200; ++i)
            series.advance({series.point(i, i * 100 + noise[static_cast<std::size_t>(i)], i * 100)});
        CHECK(series.advance({series.point(200, 20'000, 20'000)}).at(0).score < 1);
        CHECK(series.advance({series.point(201, 20'160, 20'100)}).at(0).score > 5);
    }
}
