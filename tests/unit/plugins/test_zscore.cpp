// The z-score detector: known scores, and what others fell into: no spread, outliers, level shifts.
#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "algorithm.hpp"
#include "zscore/zscore_model.hpp"

using doctest::Approx;
using zscore::Moments;
using zscore::Observed;
using zscore::State;

static_assert(sizeof(State) <= 64, "a million series should fit a small machine");

namespace {

const double none = forecastd::nan;

// One series and its model, with the default parameters but for a window.
struct Run {
    explicit Run(std::size_t window_size = 0, double min_rel_scale = 1e-9)
        : model({4, 200, 0, min_rel_scale, 30, 100}), window(window_size) {}

    // The score of a value, NaN where it cannot be judged; then the value is learned.
    double score(double value, double expected = none, double deviation = none) {
        const Observed point{value, expected, deviation};
        const double result = model.can_judge(state, point) ? model.judge(state, point).score : none;
        model.learn(state, point, window);
        return result;
    }

    zscore::Model model;
    State state;
    std::vector<double> window;
};

}  // namespace

// By hand: the mean of 1 to 10 is 5.5, the mean of their squares 38.5, and 38.5 - 5.5^2 = 8.25.
TEST_CASE("at first, mean and variance are the plain ones") {
    Moments moments;
    for (int i = 1; i <= 10; ++i) moments.weigh(i, 0.001);
    CHECK(moments.mean == Approx(5.5));
    CHECK(moments.variance == Approx(8.25));
}

// The weighted sums written out: weights 0.25 * 0.75^k back to the fourth number, the rest on the first four.
TEST_CASE("later, the weight of a number falls by the same share at each step") {
    Moments moments;
    double mean = 0, square = 0, weight = 1;
    const std::vector<double> numbers{4, 1, 7, 3, 9, 2, 8};
    for (const double number : numbers) moments.weigh(number, 0.25);
    for (std::size_t i = numbers.size(); i-- > 4; weight *= 0.75) {
        mean += 0.25 * weight * numbers[i];
        square += 0.25 * weight * numbers[i] * numbers[i];
    }
    mean += weight * (4 + 1 + 7 + 3) / 4;
    square += weight * (16 + 1 + 49 + 9) / 4;
    CHECK(moments.mean == Approx(mean));
    CHECK(moments.variance == Approx(square - mean * mean));
}

TEST_CASE("a window holds the last numbers alone, and rounding errors do not pile up") {
    Moments moments;
    std::vector<double> window(7);
    std::mt19937 random(4);
    std::vector<double> numbers;
    for (int i = 0; i < 100'000; ++i) {
        const double size = i < 99'000 ? 1e9 : 1e-3;
        numbers.push_back(1e3 + size * static_cast<double>(random() % 1000));
        moments.replace(numbers.back(), window);
    }
    double mean = 0, variance = 0;
    for (std::size_t i = numbers.size() - 7; i < numbers.size(); ++i) mean += numbers[i] / 7;
    for (std::size_t i = numbers.size() - 7; i < numbers.size(); ++i)
        variance += (numbers[i] - mean) * (numbers[i] - mean) / 7;
    CHECK(moments.mean == Approx(mean));
    CHECK(moments.variance == Approx(variance).epsilon(1e-6));
}

// Fifty numbers of mean 0 and variance 1, so the limit is +-4, and Student's t wider: +-4.374.
TEST_CASE("the score is 0 at the expectation and 1 at the limits") {
    const zscore::Model model({4, 1e6, 0, 0, 30, 100});
    State state;
    for (int i = 0; i < 50; ++i) model.learn(state, {i % 2 ? 1.0 : -1.0, none, none}, {});
    const auto verdict = model.judge(state, {2, none, none});
    CHECK(verdict.score == Approx(2 / 4.374).epsilon(1e-3));
    CHECK(verdict.expected == Approx(0));
    CHECK(verdict.deviation == Approx(1));
    CHECK(model.judge(state, {verdict.lower, none, none}).score == Approx(1));
    CHECK(model.judge(state, {verdict.upper, none, none}).score == Approx(1));
}

TEST_CASE("with a forecaster, the residual is judged, and more mildly where it is less sure than usual") {
    const zscore::Model model({4, 1e6, 0, 0, 30, 100});
    State state;
    for (int i = 0; i < 50; ++i) model.learn(state, {100.0 + i + (i % 2 ? 2.0 : -2.0), 100.0 + i, 3}, {});
    const auto usual = model.judge(state, {204, 200, 3});
    CHECK(usual.score == Approx(2 / 4.374).epsilon(1e-3));  // Student's t for fifty numbers
    CHECK(usual.expected == Approx(200));
    CHECK(usual.deviation == Approx(2));
    CHECK(model.judge(state, {204, 200, 12}).score ==
          Approx(usual.score / 4));  // after a gap: four times less sure
    CHECK(model.judge(state, {204, 200, 1}).score == Approx(usual.score));  // surer than usual: no stricter
}

TEST_CASE("a forecaster that begins with no deviation, or loses it for a while, does not spoil the scale") {
    std::mt19937 random(4);
    std::normal_distribution<double> normal(0, 0.05);
    Run run;
    run.score(20, 20, 0);
    for (int i = 0; i < 200; ++i) run.score(20 + normal(random), 20, i < 3 ? 0 : 0.05);
    CHECK(run.model.judge(run.state, {20.1, 20, 0.05}).deviation == Approx(0.05).epsilon(0.3));
    for (int i = 0; i < 20; ++i) run.score(20, 20, 1e-9);  // a plateau
    CHECK(run.score(20.1, 20, 1e-9) < 1);
    CHECK(run.score(20.5, 20, 0.05) > 1);
}

TEST_CASE("a forecaster whose deviations are wrong by a factor does no harm") {
    std::mt19937 random(8);
    std::normal_distribution<double> normal;
    Run run;
    int alarms = 0;
    for (int i = 0; i < 2000; ++i) alarms += run.score(3 * normal(random), 0, 0.01) > 1;
    CHECK(alarms <= 3);
    CHECK(run.score(3 * 8, 0, 0.01) > 1);
}

TEST_CASE("Gaussian noise makes few alarms, by weights or by window") {
    for (const std::size_t window : {std::size_t{0}, std::size_t{200}}) {
        std::mt19937 random(6);
        std::normal_distribution<double> normal(50, 2);
        Run run(window);
        int alarms = 0;
        for (int i = 0; i < 20'000; ++i) alarms += run.score(normal(random)) > 1;
        CHECK(alarms <= 12);  // 1.3 of them if mean and deviation were known exactly
    }
}

TEST_CASE("a constant series scores 0, its rounding does not alarm, its jump does") {
    for (const double constant : {0.0, 21.5, -1e9, 1e-12}) {
        CAPTURE(constant);
        Run values, standard;
        for (int i = 0; i < 100; ++i) {
            values.score(constant);
            standard.score(constant, constant, 0);
        }
        CHECK(values.score(constant) == 0);
        CHECK(standard.score(constant, constant, 0) == 0);
        if (constant != 0) {
            CHECK(values.score(constant * (1 + 1e-14)) < 0.1);
            CHECK(standard.score(constant * (1 + 1e-14), constant, 0) < 0.1);
        }
        CHECK(values.score(constant + 0.5 + std::abs(constant)) > 1);
        CHECK(standard.score(constant + 0.5 + std::abs(constant), constant, 0) > 1);
    }
}

TEST_CASE("an outlier does not hide the next one") {
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    Run run;
    for (int i = 0; i < 500; ++i) run.score(normal(random));
    for (int outlier = 0; outlier < 10; ++outlier) {
        CHECK(run.score(1e6) > 1);
        for (int i = 0; i < 20; ++i) run.score(normal(random));
        CHECK(run.score(8) > 1);
        for (int i = 0; i < 20; ++i) run.score(normal(random));
    }
}

TEST_CASE(
    "after a shift of the level the alarm ends within relearn_after points, and the new level is watched") {
    for (const std::size_t window : {std::size_t{0}, std::size_t{150}}) {
        for (const double shift : {6.0, 20.0, 1e3, 1e9}) {
            CAPTURE(shift);
            std::mt19937 random(12);
            std::normal_distribution<double> normal;
            Run run(window);
            for (int i = 0; i < 1000; ++i) run.score(normal(random));
            CHECK(run.score(shift) > 1);
            for (int i = 1; i < 100; ++i) run.score(shift + normal(random));
            int alarms = 0;
            for (int i = 0; i < 1000; ++i) alarms += run.score(shift + normal(random)) > 1;
            CHECK(alarms <= 2);
            CHECK(run.score(shift + 100) > 1);
        }
    }
}

TEST_CASE("what comes every fifth time is learned, from whatever spread") {
    Run run(0, 0);
    for (int i = 0; i < 1000; ++i) run.score(1e-9 * (i % 2));
    int last_alarm = 0;
    for (int i = 0; i < 5000; ++i)
        if (run.score(i % 5 ? 1e-9 * (i % 2) : 1) > 1) last_alarm = i;
    CHECK(last_alarm < 1000);
}

TEST_CASE("values and residuals are never mixed: when the forecaster begins, learning starts over") {
    Run run;
    for (int i = 0; i < 100; ++i) run.score(1000 + i % 2);
    CHECK(std::isnan(run.score(1000, 1000, 1)));
    for (int i = 0; i < 28; ++i) CHECK(std::isnan(run.score(1000 + i % 2, 1000, 1)));
    run.score(1001, 1000, 1);
    CHECK(run.score(1000, 1000, 1) < 1);
}

// 20.0 and 20.5 in turn, forty of each: what a forecaster that repeats the last value is wrong by.
TEST_CASE("a coarse sensor does not alarm at its least steps, and its scores do not grow") {
    Run residuals, counts;
    double greatest = 0;
    for (int i = 1; i < 4000; ++i) {
        const double value = 20 + (i / 40 % 2) * 0.5, before = 20 + ((i - 1) / 40 % 2) * 0.5;
        const double score = residuals.score(value, before, 0.1);
        if (i > 400) greatest = std::max(greatest, score);
        const double count = counts.score(i % 33 == 0);
        if (i > 400) CHECK(count < 1);
    }
    CHECK(greatest > 0.5);
    CHECK(greatest < 1);
    CHECK(residuals.score(22, 20, 0.1) > 1);
}

TEST_CASE("a step is an anomaly where steps are rare") {
    Run run;
    for (int i = 0; i < 20; ++i) run.score(i % 2);
    for (int i = 0; i < 4000; ++i) run.score(0);
    CHECK(run.score(1) > 1);
}

TEST_CASE("a bad value during the warm-up does not set the scale") {
    for (int place = 0; place < 30; ++place) {
        CAPTURE(place);
        std::mt19937 random(5);
        std::normal_distribution<double> normal(20, 0.2);
        Run run;
        for (int i = 0; i < 40; ++i) run.score(i == place ? 85 : normal(random));
        CHECK(run.score(26) > 1);
    }
}

TEST_CASE("five faults are found after one misread value as without it") {
    for (const double misread : {0.0, 85.0, -127.0, -26240.0}) {
        CAPTURE(misread);
        std::mt19937 random(7);
        std::normal_distribution<double> normal(20, 0.5);
        Run run;
        int found = 0;
        for (int i = 0; i < 300; ++i) {
            if (i == 100 && misread != 0) {
                CHECK(run.score(misread) > 1);
                continue;
            }
            const bool fault = i > 120 && i % 30 == 0;
            const bool alarm = run.score(normal(random) + (fault ? 6 : 0)) > 1;
            CHECK(alarm == fault);
            found += alarm && fault;
        }
        CHECK(found == 5);
    }
}

// Student's t: of 29 degrees of freedom, 4.67 is as rare as 4 of a normal distribution, and of 99, 4.18.
TEST_CASE("with few numbers the limits are wider, as much as Student's t says") {
    struct Case {
        int count;
        double limit;
    };
    for (const Case& known : {Case{30, 4.66}, {100, 4.18}, {20'000, 4.0}}) {
        const int count = known.count;
        CAPTURE(count);
        const zscore::Model model({4, 1e6, 0, 0, 30, 100});
        State state;
        for (int i = 0; i < count; ++i) model.learn(state, {i % 2 ? 1.0 : -1.0, none, none}, {});
        const auto verdict = model.judge(state, {0, none, none});
        CHECK(verdict.upper - verdict.expected == Approx(known.limit * verdict.deviation).epsilon(0.005));
    }
}

TEST_CASE("a window of one point is refused with a sentence") {
    const test::Model model(test::algorithm("zscore", "zscore"), {{"window", 1}});
    CHECK(model.get() == nullptr);
    CHECK(std::string(model.error()).find("window is 1") == 0);
}

TEST_CASE("a window smaller than min_samples is enough to judge by") {
    const test::Model model(test::algorithm("zscore", "zscore"), {{"window", 5}});
    test::Series series(model);
    std::vector<fcd_point> points;
    for (int i = 0; i < 6; ++i) points.push_back(series.point(i, i % 2));
    const auto verdicts = series.advance(points);
    CHECK(std::isnan(verdicts[4].score));
    CHECK(verdicts[5].score > 0);
}
