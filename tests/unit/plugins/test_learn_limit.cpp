// What every built-in forecaster makes of learn_limit and of the flags of a point: a value far out moves no
// model, window or season farther than the limit says. The states are compared byte by byte, so nothing in
// them has seen more.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "builtins.hpp"

namespace {

using test::for_each_model, test::usual_values;

constexpr std::int64_t first_step = 1000;

std::vector<fcd_point> points_from(test::Series& series, std::int64_t step,
                                   const std::vector<double>& values) {
    std::vector<fcd_point> points;
    for (const double value : values) points.push_back(series.point(step++, value));
    return points;
}

// A series with this many usual values.
test::Series warmed(const test::Model& model, std::int64_t count) {
    test::Series series(model);
    series.advance(points_from(series, first_step, usual_values(static_cast<std::size_t>(count))));
    return series;
}

double expected_at(const test::Series& series, std::int64_t step) {
    const auto forecast = series.forecast(step, 1);
    REQUIRE(forecast.size() == 1);
    REQUIRE(std::isfinite(forecast[0].mean));
    return forecast[0].mean;
}

fcd_point limited(fcd_point point, double limit) {
    point.learn_limit = limit;
    return point;
}
fcd_point flagged(fcd_point point, std::uint32_t flags) {
    point.flags = flags;
    return point;
}

// Both states are the same now, and after more values, over which every window is fitted again.
void check_twins(test::Series& a, test::Series& b, std::int64_t next_step) {
    CHECK(a.bytes() == b.bytes());
    const auto more = usual_values(35, 3);
    CHECK(a.advance(points_from(a, next_step, more)).size() == more.size());
    CHECK(b.advance(points_from(b, next_step, more)).size() == more.size());
    CHECK(a.bytes() == b.bytes());
}

// Runs body(model, warm series, its next step) for every forecaster, from one point on to windows that are
// full.
template <class Body>
void for_each_forecaster(Body body) {
    for_each_model([&](const test::Model& model) {
        if (!model.algorithm().forecast) return;
        for (const std::int64_t count : {1, 9, 40, 130}) {
            CAPTURE(count);
            body(warmed(model, count), first_step + count);
        }
    });
}

}  // namespace

TEST_CASE("the list of built-in algorithms is complete") {
    std::set<std::string> listed, files;
    for (const test::Builtin& builtin : test::builtins()) listed.insert(builtin.file);
    for (const auto& entry : std::filesystem::directory_iterator(FORECASTD_PLUGIN_DIRECTORY))
        if (entry.path().extension() == ".so") files.insert(entry.path().stem());
    CHECK(files == listed);
}

TEST_CASE("a value beyond learn_limit is learned as the limit") {
    for_each_forecaster([](const test::Series& warm, std::int64_t step) {
        for (const double moved : {-0.25, 3.0}) {
            CAPTURE(moved);
            test::Series far = warm, near = warm;
            const double expected = expected_at(far, step);
            const double value = expected + std::copysign(1000, moved);
            REQUIRE(far.advance({limited(far.point(step, value), std::abs(moved))}).size() == 1);
            REQUIRE(near.advance({near.point(step, expected + moved)}).size() == 1);
            check_twins(far, near, step + 1);
        }
    });
}

TEST_CASE("behind a gap, too, a value beyond learn_limit is learned as the limit") {
    for_each_forecaster([](const test::Series& warm, std::int64_t step) {
        for (const std::int64_t gap : {3, 500}) {
            CAPTURE(gap);
            test::Series far = warm, near = warm;
            const double expected = expected_at(far, step + gap);
            REQUIRE(far.advance({limited(far.point(step + gap, expected + 1000), 2)}).size() == 1);
            REQUIRE(near.advance({near.point(step + gap, expected + 2)}).size() == 1);
            check_twins(far, near, step + gap + 1);
        }
    });
}

TEST_CASE("a value within learn_limit is learned as it is, and the limit changes no verdict") {
    for_each_forecaster([](const test::Series& warm, std::int64_t step) {
        test::Series with = warm, without = warm;
        const double value = expected_at(with, step) + 0.5;
        const auto verdict = with.advance({limited(with.point(step, value), 0.75)}).at(0);
        CHECK(verdict.expected == without.advance({without.point(step, value)}).at(0).expected);
        check_twins(with, without, step + 1);
    });
}

TEST_CASE("learn_limit 0 and FCD_JUDGE_ONLY leave a missing step") {
    for_each_forecaster([](const test::Series& warm, std::int64_t step) {
        test::Series zero = warm, judged = warm, missing = warm;
        const double expected = expected_at(zero, step);
        CHECK(zero.advance({limited(zero.point(step, 1000), 0)}).at(0).expected == expected);
        CHECK(judged.advance({flagged(judged.point(step, 1000), FCD_JUDGE_ONLY)}).at(0).expected == expected);
        test::Series again = missing;
        check_twins(zero, missing, step + 1);
        check_twins(judged, again, step + 1);
    });
}

TEST_CASE("labels and FCD_LEARN_ONLY change nothing of what is learned") {
    for_each_forecaster([](const test::Series& warm, std::int64_t step) {
        for (const std::uint32_t flags : {FCD_LEARN_ONLY, FCD_LABELLED_NORMAL, FCD_LABELLED_ANOMALOUS}) {
            CAPTURE(flags);
            test::Series with = warm, without = warm;
            REQUIRE(with.advance({flagged(with.point(step, 21), flags)}).size() == 1);
            REQUIRE(without.advance({without.point(step, 21)}).size() == 1);
            check_twins(with, without, step + 1);
        }
    });
}

TEST_CASE("a forecast exists, and is finite, from the first point on and not before") {
    for_each_model([](const test::Model& model) {
        if (!model.algorithm().forecast) return;
        test::Series series(model);
        CHECK(series.forecast(first_step, 3).empty());
        std::int64_t step = first_step;
        for (const double value : usual_values(200)) {
            const auto verdict = series.advance({series.point(step, value)}).at(0);
            if (step == first_step)
                CHECK(std::isnan(verdict.expected));
            else
                REQUIRE(std::isfinite(verdict.expected));
            for (const fcd_prediction& one : series.forecast(++step, 3)) REQUIRE(std::isfinite(one.mean));
        }
    });
}
