// Curves in a bounded number of buckets.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "backtest/curve.hpp"

namespace forecastd::backtest {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("few points are kept as they are") {
    Curve curve;
    curve.add({7, 1, 2, 0, 4, nan}, 8);
    curve.add({8, 3, 2, 1, 5, 0.5}, 8);
    REQUIRE(curve.buckets().size() == 2);
    CHECK(curve.points_a_bucket() == 1);
    const Curve::Bucket& one = curve.buckets()[0];
    CHECK(one.time_ns == 7);
    CHECK(one.low == 1);
    CHECK(one.high == 1);
    CHECK(one.yhat == 2);
    CHECK(one.lower == 0);
    CHECK(one.upper == 4);
    CHECK(one.error == -1);
    CHECK(std::isnan(one.score));
}

TEST_CASE("many points become few buckets, and no peak is lost") {
    Curve curve;
    const int count = 10'007, most = 64, peak = 7'777;
    for (int i = 0; i < count; ++i) {
        const double y = i == peak ? 1000 : i % 10;
        curve.add({i, y, 5, 0, 9, i == peak ? 8.0 : 0.5}, most);
        CHECK(curve.buckets().size() <= most);
    }
    CHECK(curve.points_a_bucket() == 256);  // 10,007 points in 40 buckets
    REQUIRE(curve.buckets().size() == 40);
    for (std::size_t i = 0; i < curve.buckets().size(); ++i) {
        const Curve::Bucket& bucket = curve.buckets()[i];
        const bool has_peak = i == peak / 256;
        CHECK(bucket.time_ns == static_cast<std::int64_t>(256 * i));
        CHECK(bucket.low == 0);
        CHECK(bucket.high == (has_peak ? 1000 : 9));
        CHECK(bucket.error == (has_peak ? 995 : -5));
        CHECK(bucket.score == (has_peak ? 8 : 0.5));
    }
}

TEST_CASE("a curve that was made smaller goes on") {
    Curve curve;
    for (int i = 0; i < 100; ++i) curve.add({i, 1.0 * i, nan, nan, nan, nan}, 128);
    curve.shrink(16);
    CHECK(curve.points_a_bucket() == 8);
    CHECK(curve.buckets().size() == 13);  // 12 of 8 points, and one of 4
    for (int i = 100; i < 104; ++i) curve.add({i, 1.0 * i, nan, nan, nan, nan}, 16);
    CHECK(curve.buckets().size() == 13);
    CHECK(curve.buckets().back().high == 103);
    curve.add({104, 104, nan, nan, nan, nan}, 16);
    CHECK(curve.buckets().size() == 14);
    CHECK(curve.buckets().back().low == 104);
    CHECK(std::isnan(curve.buckets().back().yhat));
}

}  // namespace forecastd::backtest
