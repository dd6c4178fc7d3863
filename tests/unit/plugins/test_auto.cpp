// The forecaster auto as the host sees it: what it forecasts of series of all kinds, and the hard cases.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "algorithm.hpp"
#include "auto_reference.hpp"

using doctest::Approx;
using test::lost;
using test::reference_values;

namespace {

using Settings = std::vector<test::Setting>;

test::Model model(const Settings& settings, std::uint32_t grid_flags = 0) {
    return {test::algorithm("auto", "auto"), settings, test::Ends::initial, grid_flags};
}

// Learns values at the steps from `first` on; NaN: lost.
void feed(test::Series& series, const std::vector<double>& values, std::int64_t first = 0) {
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isnan(values[i]))
            REQUIRE(series.advance({series.point(first + static_cast<std::int64_t>(i), values[i])}).size() ==
                    1);
}

// Means of the absolute errors of `ahead` steps, of auto and of the last value.
struct Compared {
    double ours = 0, naive = 0;
};
Compared compare(test::Series& series, const std::vector<double>& values, std::size_t begin,
                 std::uint32_t ahead) {
    Compared sum;
    for (std::size_t t = 0; t < values.size(); ++t) {
        if (t > begin && t + ahead <= values.size()) {
            const double found = series.forecast(static_cast<std::int64_t>(t), ahead).at(ahead - 1).mean;
            sum.ours += std::abs(found - values[t + ahead - 1]);
            sum.naive += std::abs(values[t - 1] - values[t + ahead - 1]);
        }
        feed(series, {values[t]}, static_cast<std::int64_t>(t));
    }
    return sum;
}

}  // namespace

TEST_CASE("the first forecast is the first value") {
    const test::Model plugin = model({{"season_length", 7}});
    test::Series series(plugin);
    feed(series, {42.5});
    for (const auto& one : series.forecast(1, 10)) CHECK(one.mean == 42.5);
}

TEST_CASE("a constant series is forecast as exactly what it is, and later as what it became") {
    for (const double season : {0, 1, 7}) {
        const test::Model plugin = model({{"season_length", season}});
        test::Series series(plugin);
        feed(series, std::vector<double>(300, 0.1));
        for (const auto& one : series.forecast(300, 20)) {
            CHECK(one.mean == 0.1);
            CHECK(one.deviation == 0);
        }
        feed(series, std::vector<double>(400, 8), 300);
        for (const auto& one : series.forecast(700, 20)) CHECK(one.mean == Approx(8).epsilon(1e-3));
    }
}

TEST_CASE("two seasons are forecast together") {
    std::mt19937 random(5);
    const auto noise = [&] { return (static_cast<double>(random() % 2000) - 1000) / 4000; };
    const auto truth = [](std::size_t t) {
        return 50 + 5 * std::sin(static_cast<double>(t % 12) * 0.5236) + (t / 12 % 7 >= 5 ? 20.0 : 0.0);
    };
    const test::Model plugin = model({{"season_length", 12}, {"second_season_length", 84}, {"horizon", 84}});
    test::Series series(plugin);
    std::vector<double> values;
    for (std::size_t t = 0; t < 420; ++t) values.push_back(truth(t) + noise());
    feed(series, values);
    const auto ahead = series.forecast(420, 84);
    double sum = 0;
    for (std::size_t h = 0; h < 84; ++h) sum += std::abs(ahead[h].mean - truth(420 + h));
    CHECK(sum / 84 < 0.5);
}

TEST_CASE("a random walk, a flat and a quantised series are forecast no worse than by the last value") {
    for (const int kind : {0, 1, 2}) {
        CAPTURE(kind);
        for (const std::uint32_t ahead : {1U, 10U}) {
            CAPTURE(ahead);
            std::mt19937 random(static_cast<unsigned>(11 + kind));
            std::normal_distribution<double> noise(0, 1);
            std::vector<double> values;
            double level = 100;
            for (int t = 0; t < 2000; ++t) {
                if (kind == 0) level += noise(random);
                if (kind == 1 && random() % 50 == 0) level += noise(random);  // steps, flat between them
                if (kind == 2) level += noise(random) / 4;                    // in whole numbers
                values.push_back(kind == 2 ? std::round(level) : level);
            }
            const test::Model plugin = model({{"season_length", 24}, {"horizon", 10}});
            test::Series series(plugin);
            const Compared found = compare(series, values, 500, ahead);
            CHECK(found.ours < 1.03 * found.naive);
        }
    }
}

TEST_CASE("a lost step takes its forecast, so that no gap turns the season") {
    const test::Model plugin = model({{"season_length", 7}});
    const auto value = [](std::int64_t t) { return static_cast<double>(t % 7 * (t % 7)); };
    test::Series series(plugin);
    std::vector<double> values;
    for (std::int64_t t = 0; t < 200; ++t) values.push_back(value(t));
    for (const std::size_t gone : {30U, 50U, 51U, 52U, 90U, 100U, 101U}) values[gone] = lost;
    feed(series, values);
    for (const std::int64_t gap : {0, 3, 40, 5000, 1'000'000'000}) {
        CAPTURE(gap);
        test::Series later = series;
        const std::int64_t step = 200 + gap;
        CHECK(later.forecast(step, 1).at(0).mean == Approx(value(step)).epsilon(0.02));
        later.advance({later.point(step, value(step))});
        const auto ahead = later.forecast(step + 1, 14);
        for (std::int64_t h = 0; h < 14; ++h)
            CHECK(std::abs(ahead[static_cast<std::size_t>(h)].mean - value(step + 1 + h)) < 0.5);
    }
}

TEST_CASE("no regression runs away: forecasts stay within the values seen and half of their range") {
    const test::Model plugin = model({{"horizon", 100}});
    test::Series series(plugin);
    std::vector<double> values;
    for (int t = 0; t < 40; ++t) values.push_back(std::ldexp(1, t));  // doubles at each step
    feed(series, values);
    const double range = values.back() - values.front();
    for (const auto& one : series.forecast(40, 200)) {
        CHECK(one.mean <= values.back() + range / 2);
        CHECK(one.mean >= values.front() - range / 2);
        CHECK(std::isfinite(one.deviation));
    }
}

TEST_CASE("a series that becomes a million times larger or smaller, or moves far away, is followed") {
    for (const int kind : {0, 1, 2}) {
        CAPTURE(kind);
        std::mt19937 random(9);
        const test::Model plugin = model({{"season_length", 5}});
        test::Series series(plugin);
        const double by = kind == 0 ? 1e6 : kind == 1 ? 1e-6 : 1, offset = kind == 2 ? 1e9 : 0;
        std::vector<double> values;
        for (std::size_t t = 0; t < 1500; ++t) {
            const double value = 3 + static_cast<double>(t % 5) + static_cast<double>(random() % 100) / 1000;
            values.push_back(t < 300 ? value : by * value + offset);
        }
        feed(series, values);
        const auto ahead = series.forecast(1500, 10);
        for (std::size_t h = 0; h < 10; ++h)
            CHECK((ahead[h].mean - offset) / by == Approx(3.05 + static_cast<double>(h % 5)).epsilon(0.1));
    }
}

TEST_CASE("deviations are those of the errors, and grow with the lead") {
    std::mt19937 random(2);
    std::normal_distribution<double> noise(0, 1);
    std::vector<double> walk{100};
    while (walk.size() < 3000) walk.push_back(walk.back() + noise(random));
    const test::Model plugin = model({{"horizon", 25}});
    test::Series series(plugin);
    feed(series, walk);
    const auto ahead = series.forecast(3000, 100);
    CHECK(ahead[0].deviation == Approx(1).epsilon(0.2));
    CHECK(ahead[24].deviation == Approx(5).epsilon(0.35));
    CHECK(ahead[99].deviation == Approx(10).epsilon(0.35));
    for (std::size_t h = 1; h < 100; ++h) CHECK(ahead[h].deviation > 0.8 * ahead[h - 1].deviation);
}

TEST_CASE("the widths of lost steps' intervals do not depend on how many there were") {
    std::mt19937 random(2);
    std::normal_distribution<double> noise(10, 1);
    const test::Model plugin = model({});
    test::Series series(plugin);
    std::vector<double> values;
    for (int t = 0; t < 900; ++t) values.push_back(t % 90 < 30 ? noise(random) : lost);
    values.resize(840);
    feed(series, values);
    CHECK(series.forecast(840, 1).at(0).deviation == Approx(1).epsilon(0.25));
}

TEST_CASE("the default finds seasons; 1 is none") {
    for (const int season : {0, 1}) {
        CAPTURE(season);
        const test::Model plugin = model({{"season_length", static_cast<double>(season)}, {"horizon", 20}});
        test::Series series(plugin);
        std::mt19937 random(3);
        std::vector<double> values;
        for (std::size_t t = 0; t < 300; ++t)
            values.push_back(t % 20 == 3 ? 9.0 : static_cast<double>(random() % 100) / 100);
        feed(series, values);
        CHECK((series.forecast(300, 20).at(3).mean > 5) == (season == 0));
    }
}

TEST_CASE("values at the ends of what a double holds leave forecasts finite") {
    for (const double huge : {1.7e308, 5e-324}) {
        const test::Model plugin = model({{"season_length", 4}});
        test::Series series(plugin);
        std::vector<double> values;
        for (int t = 0; t < 200; ++t) values.push_back(t % 3 == 0 ? -huge : t % 3 == 1 ? huge : 0);
        feed(series, values);
        for (const auto& one : series.forecast(200, 30)) {
            CHECK(std::isfinite(one.mean));
            CHECK(std::isfinite(one.deviation));
        }
    }
}

TEST_CASE("a state is its bytes: a copy goes on as the series itself") {
    const test::Model plugin = model({{"season_length", 7}, {"second_season_length", 28}});
    test::Series series(plugin);
    feed(series, reference_values());
    test::Series restored(plugin);
    const std::string saved = series.bytes();
    std::copy(saved.begin(), saved.end(), static_cast<char*>(restored.data()));
    feed(series, reference_values(), 230);
    feed(restored, reference_values(), 230);
    CHECK(series.bytes() == restored.bytes());
    CHECK(series.forecast(460, 1).at(0).mean == restored.forecast(460, 1).at(0).mean);
}

TEST_CASE("memory follows from the seasons, the horizon, and the seasons that may be found") {
    const auto bytes = [](double first, double second, double horizon, std::int64_t interval_s = 1) {
        const std::vector<test::Setting> settings{
            {"season_length", first}, {"second_season_length", second}, {"horizon", horizon}};
        return test::Model(test::algorithm("auto", "auto"), settings, test::Ends::initial, 0,
                           interval_s * 1'000'000'000)
            .series_size();
    };
    CHECK(bytes(1, 0, 12) < 1300);
    CHECK(bytes(24, 0, 24) < 2000);
    CHECK(bytes(24, 168, 48) < 3500);
    CHECK(bytes(288, 2016, 288) < 20'500);
    CHECK(bytes(0, 0, 0) < 4500);  // at an interval of a second, which has seasons of up to 128 steps
    CHECK(bytes(0, 0, 0, 3600) < 4500);
    CHECK(bytes(0, 0, 0, 300) < 23'000);
    CHECK(bytes(0, 0, 0, 60) < 25'000);
    CHECK(model({{"season_length", 24}}, FCD_GRID_LOCAL).series_size() > bytes(24, 0, 0));  // an hour longer
}
