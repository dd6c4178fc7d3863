// Errors at a lead: numbers that were worked out by hand.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "backtest/lead_score.hpp"

namespace forecastd::backtest {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("errors, beside those of the naive forecasts") {
    LeadScore score(3, 30'000'000'000, std::vector<double>{80});
    CHECK(std::isnan(score.mae()));
    CHECK(std::isnan(score.mase()));
    CHECK(std::isnan(score.levels()[0].coverage()));
    const std::vector<Interval> wide{{5, 15}}, narrow{{9, 10}}, unknown{{nan, nan}};
    score.add(12, 10, 9, 14, wide);      // e 2, naive 3, seasonal 2; inside, width 10
    score.add(8, 9, 12, nan, narrow);    // e -1, naive 4; below by 1, width 1
    score.add(11, 8, nan, 13, unknown);  // e 3, seasonal 2; no interval
    score.add(nan, 8, 1, 1, wide);       // this and the next do not count
    score.add(1, nan, 1, 1, wide);
    CHECK(score.points() == 3);
    CHECK(score.mae() == doctest::Approx(6.0 / 3));
    CHECK(score.rmse() == doctest::Approx(std::sqrt((4 + 1 + 9) / 3.0)));
    CHECK(score.bias() == doctest::Approx((2 - 1 + 3) / 3.0));
    CHECK(score.smape() == doctest::Approx((200 * 2 / 22.0 + 200 * 1 / 17.0 + 200 * 3 / 19.0) / 3));
    CHECK(score.mase() == doctest::Approx((2 + 1) / (3.0 + 4)));
    CHECK(score.mase_seasonal() == doctest::Approx((2 + 3) / (2.0 + 2)));
    const LeadScore::Level& level = score.levels()[0];
    CHECK(level.points == 2);
    CHECK(level.coverage() == doctest::Approx(50));
    CHECK(level.width() == doctest::Approx(5.5));
    // The mean of 10 and 1 + 2 / 0.2 * 1 = 11, beside the naive mean 3.5.
    CHECK(level.msis() == doctest::Approx(10.5 / 3.5));
}

TEST_CASE("a value and a forecast of 0 have no error") {
    LeadScore score(1, 1, {});
    score.add(0, 0, 0, 0, {});
    CHECK(score.smape() == 0);
    CHECK(score.mae() == 0);
    CHECK(std::isnan(score.mase()));  // nothing to compare with
}

TEST_CASE("the points of two series together") {
    const std::vector<double> levels{95};
    LeadScore a(1, 1, levels), b(1, 1, levels), both(1, 1, levels);
    const std::vector<Interval> one{{0, 2}}, other{{3, 4}};
    for (LeadScore* const score : {&a, &both}) score->add(1, 3, 2, 5, one);
    for (LeadScore* const score : {&b, &both}) score->add(7, 3, 6, 4, other);
    a.add(b);
    CHECK(a.points() == both.points());
    CHECK(a.mae() == both.mae());
    CHECK(a.rmse() == both.rmse());
    CHECK(a.smape() == both.smape());
    CHECK(a.bias() == both.bias());
    CHECK(a.mase() == both.mase());
    CHECK(a.mase_seasonal() == both.mase_seasonal());
    CHECK(a.levels()[0].coverage() == both.levels()[0].coverage());
    CHECK(a.levels()[0].width() == both.levels()[0].width());
    CHECK(a.levels()[0].msis() == both.levels()[0].msis());
}

}  // namespace forecastd::backtest
