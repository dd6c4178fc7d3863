// The Theta method: against R's thetaf, and the hard cases.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "numerics/finite.hpp"

#include "references.hpp"
#include "stream.hpp"
#include "theta/decomposition.hpp"
#include "theta/season_test.hpp"

using doctest::Approx;

namespace {

const double lost = numerics::unknown;

// Fits are made at once, and nothing falls back.
test::Model model(std::vector<test::Setting> settings = {}) {
    settings.push_back({"fit_budget", 0});
    settings.push_back({"fallback", 0});
    return {test::algorithm("theta", "theta"), settings};
}

std::vector<fcd_prediction> forecast(const std::vector<test::Setting>& settings, std::size_t count,
                                     const std::function<double(std::size_t)>& value,
                                     std::uint32_t steps = 1) {
    return test::forecast_after(model(settings), count, value, steps);
}

double wave(std::size_t i, std::size_t length) {
    return std::sin(2 * 3.14159265358979 * static_cast<double>(i % length) / static_cast<double>(length));
}

}  // namespace

// R 4.2.2, forecast 8.20; see tests/reference/README.md. R lets a season multiply where values are not above
// 0, which ends in nonsense; it adds here, so that series is left out.
TEST_CASE("in every reference series the forecast is that of R's thetaf") {
    const auto all = references::all_series();
    int series = 0;
    for (const auto& record : references::read("theta")) {
        const std::string id = record.at("id");
        CAPTURE(id);
        const auto& values = all.at(id).values;
        if (id == "week-negative-84") continue;
        const auto wanted = references::numbers(record.at("forecast"));
        const auto ahead = forecast(
            {{"season_length", static_cast<double>(all.at(id).season_length)}, {"refit_every", 1}},
            values.size(), [&](std::size_t i) { return values[i]; },
            static_cast<std::uint32_t>(wanted.size()));
        // R stops its search for alpha early: on one series the forecast is 1.4 % of a deviation off.
        const double tolerance =
            0.02 * std::sqrt(record.at("sigma2").get<double>()) + 1e-9 * std::abs(wanted[0]);
        for (std::size_t i = 0; i < wanted.size(); ++i)
            CHECK(std::abs(ahead[i].mean - wanted[i]) <= tolerance);
        ++series;
    }
    CHECK(series >= 39);
}

TEST_CASE("a line with a season is taken apart") {
    for (const std::size_t length : {4u, 7u}) {
        CAPTURE(length);
        std::vector<double> values, season(length), trend(3 * length);
        for (std::size_t t = 0; t < 3 * length; ++t)
            values.push_back(5 + 0.5 * static_cast<double>(t) + wave(t, length));
        CHECK(theta::decompose({values, values, trend, 0}, season, theta::Season::additive));
        for (std::size_t phase = 0; phase < length; ++phase)
            CHECK(season[phase] == Approx(wave(phase, length)).epsilon(1e-12).scale(1));
        for (std::size_t t = length / 2; t + length / 2 < values.size(); ++t)
            CHECK(trend[t] == Approx(5 + 0.5 * static_cast<double>(t)));

        for (std::size_t t = 0; t < 3 * length; ++t) values[t] = 5 * (1 + 0.5 * wave(t, length));
        CHECK(theta::decompose({values, values, trend, 2}, season, theta::Season::multiplicative));
        for (std::size_t t = 0; t < length; ++t)  // values[0] has the phase 2
            CHECK(season[(t + 2) % length] == Approx(1 + 0.5 * wave(t, length)));
    }
}

TEST_CASE("a season near 0 in one phase cannot multiply") {
    std::vector<double> values, season(4), trend(20);
    for (std::size_t t = 0; t < 20; ++t) values.push_back(t % 4 == 0 ? 1e-6 : 1);
    CHECK_FALSE(theta::decompose({values, values, trend, 0}, season, theta::Season::multiplicative));
    CHECK(theta::decompose({values, values, trend, 0}, season, theta::Season::additive));
}

TEST_CASE("lost values have no part in a season, unless all of their phase are lost") {
    std::vector<double> values, filled, season(4), trend(20);
    for (std::size_t t = 0; t < 20; ++t) values.push_back(10 + (t % 4 == 1 ? 2 : t % 4 == 3 ? -2 : 0));
    for (const std::size_t t : {5u, 6u, 11u, 13u}) values[t] = lost;
    for (const std::size_t t : {2u, 6u, 10u, 14u, 18u}) values[t] = lost;
    filled = values;
    theta::fill_lost(filled);
    CHECK(filled[5] == Approx(10 - 2 / 3.0));  // between 10 at 4 and -2 + 10 at 7
    CHECK(theta::decompose({values, filled, trend, 0}, season, theta::Season::additive));
    CHECK(season[1] - season[3] > 3);
    CHECK(season[2] == Approx(0).scale(1).epsilon(0.8));  // the line between its neighbours
}

TEST_CASE("a season is seen in what has one, in one of ten series that have none, and never in two seasons") {
    const auto seasonal = [](std::size_t t) {
        return 3 * test::uniform_noise(t % 12, 77) + test::uniform_noise(t);
    };
    std::vector<double> values;
    for (std::size_t t = 0; t < 24; ++t) values.push_back(seasonal(t));
    CHECK_FALSE(theta::shows_season(values, 12));
    for (std::size_t t = 24; t < 60; ++t) values.push_back(seasonal(t));
    CHECK(theta::shows_season(values, 12));
    CHECK_FALSE(theta::shows_season(std::vector<double>(60, 0.5), 12));

    int seen = 0;
    for (unsigned seed = 0; seed < 1000; ++seed) {
        std::vector<double> none;
        for (std::size_t t = 0; t < 100; ++t) none.push_back(test::uniform_noise(t, 17 * seed));
        if (theta::shows_season(none, 12)) ++seen;
    }
    CHECK(seen > 50);
    CHECK(seen < 130);

    values.clear();  // more lags than are looked at
    for (std::size_t t = 0; t < 4000; ++t)
        values.push_back(3 * test::uniform_noise(t % 1000, 77) + test::uniform_noise(t));
    CHECK(theta::shows_season(values, 1000));
    CHECK_FALSE(theta::shows_season(values, 1100));
}

TEST_CASE("on a line without noise the forecast climbs by half its slope") {
    // alpha is 1: the last value, and half the slope from it
    const auto ahead = forecast(
        {{"refit_every", 1}}, 200, [](std::size_t i) { return 100 + 2.0 * static_cast<double>(i); }, 10);
    CHECK(ahead[0].mean == Approx(498 + 1).epsilon(1e-3));
    CHECK(ahead[9].mean - ahead[8].mean == Approx(1).epsilon(1e-3));
    // errors of 2, the slope; three numbers were fitted; the drift may be anything from 0 to 2
    const double variance = 4 * 200 / 197.0;
    CHECK(ahead[9].deviation == Approx(std::sqrt(variance * 10 + 100 / 3.0)).epsilon(0.01));
}

TEST_CASE("a constant or nearly constant series is forecast as what it is") {
    for (const double constant : {0.0, 5.0, -7.0, -1e-300, 1e300}) {
        const auto ahead = forecast(
            {{"season_length", 7}}, 300, [&](std::size_t) { return constant; }, 9);
        CHECK(ahead[8].mean == Approx(constant));
        CHECK(ahead[8].deviation <= 1e-12 * std::abs(constant));
    }
    const auto nearly = forecast(
        {{"season_length", 7}}, 300, [](std::size_t i) { return i % 50 == 3 ? 5.1 : 5.0; }, 9);
    CHECK(std::abs(nearly[8].mean - 5) < 0.02);
}

TEST_CASE("size does not matter: huge, tiny and negative series are scaled ones") {
    const auto at = [](double size) {
        return forecast(
            {{"season_length", 12}}, 200,
            [&](std::size_t i) { return size * (10 + 3 * wave(i, 12) + 0.3 * test::uniform_noise(i)); }, 24);
    };
    const auto usual = at(1), huge = at(1e140), tiny = at(1e-290);
    for (std::size_t h = 0; h < 24; ++h) {
        CHECK(usual[h].mean == Approx(10 + 3 * wave(200 + h, 12)).epsilon(0.05));
        CHECK(huge[h].mean == Approx(1e140 * usual[h].mean).epsilon(1e-6));
        CHECK(tiny[h].mean == Approx(1e-290 * usual[h].mean).epsilon(1e-6));
        CHECK(huge[h].deviation == Approx(1e140 * usual[h].deviation).epsilon(1e-6));
    }
}

TEST_CASE("a season multiplies where all values are above 0, else it adds") {
    const auto deviations = [](double height) {
        const auto ahead = forecast(
            {{"season_length", 12}}, 240,
            [&](std::size_t i) { return height + 3 * wave(i, 12) + 0.3 * test::uniform_noise(i); }, 12);
        for (std::size_t h = 0; h < 12; ++h)
            CHECK(ahead[h].mean == Approx(height + 3 * wave(240 + h, 12)).epsilon(0.05).scale(3));
        return ahead[3].deviation / ahead[9].deviation;  // at the top and at the bottom of the wave
    };
    CHECK(deviations(10) > 1.5);
    CHECK(deviations(-10) == Approx(1).epsilon(0.05));
    CHECK(deviations(1) == Approx(1).epsilon(0.05));  // of both signs
}

TEST_CASE("fewer than two seasons: none; the season is there at the point after them") {
    const auto seasonal = [](std::size_t i) {
        return 10 + 3 * test::uniform_noise(i % 24, 77) + 0.1 * test::uniform_noise(i);
    };
    const auto spread = [](const std::vector<fcd_prediction>& ahead) {
        double low = HUGE_VAL, high = -HUGE_VAL;
        for (const auto& step : ahead) low = std::min(low, step.mean), high = std::max(high, step.mean);
        return high - low;
    };
    CHECK(spread(forecast({{"season_length", 24}}, 48, seasonal, 12)) < 2);
    const auto after = forecast({{"season_length", 24}}, 49, seasonal, 24);
    for (std::size_t h = 0; h < 24; ++h) CHECK(after[h].mean == Approx(seasonal(49 + h)).epsilon(0.1));
}

TEST_CASE("a window in which no season could show is refused") {
    const auto refusal = [](double season, double window) {
        return std::string(model({{"season_length", season}, {"window", window}}).error());
    };
    CHECK(refusal(24, 48) ==
          "window is 48 steps and season_length 24; a season shows in more than two of them only, so make "
          "window "
          "longer than 48, leave it out, or set season_length to 0");
    CHECK(refusal(24, 49).empty());
    CHECK(refusal(1000, 0).empty());
    CHECK(refusal(0, 3) == "window is 3, expected 4 steps or more; leave it out for 400 steps");
    CHECK(refusal(1, 4).empty());
}

TEST_CASE("a lost point, a gap, half the points lost: the season keeps its phase") {
    const auto seasonal = [](std::size_t i) { return 10 + 3 * wave(i, 12); };
    const auto check = [&](const std::function<bool(std::size_t)>& is_lost, double tolerance) {
        const auto ahead = forecast(
            {{"season_length", 12}}, 300,
            [&](std::size_t i) { return is_lost(i) ? lost : seasonal(i) + 0.1 * test::uniform_noise(i); },
            24);
        for (std::size_t h = 0; h < 24; ++h) CHECK(std::abs(ahead[h].mean - seasonal(300 + h)) < tolerance);
    };
    check([](std::size_t i) { return i == 150; }, 0.3);
    check([](std::size_t i) { return i >= 200 && i < 217; }, 0.6);
    check([](std::size_t i) { return test::uniform_noise(i, 9) > 0; }, 1.2);
    check([](std::size_t i) { return i > 290; }, 0.3);  // nothing came lately

    const auto near = forecast(
        {}, 300, [](std::size_t i) { return test::uniform_noise(i); }, 1);
    const auto behind = forecast(
        {}, 300, [](std::size_t i) { return i > 100 ? lost : test::uniform_noise(i); }, 1);
    CHECK(behind[0].deviation >= near[0].deviation * 0.8);
}

TEST_CASE("one spike moves the forecast by little, and widens the interval at most twofold") {
    const auto ahead = forecast(
        {}, 300, [](std::size_t i) { return i == 290 ? 100 : test::uniform_noise(i); }, 40);
    const auto calm = forecast(
        {}, 300, [](std::size_t i) { return test::uniform_noise(i); }, 40);
    CHECK(std::abs(ahead[0].mean - calm[0].mean) < 4);
    CHECK(std::abs(ahead[39].mean - calm[39].mean) < 5);
    CHECK(ahead[0].deviation < 2.5 * calm[0].deviation);
}

TEST_CASE("a shift of the level is followed; the drift it leaves is less than the shift over a window") {
    const auto ahead = forecast(
        {}, 320, [](std::size_t i) { return (i < 300 ? 0 : 50) + test::uniform_noise(i); }, 40);
    CHECK(ahead[0].mean == Approx(50).epsilon(0.1));
    CHECK(ahead[39].mean < 55);
}

TEST_CASE("the diagnostics describe the series") {
    const test::Model theta = model({{"season_length", 12}});
    test::Series series(theta);
    for (int i = 0; i < 240; ++i) {
        const auto place = static_cast<std::size_t>(i);
        series.advance(
            {series.point(i, 10 + 0.1 * i + 3 * wave(place, 12) + 0.3 * test::uniform_noise(place))});
    }
    const auto* const table =
        static_cast<const fcd_diagnostics*>(theta.algorithm().extension(FCD_DIAGNOSTICS));
    REQUIRE(table);
    REQUIRE(table->count == 7);
    fcd_value known[7];  // alpha, drift, season, fits, evaluations, fallback, fallbacks
    REQUIRE(table->diagnose(theta.get(), series.data(), known, nullptr) == FCD_OK);
    CHECK(known[0].real >= 1e-4);
    CHECK(known[0].real <= 1);
    CHECK(known[1].real == Approx(0.05).epsilon(0.1));
    CHECK(known[2].integer == 1);  // "mul"
    CHECK(known[3].integer > 240 / 30);
    CHECK(known[4].integer <= 96 * known[3].integer);
    CHECK(known[4].integer >= 56 * known[3].integer);
}

TEST_CASE("values from end to end of a double leave the numbers finite") {
    for (const double season : {0.0, 7.0}) {
        const auto ahead = forecast(
            {{"season_length", season}}, 200, [](std::size_t i) { return i % 7 < 3 ? 1.7e308 : -1.7e308; },
            20);
        for (const auto& step : ahead) {
            CHECK(std::isfinite(step.mean));
            CHECK(std::isfinite(step.deviation));
        }
    }
}
