#include "rehearsal/made_up_series.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

namespace {

using namespace forecastd;
using rehearsal::MadeUpSeries;
using Fault = MadeUpSeries::Fault;

constexpr std::int64_t second = 1'000'000'000;

config::Pipeline detecting() {
    config::Pipeline pipeline;
    pipeline.detect.emplace();
    return pipeline;
}

struct Extent {
    double low, high;
};
Extent extent(const MadeUpSeries& series, Fault fault) {
    Extent seen{INFINITY, -INFINITY};
    for (std::size_t i = 0; i < 20'000; ++i) {
        seen.low = std::min(seen.low, series.value(i, fault));
        seen.high = std::max(seen.high, series.value(i, fault));
    }
    return seen;
}

TEST_CASE("the series is a level with a wave and noise, and a spike of 40") {
    const config::Pipeline plain;
    const MadeUpSeries series(plain, 10 * second);
    const Extent usual = extent(series, Fault::none);
    CHECK(usual.low > 100 - 10 - 5.01);
    CHECK(usual.low < 100 - 10 - 2);
    CHECK(usual.high < 100 + 10 + 5.01);
    CHECK(usual.high > 100 + 10 + 2);
    CHECK(series.value(7, Fault::spike) == doctest::Approx(series.value(7, Fault::none) + 40));
    CHECK(series.value(7, Fault::none) == MadeUpSeries(plain, 10 * second).value(7, Fault::none));
    CHECK_FALSE(series.can_be_outside());
    // A wave takes a day: its mean over half of one is not that over the other half.
    double first = 0, second_half = 0;
    for (std::size_t i = 0; i < 8640; ++i)
        (i < 4320 ? first : second_half) += series.value(i, Fault::none) / 4320;
    CHECK(first > second_half + 10);
}

TEST_CASE("the spike goes where anomalies are looked for, and further than the least deviations") {
    config::Pipeline pipeline = detecting();
    for (const auto direction : {config::Direction::below_expected, config::Direction::falling}) {
        pipeline.detect->direction = direction;
        const MadeUpSeries series(pipeline, second);
        CHECK(series.value(3, Fault::spike) < series.value(3, Fault::none) - 39);
    }
    pipeline = detecting();
    pipeline.detect->min_dev_from_expected = 1000;
    pipeline.detect->min_rel_dev_from_expected = 150;
    const MadeUpSeries series(pipeline, second);
    const double usual = extent(series, Fault::none).high;
    CHECK(series.value(3, Fault::spike) - series.value(3, Fault::none) >= 2 * 1000);
    CHECK(series.value(3, Fault::spike) - series.value(3, Fault::none) >= 1.5 * usual);
    // That of any detector that votes.
    config::Pipeline voting = detecting();
    voting.voters.resize(2);
    voting.voters[1].min_dev_from_expected = 1000;
    CHECK(MadeUpSeries(voting, second).value(3, Fault::spike) > 2000);
}

TEST_CASE("values lie in data_range, but for those that are to lie outside") {
    constexpr double open = INFINITY;
    for (const config::DataRange range :
         {config::DataRange{0, 1}, {-7, -6}, {0, open}, {1000, open}, {-open, 0}, {-open, 300}}) {
        for (const auto direction : {config::Direction::both, config::Direction::below_expected}) {
            config::Pipeline pipeline = detecting();
            pipeline.detect->data_range = range;
            pipeline.detect->direction = direction;
            const MadeUpSeries series(pipeline, second);
            for (const Fault fault : {Fault::none, Fault::spike}) {
                CHECK(extent(series, fault).low >= range.low);
                CHECK(extent(series, fault).high <= range.high);
            }
            REQUIRE(series.can_be_outside());
            const double outside = series.value(3, Fault::outside);
            CHECK((outside < range.low || outside > range.high));
        }
    }
}

TEST_CASE("a fault lasts as long as it takes to raise an alarm") {
    config::Pipeline pipeline = detecting();
    CHECK(MadeUpSeries(pipeline, 10 * second).fault_points() == 1);
    pipeline.alarm.raise = {3, 5, 0, false};
    CHECK(MadeUpSeries(pipeline, 10 * second).fault_points() == 5);
    pipeline.alarm.raise = {1, 1, 25 * second, false};
    CHECK(MadeUpSeries(pipeline, 10 * second).fault_points() == 4);
}

}  // namespace
