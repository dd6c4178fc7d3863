// What the forecasters share: sums over a damped trend, variances and gains after gaps, the errors' variance.
#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "numerics/error_variance.hpp"
#include "numerics/steps.hpp"

#include "smoothing/damped_trend.hpp"
#include "smoothing/geometric_sums.hpp"

using doctest::Approx;
using numerics::ErrorVariance;
using smoothing::DampedTrend;
using smoothing::GeometricSums;

TEST_CASE("the doubled sums are those of the plain loop, damped or not") {
    for (const double phi : {0.0, 0.3, 0.98, 1 - 1e-9, 1.0}) {
        double power = 1, sum = 0, sums = 0, squares = 0, weighted = 0;
        for (unsigned n = 1; n <= 100; ++n) {
            sum += power;
            power *= phi;
            sums += sum;
            squares += sum * sum;
            weighted += power * sum;
            const auto found = GeometricSums::of(phi, n);
            REQUIRE(found.count == n);
            REQUIRE(found.power == Approx(power).epsilon(1e-13));
            REQUIRE(found.sum == Approx(sum).epsilon(1e-13));
            REQUIRE(found.sums == Approx(sums).epsilon(1e-13));
            REQUIRE(found.squares == Approx(squares).epsilon(1e-13));
            REQUIRE(found.weighted == Approx(weighted).epsilon(1e-13));
        }
    }
}

// statsmodels 0.13.5: its state space filter knows nothing of our formulas, and leaps missing values.
//   from statsmodels.tsa.statespace.exponential_smoothing import ExponentialSmoothing; n = float("nan")
//   m = ExponentialSmoothing([10, 12.5, 11, 14, n, n, n, n, 19], trend=True, damped_trend=True,
//           initialization_method="known", initial_level=9., initial_trend=.5)
//   f = m.smooth([.4, .12, .9]).filter_results
//   f.forecasts_error_cov[0, 0] / f.forecasts_error_cov[0, 0, 0]                  # variances
//   (f.filtered_state[:, -1] - f.predicted_state[:, 8]) / (19 - f.forecasts[0, 8])  # gains
// and without damped_trend, m.smooth([.4, .12]).
TEST_CASE("variances and gains after a gap are those of a Kalman filter") {
    const double damped_variances[] = {1, 1.258064, 1.62433104, 2.1041366224, 2.699213096144};
    const DampedTrend damped(0.4, 0.3, 0.9);
    for (unsigned h = 1; h <= 5; ++h)
        CHECK(damped.reach(h).variance == Approx(damped_variances[h - 1]).epsilon(1e-12));
    CHECK(damped.gains(5).level == Approx(0.7777129931470997).epsilon(1e-12));
    CHECK(damped.gains(5).trend == Approx(0.13152718341918568).epsilon(1e-12));

    const double straight_variances[] = {1, 1.2704, 1.68, 2.2576, 3.032};
    const DampedTrend straight(0.4, 0.3, 1);
    for (unsigned h = 1; h <= 5; ++h)
        CHECK(straight.reach(h).variance == Approx(straight_variances[h - 1]).epsilon(1e-12));
    CHECK(straight.gains(5).level == Approx(0.8021108179419519).epsilon(1e-12));
    CHECK(straight.gains(5).trend == Approx(0.15039577836411608).epsilon(1e-12));
}

// The same with a season:
//   m = ExponentialSmoothing([30, 21, 29, 36, 33] + [n] * 10 + [41], trend=True, damped_trend=True,
//   seasonal=4,
//           initialization_method="known", initial_level=28., initial_trend=.6,
//           initial_seasonal=[1., -8., .5, 6.5])
//   f = m.smooth([.3, .06, .4, .9]).filter_results
TEST_CASE("variances and gains after a gap of two seasons are those of a Kalman filter") {
    const double variances[] = {1,
                                1.125316,
                                1.2874027600000002,
                                1.4866221555999999,
                                2.2710972740360007,
                                2.5426793791691606,
                                2.8485125568070204,
                                3.186910335925686,
                                4.202062717000606,
                                4.5999624450324115,
                                5.024693116652301};
    const DampedTrend seasonal(0.3, 0.2, 0.9, 0.4, 4);
    for (unsigned h = 1; h <= 11; ++h)
        CHECK(seasonal.reach(h).variance == Approx(variances[h - 1]).epsilon(1e-12));
    const auto gains = seasonal.gains(11);
    CHECK(gains.level == Approx(0.7099720423103313).epsilon(1e-12));
    CHECK(gains.trend == Approx(0.05178101152953959).epsilon(1e-12));
    CHECK(gains.season == Approx(0.23032281888113632).epsilon(1e-12));
}

TEST_CASE("extending a reach step by step comes to the same as reaching there at once") {
    for (const double phi : {0.0, 0.8, 1.0}) {
        const DampedTrend trend(0.3, 0.2, phi, 0.1, 7);
        auto reach = trend.reach();
        for (unsigned h = 1; h <= 40; ++h, trend.extend(reach)) {
            const auto direct = trend.reach(h);
            REQUIRE(reach.steps == h);
            REQUIRE(reach.power == Approx(direct.power).epsilon(1e-13));
            REQUIRE(reach.sum == Approx(direct.sum).epsilon(1e-13));
            REQUIRE(reach.variance == Approx(direct.variance).epsilon(1e-13));
        }
    }
}

TEST_CASE("the longest gap has finite sums, and gains that are shares") {
    for (const double phi : {0.0, 0.98, 1.0}) {
        const DampedTrend trend(0.5, 0.5, phi, 0.5, 1000);
        const auto reach = trend.reach(UINT64_MAX);
        CHECK(std::isfinite(reach.sum));
        CHECK(std::isfinite(reach.variance));
        const auto gains = trend.gains(UINT64_MAX);
        for (const double gain : {gains.level, gains.trend, gains.season}) CHECK((gain >= 0 && gain <= 1));
    }
}

TEST_CASE("the errors' variance is unknown at first, then the mean square") {
    ErrorVariance errors;
    CHECK(std::isnan(errors.deviation()));
    for (const double error : {1.0, -2.0, 2.0, -1.0}) errors.learn(error);
    CHECK(errors.variance() == Approx(2.5));
    CHECK(errors.deviation(4) == Approx(2 * std::sqrt(2.5)));
    errors.learn(5, 10);
    CHECK(errors.variance() == Approx(2.5));
}

TEST_CASE("one spike hardly moves the errors' variance, noise that rose is learned") {
    std::mt19937 random(5);
    std::normal_distribution<double> normal;
    ErrorVariance errors;
    for (int i = 0; i < 1000; ++i) errors.learn(normal(random));
    const double before = errors.deviation();
    CHECK(before == Approx(1).epsilon(0.15));
    errors.learn(1000);
    CHECK(errors.deviation() < 1.3 * before);  // sqrt(1 + (8^2 - 1) / 100) = 1.28
    for (int i = 0; i < 300; ++i) errors.learn(1000 * normal(random));
    CHECK(errors.deviation() > 800);
}

TEST_CASE("after errors of none at all, the first error is learned in full") {
    ErrorVariance errors;
    for (int i = 0; i < 100; ++i) errors.learn(0);
    CHECK(errors.deviation() == 0);
    errors.learn(1);
    CHECK(errors.deviation() == Approx(0.1));  // sqrt(1 / 100)
    for (int i = 0; i < 100; ++i) errors.learn(1);
    CHECK(errors.deviation() > 0.7);
}

TEST_CASE("steps and phases are right on both sides of 1970 and where they overflow") {
    CHECK(numerics::phase_of(-1, 24) == 23);
    CHECK(numerics::phase_of(-24, 24) == 0);
    CHECK(numerics::phase_of(25, 24) == 1);
    CHECK(numerics::steps_between(INT64_MIN, INT64_MAX) == UINT64_MAX);
    CHECK(numerics::step_after(-5, 7) == 2);
}
