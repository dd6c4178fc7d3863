// Fits that are made in pieces: they come to what a fit at once comes to, no point bears much of them, and
// what is learned depends on a series' own points alone. And falling back to repeating values.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <string>
#include <vector>

#include "stream.hpp"

using doctest::Approx;
using test::Noise;
using test::Setting;
using test::Stream;
using test::Way;

namespace {

const std::vector<Way> ways{
    {"ses", "ses", "ses", {}},
    {"theta", "theta", "theta", {{"season_length", 12}}},
    {"holt", "holt", "holt", {{"fit", 0}}},
    {"holt, forms chosen", "holt", "holt", {{"fit", 0}, {"trend", 3}, {"damped_trend", 2}}},
    {"holt-winters", "holt_winters", "holt-winters", {{"season_length", 12}}},
    {"holt-winters, forms chosen",
     "holt_winters",
     "holt-winters",
     {{"season_length", 12}, {"seasonal", 2}, {"trend", 3}, {"damped_trend", 2}}},
    {"arima", "arima", "arima", {{"order", {1, 1, 1}}}},
    {"arima, order chosen",
     "arima",
     "arima",
     {{"order", std::vector<std::int64_t>{}}, {"season_length", 12}}},
    {"lag", "lag", "lag", {{"season_length", 12}}}};

double value(const Noise& noise, std::int64_t step) {
    return 20 + std::sin(static_cast<double>(step % 12) * std::numbers::pi / 6) + noise(step);
}

void learn(test::Series& series, std::int64_t step, double value) {
    REQUIRE_MESSAGE(series.advance({series.point(step, value)}).size() == 1, series.error());
}

}  // namespace

TEST_CASE("a series depends on its own points alone, also while its fits are under way") {
    const Noise noise(500, 3), other_noise(500, 4);
    for (const Way& way : ways) {
        CAPTURE(std::string(way.name));
        const test::Model shared(test::algorithm(way.file, way.id), way.settings);
        const test::Model alone(test::algorithm(way.file, way.id), way.settings);
        test::Series first(shared), second(shared), same(alone);
        for (std::int64_t step = 0; step < 400; ++step) {
            learn(first, step, value(noise, step));
            learn(second, step, 3 * value(other_noise, step));
            learn(same, step, value(noise, step));
        }
        CHECK(first.bytes() == same.bytes());
    }
}

TEST_CASE("a series that is saved and loaded at any point goes on as it would have") {
    const Noise noise(500, 5);
    for (const Way& way : ways) {
        CAPTURE(std::string(way.name));
        const test::Model model(test::algorithm(way.file, way.id), way.settings);
        test::Series whole(model), parts(model);
        for (std::int64_t step = 0; step < 400; ++step) {
            learn(whole, step, value(noise, step));
            const test::Model again(test::algorithm(way.file, way.id), way.settings);
            test::Series next(again);
            std::memcpy(next.data(), parts.data(), model.series_size());
            learn(next, step, value(noise, step));
            std::memcpy(parts.data(), next.data(), model.series_size());
        }
        CHECK(whole.bytes() == parts.bytes());
    }
}

TEST_CASE("a point bears few evaluations of a fit") {
    const Noise noise(700, 6);
    for (const Way& way : ways) {
        if (std::string(way.id) == "lag") continue;  // it counts none
        CAPTURE(std::string(way.name));
        Stream stream(way.with({{"fit_budget", 50}}));
        std::int64_t before = 0, most = 0;
        for (std::int64_t step = 0; step < 600; ++step) {
            REQUIRE(stream.learn(step, value(noise, step)));
            const std::int64_t now = stream.integer("evaluations");
            most = std::max(most, now - before);
            before = now;
        }
        CHECK(most > 0);
        CHECK(most <= 100);
    }
}

TEST_CASE("a fit in pieces comes to what a fit at once comes to") {
    const Noise noise(1000, 7);
    for (const Way& way : ways) {
        CAPTURE(std::string(way.name));
        Stream pieces(way.with({{"fit_budget", 50}, {"fallback", 0}}));
        Stream at_once(way.with({{"fit_budget", 0}, {"fallback", 0}}));
        double squares = 0, squares_at_once = 0;
        for (std::int64_t step = 0; step < 900; ++step) {
            const double y = value(noise, step);
            if (step >= 500) {
                squares += std::pow(pieces.at(step).mean - y, 2);
                squares_at_once += std::pow(at_once.at(step).mean - y, 2);
            }
            REQUIRE(pieces.learn(step, y));
            REQUIRE(at_once.learn(step, y));
        }
        CHECK(pieces.integer("fits") > 5);
        CHECK(squares <= 1.06 * squares_at_once);
    }
}

TEST_CASE("the weights of a fit in pieces are those of a fit at once") {
    const Noise noise(1000, 8);
    double level = 0;
    std::vector<double> values;
    for (std::int64_t i = 0; i < 600; ++i) {
        level += 0.4 * noise(i);
        values.push_back(level + noise(i + 300));
    }
    const auto take = [&](std::int64_t step) { return values[static_cast<std::size_t>(step)]; };
    const Way holt{"holt",
                   "holt",
                   "holt",
                   {{"fit", 0}, {"loss", 1}, {"refit_every", 1}, {"window", 400}, {"fallback", 0}}};
    Stream pieces(holt.with({{"fit_budget", 50}})), at_once(holt);
    pieces.learn(0, 600, take);
    at_once.learn(0, 600, take);
    CHECK(pieces.real("sse") == Approx(at_once.real("sse")).epsilon(0.02));
    CHECK(pieces.real("alpha") == Approx(at_once.real("alpha")).epsilon(0.1));
}

TEST_CASE("a model that is worse than the last value gives way to it, until a fit is better again") {
    const Noise noise(3000, 9);
    // A mean, fitted twice: the level walks away from it, and stands still again before the second fit.
    const Way mean{"arima",
                   "arima",
                   "arima",
                   {{"order", {0, 0, 0}}, {"refit_every", 520}, {"min_samples", 120}, {"window", 120}}};
    Stream stream(mean.with({{"fallback", 1}})), own(mean.with({{"fallback", 0}}));
    double level = 0;
    std::vector<double> values;
    for (std::int64_t i = 0; i < 900; ++i) {
        if (i > 300 && i < 500) level += 3;
        values.push_back(level + noise(i));
    }
    const auto take = [&](std::int64_t step) { return values[static_cast<std::size_t>(step)]; };
    stream.learn(0, 300, take);
    own.learn(0, 300, take);
    CHECK(stream.word("fallback") == "own");
    CHECK(stream.at(300).mean == own.at(300).mean);
    stream.learn(300, 480, take);
    CHECK(stream.word("fallback") == "last");
    CHECK(stream.at(480).mean == values[479]);
    CHECK(stream.integer("fallbacks") == 1);
    stream.learn(480, 700, take);
    CHECK(stream.word("fallback") == "own");
}

TEST_CASE("a season that no model knows is repeated") {
    Stream stream({"arima",
                   "arima",
                   "arima",
                   {{"order", {0, 1, 0}}, {"seasonal_order", {0, 0, 0, 12}}, {"fallback", 1}}});
    const Noise noise(600, 10);
    stream.learn(0, 400, [&](std::int64_t step) {
        return 10 * std::sin(static_cast<double>(step % 12) * std::numbers::pi / 6) + 0.1 * noise(step);
    });
    CHECK(stream.word("fallback") == "seasonal");
    CHECK(stream.at(400).mean == Approx(10 * std::sin(4 * std::numbers::pi / 6)).epsilon(0.05));
}
