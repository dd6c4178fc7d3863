// The detector novelty: what it finds, why, what leaves it quiet, and what its state costs.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "algorithm.hpp"
#include "noise.hpp"

namespace {

constexpr double full = 0, lean = 1;
// A minute of the test's grid is a step of 1 s; a false alarm in 43,200 points.
std::vector<test::Setting> settings(double form) { return {{"form", form}, {"false_alarms", 43'200}}; }

struct Found {
    std::vector<int> alarms;  // the points with a score of 1 or more
    std::vector<std::string> reasons;
    double greatest = 0;
};

Found run(
    double form, int count, const std::function<double(int)>& value,
    const std::function<int(int)>& step = [](int i) { return i; }) {
    const auto& algorithm = test::algorithm("novelty", "novelty");
    const test::Model model(algorithm, settings(form));
    REQUIRE_MESSAGE(model.get(), model.error());
    test::Series series(model);
    Found found;
    for (int i = 0; i < count; ++i) {
        if (std::isnan(value(i))) continue;
        const fcd_verdict verdict = series.advance({series.point(step(i), value(i))}).at(0);
        if (i < 100) CHECK(std::isnan(verdict.score));
        if (std::isnan(verdict.score)) continue;
        CHECK((verdict.reason > 0) == (verdict.score > 0));
        found.greatest = std::max(found.greatest, verdict.score);
        if (verdict.score < 1) continue;
        found.alarms.push_back(i);
        found.reasons.emplace_back(algorithm.reasons[verdict.reason - 1]);
    }
    return found;
}

bool has(const Found& found, int from, int to) {
    for (const int i : found.alarms)
        if (i >= from && i < to) return true;
    return false;
}

}  // namespace

TEST_CASE("the first other value of a series that was constant is news") {
    for (const double form : {full, lean}) {
        CAPTURE(form);
        for (const double value : {10.0, -0.001}) {
            const Found found = run(form, 1500, [&](int i) { return i >= 900 && i < 904 ? value : 0; });
            CHECK(has(found, 900, 901));
            CHECK(!has(found, 950, 1500));
        }
        CHECK(run(form, 1500, [](int) { return 7; }).alarms.empty());
    }
}

TEST_CASE("novelty finds a spike, a dip, a shift and tells why") {
    const auto noise = test::noise(3000, 5);
    const auto at = [&](int i) { return noise[static_cast<std::size_t>(i)]; };
    for (const double form : {full, lean}) {
        CAPTURE(form);
        CHECK(run(form, 3000, at).alarms.size() <= 1);
        const Found spike = run(form, 3000, [&](int i) { return at(i) + (i == 2500 ? 12 : 0); });
        REQUIRE(has(spike, 2500, 2501));
        CHECK(!spike.reasons.at(0).empty());
        const Found high = run(form, 3000, [&](int i) { return at(i) + (i >= 2500 ? 8 : 0); });
        CHECK(has(high, 2500, 2502));
        CHECK(has(run(form, 3000, [&](int i) { return at(i) - (i == 2500 ? 12 : 0); }), 2500, 2501));
        // A shift that no single value shows: the level of 30 does.
        const Found shift = run(form, 3000, [&](int i) { return at(i) + (i >= 2500 ? 1.8 : 0); });
        CHECK(has(shift, 2500, 2560));
    }
}

TEST_CASE("the full form finds restlessness and a course that was not seen before") {
    const auto noise = test::noise(6000, 6);
    const auto calm = [&](int i) {
        return std::sin(i * 0.5) * 10 + 0.1 * noise[static_cast<std::size_t>(i)];
    };
    CHECK(run(full, 6000, calm).alarms.size() <= 1);
    // A wave that stands still for half a period: every value and every step is usual.
    const Found still = run(full, 6000, [&](int i) { return calm(i < 5000 ? i : i < 5013 ? 5000 : i - 13); });
    CHECK(has(still, 5000, 5030));
}

TEST_CASE("a season of the day is known after some days") {
    // Steps of 1 s in the test's grid: a day of 86,400 steps, of which one in 600 comes.
    const auto noise = test::noise(3000, 8);
    const auto value = [&](int i) {
        return 50 - 40 * std::cos(i * 2 * 3.14159265 / 144) + noise[static_cast<std::size_t>(i)];
    };
    const auto step = [](int i) { return i * 600; };
    CHECK(run(full, 3000, value, step).alarms.size() <= 1);
    // In the trough it stays as it was by day.
    const Found found = run(
        full, 3000, [&](int i) { return i >= 2880 && i < 2900 ? 60.0 : value(i); }, step);
    CHECK(has(found, 2880, 2900));
}

TEST_CASE("how far a value is from its time of day counts by how widely values scatter then") {
    // By day values scatter four times as widely as at night.
    const auto noise = test::noise(4000, 8);
    const auto value = [&](int i) {
        return 100 + noise[static_cast<std::size_t>(i)] * (i % 144 < 72 ? 4 : 1);
    };
    const auto step = [](int i) { return i * 600; };
    for (const double form : {full, lean}) {
        CAPTURE(form);
        CHECK(run(form, 4000, value, step).alarms.size() <= 1);
        // As far off as this they are now and then by day; it is rare at night.
        const auto with_excess_at = [&](int at) {
            return run(
                form, 4000, [&](int i) { return i == at ? 110.5 : value(i); }, step);
        };
        const Found at_night = with_excess_at(25 * 144 + 110);
        REQUIRE(has(at_night, 25 * 144 + 110, 25 * 144 + 111));
        CHECK(at_night.reasons.back() == "A value unusual for the time of day.");
        CHECK(!has(with_excess_at(25 * 144 + 36), 25 * 144 + 36, 25 * 144 + 37));
    }
}

TEST_CASE("quiet series stay quiet: a constant, a square wave, a coarse sensor, a nightly peak") {
    const auto noise = test::noise(20'000, 7);
    for (const double form : {full, lean}) {
        CAPTURE(form);
        CHECK(run(form, 20'000, [](int) { return 42.0; }).greatest == 0);
        CHECK(run(form, 20'000, [](int i) { return i / 300 % 2 ? 80.0 : 20.0; }).alarms.size() <= 1);
        CHECK(run(form, 20'000, [&](int i) {
                  return std::round(noise[static_cast<std::size_t>(i)] * 2) / 2;
              }).alarms.size() <= 1);
        // A peak that has come back is no news.
        const Found nightly = run(form, 20'000, [&](int i) {
            return noise[static_cast<std::size_t>(i)] + (i % 1440 < 15 ? 25 : 0);
        });
        CHECK(nightly.alarms.size() > 0);
        CHECK(!has(nightly, 5 * 1440 + 100, 20'000));
    }
}

TEST_CASE("a single spike does not hide a small shift behind it") {
    const auto noise = test::noise(3000, 5);
    for (const double form : {full, lean}) {
        CAPTURE(form);
        const Found found = run(form, 3000, [&](int i) {
            return noise[static_cast<std::size_t>(i)] + (i == 2400 ? 100 : 0) + (i >= 2500 ? 1.8 : 0);
        });
        CHECK(has(found, 2400, 2401));
        CHECK(has(found, 2500, 2560));
        // The mean over the spike does not tell it again.
        if (form == lean) CHECK(!has(found, 2402, 2500));
    }
}

TEST_CASE("a value that a nearly constant series has taken before is not infinitely rare on the next day") {
    const auto value = [](int i) { return i == 600 || i == 650 || i == 700 || i == 1880 ? 43.0 : 42.0; };
    for (const double form : {full, lean}) {
        CAPTURE(form);
        const Found found = run(form, 2000, value, [](int i) { return i * 60; });
        CHECK(has(found, 600, 601));
        CHECK(!has(found, 1880, 1881));
    }
}

TEST_CASE("a rare count is judged alike at all times of the day") {
    // Errors of which few hours have enough to tell how widely they scatter; each 701st value is 2.
    for (const double form : {full, lean}) {
        CAPTURE(form);
        std::size_t alarms = 0;
        for (unsigned seed = 1; seed <= 8; ++seed) {
            const auto noise = test::noise(20'000, seed);
            const auto count = [&](int i) {
                return i % 701 == 350                                                    ? 2.0
                       : noise[static_cast<std::size_t>(i)] > (i % 1440 < 720 ? 1.5 : 2) ? 1.0
                                                                                         : 0.0;
            };
            for (const std::string& reason : run(form, 20'000, count, [](int i) { return i * 60; }).reasons)
                alarms += reason == "A value unusual for the time of day." ? 1 : 0;
        }
        CHECK(alarms <= 16);
    }
}

TEST_CASE("unit and origin of the values do not matter, nor do gaps stop it") {
    const auto noise = test::noise(3000, 5);
    for (const double unit : {1e-12, 1e3, 1e300})
        for (const double origin : {0.0, 1e6}) {
            const auto value = [&](int i) {
                return unit * (origin + noise[static_cast<std::size_t>(i)] + (i == 2500 ? 30 : 0));
            };
            CAPTURE(unit);
            const Found found = run(full, 3000, value);
            CHECK(has(found, 2500, 2501));
            CHECK(found.alarms.size() <= 30);
        }
    const Found gappy = run(full, 3000, [&](int i) {
        return i % 7 == 3 || (i > 1000 && i < 1200)
                   ? NAN
                   : noise[static_cast<std::size_t>(i)] + (i == 2500 ? 12 : 0);
    });
    CHECK(has(gappy, 2500, 2501));
    CHECK(gappy.alarms.size() <= 4);
}

TEST_CASE("behind a forecaster the residual counts") {
    const auto& algorithm = test::algorithm("novelty", "novelty");
    const test::Model model(algorithm, settings(lean));
    test::Series series(model);
    const auto noise = test::noise(2000, 3);
    double last = 0;
    for (int i = 0; i < 2000; ++i) {
        const double usual = 100 * std::sin(i * 0.05);
        const double value = usual + noise[static_cast<std::size_t>(i)] + (i == 1990 ? 40 : 0);
        const fcd_verdict verdict = series.advance({series.point(i, value, usual)}).at(0);
        if (i == 1990) {
            last = verdict.score;
            CHECK(verdict.expected == usual);
            CHECK(algorithm.reasons[verdict.reason - 1] ==
                  std::string("A value unusual for the time of day."));
        }
    }
    CHECK(last > 1);
}

TEST_CASE("the state of a series is below 6 KB, that of the lean form below 1 KB") {
    const auto& algorithm = test::algorithm("novelty", "novelty");
    CHECK(test::Model(algorithm, settings(full)).series_size() <= 6000);
    CHECK(test::Model(algorithm, settings(lean)).series_size() <= 1000);
}
