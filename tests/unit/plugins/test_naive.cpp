// The naive forecasts: values at the right phase, deviations that grow as they should.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "naive/naive_model.hpp"
#include "naive/seasonal_naive_model.hpp"

using doctest::Approx;

TEST_CASE("naive repeats the last value; its deviation grows with the root of the horizon") {
    naive::State state;
    const double values[] = {3, 5, 4, 4, 6};
    for (int i = 0; i < 5; ++i) naive::learn(state, i, values[i]);
    const double sigma = std::sqrt((4.0 + 1 + 0 + 4) / 4);
    CHECK(naive::expect(state, 5).mean == 6);
    CHECK(naive::expect(state, 5).deviation == Approx(sigma));
    CHECK(naive::expect(state, 13).deviation == Approx(3 * sigma));
}

TEST_CASE("an error after a gap counts as one step's share of it") {
    naive::State state;
    naive::learn(state, 0, 0);
    naive::learn(state, 9, 6);
    CHECK(naive::expect(state, 10).deviation == Approx(2));
}

TEST_CASE("seasonal naive repeats the season; its deviation grows with the root of the seasons") {
    seasonal_naive::State state;
    std::vector<double> season(4);
    seasonal_naive::start(season);
    for (int i = 0; i < 8; ++i) seasonal_naive::learn(state, season, i, i, 10.0 * (i % 4) + (i < 4 ? 0 : 2));
    for (int h = 1; h <= 12; ++h) {
        const auto [mean, deviation] = seasonal_naive::expect(state, season, 7 + h, 7 + h);
        CHECK(mean == 10.0 * ((h - 1) % 4) + 2);
        CHECK(deviation == Approx(2 * std::sqrt((h - 1) / 4 + 1)));  // floor((h-1)/m) + 1
    }
}

TEST_CASE("a lost point does not rotate the season, a phase never seen gets the last value") {
    seasonal_naive::State state;
    std::vector<double> season(4);
    seasonal_naive::start(season);
    for (const int step : {0, 1, 3}) seasonal_naive::learn(state, season, step, step, 10.0 * step);
    CHECK(seasonal_naive::expect(state, season, 5, 5).mean == 10);
    CHECK(seasonal_naive::expect(state, season, 6, 6).mean == 30);
    CHECK(seasonal_naive::expect(state, season, 7, 7).mean == 30);
}

TEST_CASE("the phase follows the local step: a clock that moves moves the season") {
    seasonal_naive::State state;
    std::vector<double> season(4);
    seasonal_naive::start(season);
    for (int i = 0; i < 4; ++i) seasonal_naive::learn(state, season, i, i, i);
    CHECK(seasonal_naive::expect(state, season, 4, 5).mean == 1);
}

TEST_CASE("of two seasons the longer one is repeated, and the shorter one until that is over") {
    seasonal_naive::State state;
    std::vector<double> season(6);
    seasonal_naive::start(season);
    const auto learn = [&](int step, double value) {
        seasonal_naive::learn(state, season, step, step, value, 2);
    };
    const auto expect = [&](int step) { return seasonal_naive::expect(state, season, step, step, 2).mean; };
    learn(0, 10);
    CHECK(expect(1) == 10);  // naive: its phase was not seen
    learn(1, 20);
    for (const int step : {2, 4}) CHECK(expect(step) == 10);
    for (const int step : {3, 5}) CHECK(expect(step) == 20);
    learn(2, 11);
    CHECK(expect(4) == 11);  // the nearest
    CHECK(expect(6) == 10);
    for (int step = 3; step < 6; ++step) learn(step, 30 + step);
    for (int step = 6; step < 12; ++step) CHECK(expect(step) == season[static_cast<std::size_t>(step - 6)]);
}
