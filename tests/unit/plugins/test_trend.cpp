// The forecaster trend: against numbers of numpy (tests/reference/trend.py), and the hard cases.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "algorithm.hpp"
#include "noise.hpp"
#include "stream.hpp"
#include "trend/blocks.hpp"
#include "trend/line_fit.hpp"

using doctest::Approx;

namespace {

constexpr double lost = std::numeric_limits<double>::quiet_NaN();

// As in trend.py.
std::vector<double> reference_values() {
    constexpr std::array<double, 7> season{0, 3, 5, 4, 1, -2, -3};
    std::vector<double> values;
    std::int64_t random = 7;
    for (std::int64_t t = 0; t < 70; ++t) {
        random = (random * 1103515245 + 12345) % (std::int64_t{1} << 31);
        values.push_back(20 + 0.15 * static_cast<double>(t) + season[static_cast<std::size_t>(t % 7)] +
                         static_cast<double>(random / 65536 % 1000) / 500 + (t == 40 ? 30 : 0));
    }
    values[33] = lost;
    return values;
}

struct Fitted {
    trend::Line line;
    std::vector<double> season;
};

Fitted fit(const trend::Blocks& blocks, const std::vector<double>& values) {
    trend::LineFit bench(blocks);
    std::copy(values.begin(), values.end(), bench.raw.begin());
    std::vector<double> season(blocks.phases()), short_season(blocks.short_phases());
    const auto newest = static_cast<std::int64_t>(values.size()) - 1;
    const trend::Line line = bench.fit(values.size(), newest, season, short_season);
    return {line, season};
}

const test::Way plain{"trend", "trend", "trend", {}};
const test::Way by_week = plain.with({{"season_length", 7}, {"window", 70}});

// A forecast's error in its own deviations, and how far ahead, for a series fed up to `count`.
double pull(const test::Way& way, const test::Stream::Value& value, std::int64_t count, std::int64_t ahead) {
    test::Stream stream(way);
    stream.learn(0, count, value);
    const fcd_prediction found = stream.at(count - 1 + ahead);
    return (value(count - 1 + ahead) - found.mean) / found.deviation;
}

}  // namespace

TEST_CASE("blocks follow the season, and number local steps without a hole") {
    const trend::Blocks week(70, 7, 0);
    CHECK(week.phases() == 7);
    CHECK(week.count() == 70);
    CHECK(week.steps() == 1);
    CHECK(week.of(-1) == -1);
    CHECK(week.phase(-1) == 6);

    const trend::Blocks day(1440 * 4, 1440, 0);
    CHECK(day.phases() == 144);
    CHECK(day.count() == 576);
    CHECK(day.of(1449) == 144);
    CHECK(day.of(1450) == 145);
    CHECK(day.within(1449) == Approx(0.9));

    const trend::Blocks both(4 * 2016, 288, 2016);
    CHECK(both.phases() == 7 * both.short_phases());
    CHECK(both.count() <= trend::Blocks::most);

    const trend::Blocks none(480, 0, 1);
    CHECK(none.phases() == 1);
    CHECK(none.steps() == 10);
    CHECK(none.count() == 48);
    for (const trend::Blocks* blocks : {&week, &day, &both, &none})
        for (std::int64_t step = -5000; step < 5000; ++step) {
            const std::int64_t moved = blocks->of(step + 1) - blocks->of(step);
            CHECK((moved == 0 || moved == 1));
        }
    CHECK(none.of(std::numeric_limits<std::int64_t>::min()) < 0);
    CHECK(none.of(std::numeric_limits<std::int64_t>::max()) > 0);
}

TEST_CASE("line, season, walk and noise are those of numpy") {
    const Fitted found = fit({70, 7, 0}, reference_values());
    REQUIRE(found.line.is_seasonal == 1);
    CHECK(found.line.used == 69);
    CHECK(found.line.level == Approx(32.5406259627).epsilon(1e-9));
    CHECK(found.line.slope == Approx(0.148842847468).epsilon(1e-9));
    CHECK(found.line.walk == Approx(0.0171714669499).epsilon(1e-9));
    CHECK(found.line.noise == Approx(0.291582130283).epsilon(1e-9));
    CHECK(found.line.slope_variance == Approx(0.000304569128947).epsilon(1e-9));
    const std::vector<double> profile{-1.32455470949,  2.24960265458, 4.1037092444,  3.02346041445,
                                      -0.350179124466, -3.0422248574, -4.65981362207};
    for (std::size_t i = 0; i < 7; ++i) CHECK(found.season[i] == Approx(profile[i]).epsilon(1e-9));
    double sum = 0;
    std::vector<double> walk;
    std::vector<double> values = reference_values();
    double mean = 0, count = 0;
    for (const double value : values)
        if (!std::isnan(value)) mean += value, ++count;
    mean /= count;
    for (std::size_t i = 0; i < 30; ++i) walk.push_back((sum += values[i] - mean) / 10);
    const Fitted walked = fit({48, 0, 0}, walk);
    CHECK(walked.line.is_seasonal == 0);
    CHECK(walked.line.level == Approx(-11.1948447873).epsilon(1e-9));
    CHECK(walked.line.slope == Approx(-0.350355132756).epsilon(1e-9));
    CHECK(walked.line.walk == Approx(0.173655274376).epsilon(1e-9));
    CHECK(walked.line.noise == 0);
    CHECK(walked.line.slope_variance == Approx(0.00694621097503).epsilon(1e-9));
}

TEST_CASE("an outlier and a lost block move the line little") {
    std::vector<double> values = reference_values(), clean = values;
    clean[40] -= 30;
    const Fitted with = fit({70, 7, 0}, values), without = fit({70, 7, 0}, clean);
    CHECK(std::abs(with.line.slope - without.line.slope) < 0.002);
    CHECK(std::abs(with.line.level - without.line.level) < 0.1);
}

TEST_CASE("a straight line is known far ahead, with a season too") {
    for (const test::Way& way : {plain, by_week}) {
        test::Stream stream(way);
        const auto value = [](std::int64_t t) { return 5 + 0.25 * static_cast<double>(t); };
        stream.learn(0, 400, value);
        for (const std::int64_t step : {400, 410, 1000, 5000})
            CHECK(stream.at(step).mean == Approx(value(step)));
        CHECK(stream.at(5000).deviation < 0.1);  // errors of before the first fit fade
        CHECK(stream.real("slope") == Approx(0.25));
    }
}

TEST_CASE("a season does not bend the line, and a cleanup is one") {
    const auto value = [](std::int64_t t) {
        return 40 + 0.02 * static_cast<double>(t) + static_cast<double>(t % 7);
    };
    test::Stream stream(by_week);
    stream.learn(0, 300, value);
    CHECK(stream.real("slope") == Approx(0.02).epsilon(1e-6));
    for (std::int64_t step = 300; step < 314; ++step) CHECK(stream.at(step).mean == Approx(value(step)));
    CHECK(stream.at(1000).mean == Approx(value(1000)));
}

TEST_CASE("deviations are honest far ahead: of noise around a line, and of a walk") {
    int far_noise = 0, far_walk = 0, wide = 0;
    constexpr int series = 60;
    for (unsigned seed = 0; seed < series; ++seed) {
        const std::vector<double> noise = test::noise(700, seed);
        std::vector<double> walk(noise.size());
        for (std::size_t i = 1; i < walk.size(); ++i) walk[i] = walk[i - 1] + 0.1 + noise[i];
        const auto around = [&](std::int64_t t) {
            return 0.1 * static_cast<double>(t) + noise[static_cast<std::size_t>(t)];
        };
        const auto walking = [&](std::int64_t t) { return walk[static_cast<std::size_t>(t)]; };
        far_noise += std::abs(pull(plain, around, 400, 200)) < 1.96;
        far_walk += std::abs(pull(plain, walking, 400, 200)) < 1.96;
        test::Stream stream(plain);
        stream.learn(0, 400, around);
        wide += stream.at(600).deviation > 6;
    }
    CHECK(far_noise >= 54);  // 90 %
    CHECK(far_walk >= 51);   // 85 %
    CHECK(wide < series / 4);
}

TEST_CASE("a level that moves for good moves the line, and one that moves back and forth does not") {
    const std::vector<double> noise = test::noise(2000, 3);
    const auto jumps_once = [&](std::int64_t t) {
        return 0.05 * static_cast<double>(t) + (t >= 500 ? -60 : 0) +
               0.1 * noise[static_cast<std::size_t>(t)];
    };
    test::Stream once(plain);
    once.learn(0, 510, jumps_once);
    CHECK(once.at(610).mean == Approx(jumps_once(610)).epsilon(0.05));
    CHECK(once.real("slope") == Approx(0.05).epsilon(0.1));

    // A cleanup every 60 steps: the growth between them is not that of the series.
    const auto cleaned = [&](std::int64_t t) {
        return 50 + 0.5 * static_cast<double>(t % 60) + 0.1 * noise[static_cast<std::size_t>(t)];
    };
    test::Stream often(plain);
    often.learn(0, 1000, cleaned);
    CHECK(std::abs(often.real("slope")) < 0.05);
}

TEST_CASE("before the first fit the last value is the forecast, and a long gap begins again") {
    test::Stream stream(plain);
    stream.learn(0, 3, [](std::int64_t t) { return 10.0 + static_cast<double>(t); });
    CHECK(stream.at(3).mean == 12);
    stream.learn(3, 400, [](std::int64_t t) { return 10.0 + static_cast<double>(t); });
    REQUIRE(stream.learn(100'000, 5));
    CHECK(std::isfinite(stream.at(100'001).mean));
    for (std::int64_t step = 100'001; step < 100'400; ++step) REQUIRE(stream.learn(step, 5));
    CHECK(stream.at(100'500).mean == Approx(5));
}
