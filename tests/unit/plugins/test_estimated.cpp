// The plugins holt and holt-winters where it is hard: each case with what must come out, in each way to
// estimate.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "stream.hpp"

using doctest::Approx;
using test::Noise;
using test::Stream;
using test::Way;

namespace {

constexpr double lost = std::numeric_limits<double>::quiet_NaN();

const std::vector<Way> lines{{"holt, window", "holt", "holt", {{"fit", 0}}},
                             {"holt, online", "holt", "holt", {{"fit", 1}}},
                             {"holt, auto", "holt", "holt", {{"fit", 0}, {"trend", 3}, {"damped_trend", 2}}}};
const std::vector<Way> seasons{
    {"holt-winters, window", "holt_winters", "holt-winters", {{"season_length", 12}, {"fit", 0}}},
    {"holt-winters, online", "holt_winters", "holt-winters", {{"season_length", 12}, {"fit", 1}}},
    {"holt-winters, auto",
     "holt_winters",
     "holt-winters",
     {{"season_length", 12}, {"fit", 0}, {"seasonal", 2}, {"trend", 3}, {"damped_trend", 2}}}};
const Way& window = lines[0];
const Way& seasonal_window = seasons[0];

template <class Body>
void for_each(const std::vector<Way>& ways, Body body) {
    for (const Way& way : ways) {
        CAPTURE(std::string(way.name));
        body(way);
    }
}
template <class Body>
void for_all(Body body) {
    for_each(lines, body);
    for_each(seasons, body);
}

// A season of 12 between -1 and 1.
double wave(std::int64_t step) { return std::sin(static_cast<double>(step % 12) * std::numbers::pi / 6); }

// The greatest distance of the forecasts of `steps` from a step on.
double worst(const Stream& stream, std::int64_t step, std::uint32_t steps, const Stream::Value& truth) {
    double distance = 0;
    for (const fcd_prediction& one : stream.forecast(step, steps))
        distance = std::max(distance, std::abs(one.mean - truth(step++)));
    return distance;
}

}  // namespace

TEST_CASE("a constant is forecast as it is, without a doubt") {
    for_all([](const Way& way) {
        Stream stream(way);
        stream.learn(0, 200, [](std::int64_t) { return 42.5; });
        for (const auto& [mean, deviation] : stream.forecast(200, 50)) {
            CHECK(mean == Approx(42.5).epsilon(1e-12));
            CHECK(deviation <= 1e-12);
        }
    });
}

TEST_CASE("what moves by rounding alone stays where it is") {
    for_all([](const Way& way) {
        Stream stream(way);
        stream.learn(0, 200, [](std::int64_t i) { return i % 3 == 0 ? 7 + 1e-12 : 7; });
        // A trend of the 1e-12 over some points may go on for the 50: 1e-10 in all.
        for (const auto& [mean, deviation] : stream.forecast(200, 50)) {
            CHECK(std::abs(mean - 7) <= 1e-10);
            CHECK(deviation <= 1e-10);
        }
    });
}

// The values lie between 1 and 3 units, and a forecast of 12 must not leave them by more than their range.
TEST_CASE("huge, tiny and negative values are forecast within their range") {
    const Noise noise(300, 1);
    for (const double unit : {1e300, 1e-300, -1.0, -1e300}) {
        CAPTURE(unit);
        for_all([&](const Way& way) {
            Stream stream(way);
            stream.learn(0, 200,
                         [&](std::int64_t i) { return unit * (2 + 0.9 * wave(i) + 0.02 * noise(i)); });
            for (const auto& [mean, deviation] : stream.forecast(200, 12)) {
                CHECK(mean / unit >= -1);
                CHECK(mean / unit <= 5);
                CHECK(deviation >= 0);
                CHECK(deviation / std::abs(unit) <= 4);
            }
        });
    }
}

// All of a fit is scaled, so a unit that is a power of two changes nothing but rounding.
TEST_CASE("forecasts do not depend on the unit") {
    const Noise noise(300, 2);
    for (const Way* way : {&window, &seasonal_window}) {
        CAPTURE(std::string(way->name));
        const auto forecast = [&](double unit) {
            Stream stream(*way);
            stream.learn(0, 200, [&](std::int64_t i) { return unit * (20 + 4 * wave(i) + noise(i)); });
            return stream.forecast(200, 20);
        };
        const auto plain = forecast(1);
        for (const double unit : {0x1p-900, 0x1p+900, -1.0}) {
            CAPTURE(unit);
            const auto scaled = forecast(unit);
            for (std::size_t h = 0; h < plain.size(); ++h)
                CHECK(scaled[h].mean / unit == Approx(plain[h].mean).epsilon(1e-6));
        }
    }
}

// Noise of the deviation 1. Twenty steps behind a spike of 20 or 1,000, a forecast is off by a tenth of it
// and a deviation at most, and the deviation is at most three times what it was, or a tenth of the spike.
// (Level and trend learn a spike as the formula, and a fit weighs its square; only the variance limits its
// effect.)
TEST_CASE("a spike is forgotten but for a tenth") {
    const Noise noise(300, 3);
    for (const double height : {20.0, 1000.0}) {
        CAPTURE(height);
        for_all([&](const Way& way) {
            const bool seasonal = way.id != std::string("holt");
            const auto truth = [&](std::int64_t i) { return 100 + (seasonal ? 10 * wave(i) : 0); };
            Stream stream(way);
            stream.learn(0, 150, [&](std::int64_t i) { return truth(i) + noise(i); });
            const double before = stream.at(150).deviation;
            CHECK(before == Approx(1).epsilon(0.35));
            REQUIRE(stream.learn(150, truth(150) + height));
            stream.learn(151, 170, [&](std::int64_t i) { return truth(i) + noise(i); });
            const fcd_prediction after = stream.at(170);
            CHECK(std::abs(after.mean - truth(170)) <= 1 + height / 10);
            CHECK(after.deviation <= std::max(3 * before, height / 10));
        });
    }
}

// Twenty points behind a step of 100 deviations, nine tenths of it are followed.
TEST_CASE("a shift of the level is followed") {
    const Noise noise(400, 4);
    for_all([&](const Way& way) {
        const bool seasonal = way.id != std::string("holt");
        const auto truth = [&](std::int64_t i) {
            return (i < 200 ? 100 : 200) + (seasonal ? 10 * wave(i) : 0);
        };
        Stream stream(way);
        stream.learn(0, 220, [&](std::int64_t i) { return truth(i) + noise(i); });
        CHECK(std::abs(stream.at(220).mean - truth(220)) <= 10);
    });
}

// 37 steps are three seasons and a step.
TEST_CASE("a gap widens the deviation and does not turn the season") {
    const Noise noise(400, 5);
    const auto truth = [](std::int64_t i) { return 100 + 10 * wave(i); };
    for_each(seasons, [&](const Way& way) {
        Stream stream(way);
        stream.learn(0, 200, [&](std::int64_t i) { return truth(i) + 0.5 * noise(i); });
        CHECK(stream.at(236).deviation > stream.at(200).deviation);  // of the same phase
        CHECK(worst(stream, 237, 12, truth) <= 3);
        for (std::int64_t i = 237; i < 260; ++i) {
            REQUIRE(stream.learn(i, truth(i) + 0.5 * noise(i)));
            CHECK(worst(stream, i + 1, 12, truth) <= 3);
        }
    });
    for_each(lines, [&](const Way& way) {
        Stream stream(way);
        double level = 0;
        stream.learn(0, 200, [&](std::int64_t i) { return level += noise(i); });
        CHECK(stream.at(237).deviation > 2 * stream.at(200).deviation);  // that of a random walk: sqrt(38)
    });
}

// A gap longer than the window leaves no value to fit on. What was learned before holds until there are
// enough again.
TEST_CASE("a gap longer than the window does not lose the season") {
    const Noise noise(700, 6);
    const auto truth = [](std::int64_t i) { return 100 + 10 * wave(i); };
    for_each(seasons, [&](const Way& way) {
        Stream stream(way);
        stream.learn(0, 215, [&](std::int64_t i) { return truth(i) + 0.5 * noise(i); });
        for (std::int64_t i = 440; i < 560; ++i) {
            REQUIRE(stream.learn(i, truth(i) + 0.5 * noise(i)));
            CAPTURE(i);
            CHECK(worst(stream, i + 1, 12, truth) <= 3);
        }
    });
}

TEST_CASE("a third of the points lost costs little") {
    const Noise noise(400, 7);
    const auto truth = [](std::int64_t i) { return 100 + 10 * wave(i); };
    for_each(seasons, [&](const Way& way) {
        Stream stream(way);
        std::mt19937 random(7);
        stream.learn(0, 300, [&](std::int64_t i) {
            return random() % 3 == 0 && i > 0 ? lost : truth(i) + 0.5 * noise(i);
        });
        CHECK(worst(stream, 300, 12, truth) <= 2);
    });
    for_each(lines, [&](const Way& way) {
        Stream stream(way);
        std::mt19937 random(7);
        stream.learn(
            0, 300, [&](std::int64_t i) { return random() % 3 == 0 && i > 0 ? lost : 100 + 0.5 * noise(i); });
        CHECK(std::abs(stream.at(300).mean - 100) <= 1);
    });
}

TEST_CASE("until two seasons are there, the first one is repeated, and no season is reported") {
    const auto truth = [](std::int64_t i) { return 100 + 10 * wave(i); };
    for_each(seasons, [&](const Way& way) {
        Stream stream(way);
        stream.learn(0, 12, truth);
        CHECK(stream.word("season") == "");
        CHECK(worst(stream, 12, 12, truth) <= 1e-9);
        stream.learn(12, 24, truth);
        CHECK(stream.word("season") == "");
        CHECK(stream.integer("fits") == 0);
    });
    Stream stream(seasonal_window);
    stream.learn(0, 25, truth);
    CHECK(stream.integer("fits") == 1);
    CHECK(stream.word("season") == "A");
    CHECK(worst(stream, 25, 24, truth) <= 1e-6);
}

TEST_CASE("a window of less than two seasons is refused, with both numbers") {
    const test::Model model(test::algorithm("holt_winters", "holt-winters"),
                            {{"season_length", 24}, {"window", 40}});
    CHECK(model.get() == nullptr);
    CHECK(std::string(model.error()) ==
          "found a window of 40 steps, expected at least two seasons and a step, 49; make it longer, or use "
          "the plugin \"holt\", which knows no season");
    const test::Model enough(test::algorithm("holt_winters", "holt-winters"),
                             {{"season_length", 24}, {"window", 49}});
    CHECK(enough.get() != nullptr);
}

// That a warning says so is tested in the whole program (test_learning.py).
TEST_CASE("to a multiplicative form a value that is not above 0 is a missing step") {
    struct Case {
        Way way;
        const char* parameter;
    };
    std::vector<Case> cases;
    for (const std::size_t fit : {0u, 1u}) {
        cases.push_back({lines[fit].with({{"trend", 2}}), "trend"});
        cases.push_back({seasons[fit].with({{"trend", 2}}), "trend"});
        cases.push_back({seasons[fit].with({{"seasonal", 1}}), "seasonal"});
    }
    for (const Case& one : cases) {
        CAPTURE(std::string(one.way.name));
        CAPTURE(std::string(one.parameter));
        for (const std::int64_t before : {0, 5, 20, 150}) {
            for (const double value : {0.0, -3.0}) {
                Stream stream(one.way);
                stream.learn(0, before, [](std::int64_t i) { return 20 + 5 * wave(i); });
                CHECK(stream.learn(before, value));
                CHECK(stream.learn(before + 1, 21));
            }
        }
    }
}

TEST_CASE("a form that was chosen gives way to a value that it cannot take") {
    const Noise noise(400, 8);
    const auto growing = [&](std::int64_t i) {
        return (20 + 0.5 * static_cast<double>(i)) * (1 + 0.5 * wave(i)) * (1 + 0.02 * noise(i));
    };
    for (const double odd : {0.0, -5.0}) {
        CAPTURE(odd);
        Stream stream(seasons[2]);
        stream.learn(0, 150, growing);
        CHECK(stream.word("season") == "M");
        CHECK(stream.word("error") == "M");
        REQUIRE(stream.learn(150, odd));
        CHECK(stream.word("error") == "A");
        CHECK(stream.word("season") != "M");
        const auto near = [&](std::int64_t from) {
            for (const auto& [mean, deviation] : stream.forecast(from, 12)) {
                CHECK(mean >= -60);  // the values lie between 0 and 150
                CHECK(mean <= 210);
                CHECK(std::isfinite(deviation));
            }
        };
        near(151);
        stream.learn(151, 200, growing);
        near(200);
        stream.learn(200, 320, growing);  // the window is clean again
        CHECK(stream.word("error") == "M");
    }
    // Nothing to fit on: the gap is longer than the window, and the first value behind it is 0.
    Stream stream(seasons[2]);
    stream.learn(0, 150, growing);
    REQUIRE(stream.learn(900, 0));
    stream.learn(901, 906, [](std::int64_t) { return 0.0; });
    for (const fcd_prediction& one : stream.forecast(906, 100)) CHECK(std::abs(one.mean) <= 1e-9);
}

// h steps ahead a damped line is l + b (phi + ... + phi^h), so never further from l than b phi / (1 - phi);
// what it moves in one step, b phi, is at most the greatest step of the data times 1 (beta and alpha are at
// most 1).
TEST_CASE("a trend is damped by default, and does not run away") {
    for (const Way* way :
         {&lines[0], &lines[1], &seasons[0], &seasons[1]}) {  // auto may find that a line is one
        CAPTURE(std::string(way->name));
        Stream stream(*way);
        stream.learn(0, 200, [](std::int64_t i) { return 2.0 * static_cast<double>(i); });
        const auto far = stream.forecast(200, 1000);
        CHECK(far[0].mean == Approx(400).epsilon(0.02));
        const double step = far[1].mean - far[0].mean;
        CHECK(step <= 2.1);
        const double greatest_phi = 0.995;
        CHECK(far[999].mean <= 400 + 2 * greatest_phi / (1 - greatest_phi));
        CHECK(far[999].mean >= 400 - 8);
        // Each season of steps (each step without one) moves less than the one before.
        for (std::size_t h = 24; h < far.size(); ++h)
            CHECK(far[h].mean - far[h - 12].mean <= far[h - 12].mean - far[h - 24].mean + 1e-9);
        CHECK(std::isfinite(far[999].deviation));
    }
}

TEST_CASE("an undamped trend goes on with a ramp") {
    for (const Way* way : {&lines[0], &lines[1], &seasons[0], &seasons[1]}) {
        CAPTURE(std::string(way->name));
        Stream stream(way->with({{"damped_trend", 0}}));
        const auto ramp = [](std::int64_t i) { return 5 + 2.0 * static_cast<double>(i); };
        stream.learn(0, 300, ramp);
        CHECK(worst(stream, 300, 100, ramp) <= 1e-3);
    }
    for (const Way* way : {&lines[2], &seasons[2]}) {
        CAPTURE(std::string(way->name));
        Stream stream(way->with({{"loss", 1}}));  // over a horizon it is no choice
        const Noise noise(300, 9);
        stream.learn(0, 300, [&](std::int64_t i) { return 5 + 2.0 * static_cast<double>(i) + noise(i); });
        CHECK(stream.word("trend") == "A");
        CHECK(stream.word("season") == "N");
        CHECK(stream.at(399).mean == Approx(5 + 2.0 * 399).epsilon(0.02));
    }
}

TEST_CASE("growth by a ratio is followed by a multiplicative trend") {
    const auto growth = [](std::int64_t i) { return 10 * std::pow(1.02, static_cast<double>(i)); };
    for (const Way* way : {&lines[0], &lines[1]}) {
        CAPTURE(std::string(way->name));
        Stream stream(way->with({{"trend", 2}, {"damped_trend", 0}}));
        stream.learn(0, 200, growth);
        for (std::int64_t i = 200; i < 230; ++i) CHECK(stream.at(i).mean == Approx(growth(i)).epsilon(0.01));
    }
}

TEST_CASE("a season that grows with the level is followed by a multiplicative one") {
    const auto truth = [](std::int64_t i) { return (50 + static_cast<double>(i)) * (1 + 0.5 * wave(i)); };
    for (const Way* way : {&seasons[0], &seasons[1]}) {
        CAPTURE(std::string(way->name));
        Stream stream(way->with({{"seasonal", 1}, {"damped_trend", 0}}));
        stream.learn(0, 240, truth);
        for (std::int64_t i = 240; i < 264; ++i) CHECK(stream.at(i).mean == Approx(truth(i)).epsilon(0.03));
    }
    Stream chosen(seasons[2]);
    const Noise noise(300, 10);
    chosen.learn(0, 240, [&](std::int64_t i) { return truth(i) * (1 + 0.01 * noise(i)); });
    CHECK(chosen.word("season") == "M");
    CHECK(chosen.at(240).mean == Approx(truth(240)).epsilon(0.05));
}
