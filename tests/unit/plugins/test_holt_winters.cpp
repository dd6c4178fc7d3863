// Holt-Winters' recursion against statsmodels, and our own start over two seasons.
#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "algorithm.hpp"
#include "holt_winters/holt_winters_model.hpp"

using doctest::Approx;
using holt_winters::Model;
using holt_winters::State;
using smoothing::Recursion;
using smoothing::Season;
using smoothing::Trend;

namespace {

const std::vector<double> values{30, 21, 29, 36, 33, 24, 31, 39, 34, 26, 33, 41, 37};

// Checks one-step forecasts from level 28 before the first value, and the forecasts behind the last.
void check(Season form, smoothing::DampedTrend smoothing, double trend, std::vector<double> season,
           const std::vector<double>& fitted, const std::vector<double>& forecast) {
    const Recursion recursion({.season = form}, smoothing);
    auto line = holt::State::known(28, trend, -1);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto step = static_cast<std::int64_t>(i);
        double& phase = season[i % 4];
        CHECK(recursion.expect(line, phase, recursion.reach(line, step)).mean ==
              Approx(fitted[i]).epsilon(1e-13));
        recursion.learn(line, phase, step, values[i]);
    }
    for (std::size_t i = 0; i < forecast.size(); ++i) {
        const auto reach = recursion.reach(line, static_cast<std::int64_t>(values.size() + i));
        const double phase = season[(values.size() + i) % 4];
        CHECK(recursion.expect(line, phase, reach).mean == Approx(forecast[i]).epsilon(1e-13));
    }
}

// One series and its model, fed and asked by step.
struct Run {
    explicit Run(std::size_t season_length, Season form = Season::additive, bool trend = true)
        : model({0.3, 0.1, 0.2, 0.98, trend ? Trend::additive : Trend::none, form, season_length}),
          season(season_length) {
        holt_winters::start(season);
    }
    void learn(std::int64_t step, double value) { model.learn(state, season, step, step, value); }
    holt_winters::Expected expect(std::int64_t step) const {
        return Model::Outlook(model, state, season, step).expect(numerics::phase_of(step, season.size()));
    }

    Model model;
    State state;
    std::vector<double> season;
};

// A line with a season of 12 that adds up to none.
double seasonal(std::int64_t step, double slope) {
    return 100 + slope * static_cast<double>(step) +
           20 * std::sin(static_cast<double>(step % 12) * std::numbers::pi / 6);
}

}  // namespace

// statsmodels 0.13.5, y the values above; three steps alone, since its forecast of h = m uses an old season:
//   fit = ExponentialSmoothing(y, trend="add", damped_trend=..., seasonal=..., seasonal_periods=4,
//             initialization_method="known", initial_level=28., initial_trend=.6, initial_seasonal=...).fit(
//             smoothing_level=.3, smoothing_trend=.2, smoothing_seasonal=.4, damping_trend=.9,
//             optimized=False)
//   fit.fittedvalues, fit.forecast(3)
TEST_CASE("given level, trend, season and gains, the recursion is statsmodels'") {
    const smoothing::DampedTrend straight(0.3, 0.2, 1, 0.4, 4), damped(0.3, 0.2, 0.9, 0.4, 4);
    const std::vector<double> sums{1, -8, 0.5, 6.5}, ratios{1.03, 0.72, 1.02, 1.23};
    SUBCASE("additive") {
        check(Season::additive, straight, 0.6, sums,
              {29.6, 21.343999999999998, 30.344159999999995, 36.4636224, 31.479428735999996, 23.22412744704,
               32.189504897945596, 38.74617785970277, 34.85254068695063, 25.5266852747911, 33.53624987384572,
               40.82653093641258, 36.42172230342835},
              {28.096783267880653, 35.57345742292955, 43.35360582823293});
    }
    SUBCASE("additive, damped") {
        check(Season::additive, damped, 0.6, sums,
              {29.54, 21.188839999999995, 30.081746639999995, 36.103411105439996, 31.062373185810237,
               22.764143948835425, 31.686491181839123, 38.20268528358096, 34.283076379267825,
               24.949326397415266, 32.957438816952866, 40.2444727480461, 35.84065622756159},
              {27.51545952745268, 34.78648304300192, 42.32685907300107});
    }
    SUBCASE("multiplicative") {
        check(Season::multiplicative, straight, 0.6, ratios,
              {29.458000000000002, 21.16039456310679, 30.53962867572815, 36.91921342777384, 31.41194080133081,
               22.47342685277681, 32.62968323462318, 39.89772605509886, 35.04105079380376, 24.559126877012424,
               33.80452237898474, 42.03971647913195, 36.70871854435608},
              {26.9496170532951, 35.16445528373654, 43.94774005838339});
    }
    SUBCASE("multiplicative, damped") {
        check(Season::multiplicative, damped, 0.6, ratios,
              {29.3962, 21.048134120388344, 30.269258522702902, 36.47108449763928, 30.977002349022733,
               22.14366895522719, 32.12164252664182, 39.22705188344763, 34.43932139163264, 24.132351602721332,
               33.2125636567584, 41.31888549514681, 36.09240299266391},
              {26.518089630707408, 34.38788872410388, 42.722394647498255});
    }
    SUBCASE("additive, no trend") {
        check(Season::additive, smoothing::DampedTrend(0.3, 0, 1, 0.4, 4), 0, sums,
              {29.0, 20.299999999999997, 29.009999999999994, 35.00699999999999, 30.204899999999988,
               21.923429999999993, 30.762400999999993, 37.2348807, 33.385256489999996, 24.162267543,
               32.1939988801, 39.44800733607, 35.074294819249},
              {});
    }
}

TEST_CASE("a line with a season is forecast without error from the third season on") {
    Run run(12);
    for (std::int64_t step = 5; step < 29; ++step) run.learn(step, seasonal(step, 0.5));
    for (std::int64_t step = 29; step < 41; ++step) {
        // The trend that the start hands over is damped from then on: 0.02 * 0.5 a step, and what that adds
        // up to.
        CHECK(run.expect(step).mean == Approx(seasonal(step, 0.5)).epsilon(0.02));
    }
    CHECK(run.state.seasonal == 0);
    run.learn(29, seasonal(29, 0.5));
    CHECK(run.state.seasonal == 1);
    CHECK(run.expect(30).mean == Approx(seasonal(30, 0.5)).epsilon(1e-3));
}

TEST_CASE("the second season is forecast from the first and the growth since") {
    Run run(12);
    for (std::int64_t step = 0; step < 18; ++step) run.learn(step, seasonal(step, 0.5));
    for (std::int64_t step = 18; step < 48; ++step)
        CHECK(run.expect(step).mean == Approx(seasonal(step, 0.5)).epsilon(1e-12));
}

TEST_CASE("a multiplicative season is learned where the additive one cannot follow") {
    const auto value = [](std::int64_t step) {
        return (50 + 2.0 * static_cast<double>(step)) *
               (1 + 0.5 * std::sin(static_cast<double>(step) * std::numbers::pi / 6));
    };
    Run multiplicative(12, Season::multiplicative), additive(12);
    double errors[2] = {0, 0};
    for (std::int64_t step = 0; step < 120; ++step) {
        if (step > 36) errors[0] += std::abs(multiplicative.expect(step).mean - value(step));
        if (step > 36) errors[1] += std::abs(additive.expect(step).mean - value(step));
        multiplicative.learn(step, value(step));
        additive.learn(step, value(step));
    }
    CHECK(errors[0] < errors[1] / 2);
    CHECK(multiplicative.expect(120).deviation > 0);
}

TEST_CASE("lost points neither rotate the season nor leave holes in it") {
    std::mt19937 random(9);
    Run run(12);
    for (std::int64_t step = 0; step < 120; ++step)
        if (random() % 3 > 0) run.learn(step, seasonal(step, 0));
    REQUIRE(run.state.seasonal == 1);
    for (std::int64_t step = 120; step < 132; ++step)
        CHECK(std::abs(run.expect(step).mean - seasonal(step, 0)) < 1);
}

TEST_CASE("phases never seen get the line between their neighbours") {
    const double nan = std::nan("");
    std::vector<double> season{nan, 4, nan, nan, 10, nan};
    holt_winters::fill_unseen(season);
    const double filled[] = {6, 4, 6, 8, 10, 8};
    for (std::size_t i = 0; i < 6; ++i) CHECK(season[i] == Approx(filled[i]));
    std::vector<double> lonely{nan, 3, nan};
    holt_winters::fill_unseen(lonely);
    CHECK(lonely == std::vector<double>{3, 3, 3});
    std::vector<double> empty{nan, nan};
    holt_winters::fill_unseen(empty);
    CHECK(std::isnan(empty[0]));
}

TEST_CASE("where few phases were seen, the start goes on until half of them were") {
    const auto value = [](std::int64_t step) {
        return 20 + static_cast<double>(step % 10 * (step % 3 + 1) / 3);
    };
    Run run(10);
    for (std::int64_t step = 0; step < 40; step += 5) run.learn(step, value(step % 10));
    CHECK(run.state.seasonal == 0);
    for (std::int64_t step = 40; step < 80; ++step) run.learn(step, value(step % 10));
    CHECK(run.state.seasonal == 1);
    for (std::int64_t step = 80; step < 90; ++step)
        CHECK(std::abs(run.expect(step).mean - value(step % 10)) < 0.5);
}

TEST_CASE("a gap of whole seasons leaves every phase in place") {
    Run run(12);
    for (std::int64_t step = 0; step < 60; ++step) run.learn(step, seasonal(step, 0));
    const double before = run.expect(60).deviation;
    for (std::int64_t step = 60 + 1200; step < 72 + 1200; ++step) {
        CHECK(run.expect(step).mean == Approx(seasonal(step, 0)).epsilon(0.02));
        CHECK(run.expect(step).deviation >= before);
    }
}

TEST_CASE("a constant series is forecast exactly, in every form") {
    for (const Season form : {Season::additive, Season::multiplicative}) {
        for (const bool trend : {false, true}) {
            Run run(24, form, trend);
            for (std::int64_t step = 0; step < 200; ++step) {
                if (step > 0) REQUIRE(run.expect(step).mean == Approx(5).epsilon(1e-14));
                run.learn(step, 5);
            }
            CHECK(run.expect(200).deviation < 1e-12);
        }
    }
}

TEST_CASE("one noisy season is not taken for the season") {
    std::mt19937 random(2);
    std::normal_distribution<double> normal;
    Run run(24);
    double start = 0, later = 0;
    for (std::int64_t step = 0; step < 24 * 20; ++step) {
        const double value = 50 + 10 * std::sin(static_cast<double>(step % 24)) + 3 * normal(random);
        if (step >= 24 && step < 96) start += std::abs(value - run.expect(step).mean) / 72;
        if (step >= 96) later += std::abs(value - run.expect(step).mean) / (24 * 16);
        run.learn(step, value);
    }
    CHECK(start < 1.6 * later);
}

TEST_CASE("to a multiplicative season a value that is not above 0 is a missing step") {
    const test::Model model(test::algorithm("holt_winters", "holt-winters"),
                            {{"season_length", 4}, {"seasonal", 1}});
    test::Series series(model);
    const auto verdicts = series.advance({series.point(1, 3), series.point(2, -1), series.point(3, 3)});
    REQUIRE(verdicts.size() == 3);
    CHECK(verdicts[2].expected == Approx(3));
}
