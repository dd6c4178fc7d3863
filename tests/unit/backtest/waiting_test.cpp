// Forecasts that wait, which leads are scored, and what a seasonal naive forecast knows.
#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "backtest/observer.hpp"
#include "backtest/results.hpp"
#include "backtest/waiting.hpp"

namespace forecastd::backtest {
namespace {

std::vector<std::int64_t> up_to(std::int64_t last) {
    std::vector<std::int64_t> leads(static_cast<std::size_t>(last));
    std::iota(leads.begin(), leads.end(), 1);
    return leads;
}

std::vector<std::int64_t> picked(const std::vector<std::int64_t>& leads) {
    std::vector<std::int64_t> steps;
    for (const std::size_t place : Observer::pick(leads)) steps.push_back(leads[place]);
    return steps;
}

}  // namespace

TEST_CASE("a forecast is scored by the value of its step, and forgotten if that was lost") {
    Waiting waiting;
    LeadScore score(2, 2, {});
    waiting.keep(12, 1, 0, 0, {});
    waiting.keep(13, 2, 0, 0, {});
    waiting.keep(15, 4, 0, 0, {});
    waiting.take(11, 9, score);
    CHECK(score.points() == 0);
    waiting.take(13, 5, score);  // 12 is lost
    CHECK(score.points() == 1);
    CHECK(score.mae() == 3);
    waiting.take(15, 5, score);
    CHECK(score.points() == 2);
    CHECK(score.mae() == 2);
}

TEST_CASE("few forecasts of a far lead wait, at steps that meet each phase of a season") {
    CHECK(Waiting::stride_of(1) == 1);
    CHECK(Waiting::stride_of(64) == 1);
    CHECK(Waiting::stride_of(65) == 11);
    CHECK(Waiting::stride_of(1000) == 17);
    for (const std::int64_t lead : {65, 100, 1000, 8640, 1'000'000}) {
        const std::int64_t stride = Waiting::stride_of(lead);
        CHECK(lead <= stride * Waiting::most);
        CHECK(std::gcd(stride, 24 * 7 * 60) == 1);
    }
}

TEST_CASE("of many leads, round ones are scored, and the last") {
    CHECK(picked({3, 7, 11}) == std::vector<std::int64_t>{3, 7, 11});
    CHECK(picked(up_to(8)) == up_to(8));
    CHECK(picked(up_to(40)) == std::vector<std::int64_t>{1, 2, 5, 10, 20, 40});
    CHECK(picked(up_to(60)) == std::vector<std::int64_t>{1, 2, 5, 10, 20, 50, 60});
    CHECK(picked(up_to(1000)) == std::vector<std::int64_t>{1, 3, 10, 30, 100, 300, 1000});
    CHECK(picked(up_to(100'000)).size() <= Observer::most_leads);
    CHECK(picked(up_to(123'456)).back() == 123'456);
}

TEST_CASE("the seasonal naive forecast repeats the value of the last season's same step") {
    Results results(1, {});
    SeriesResult& series = results.series(results.find_or_add(0, "m", "v"));
    results.make_season(series, 3);
    CHECK(std::isnan(series.seasonal(10)));
    for (const std::int64_t step : {10, 11, 12}) series.fill_season(step, static_cast<double>(step));
    CHECK(series.seasonal(13) == 10);
    CHECK(series.seasonal(17) == 11);  // further ahead than a season: the last value of that phase
    series.fill_season(15, 15);        // 13 and 14 are missing: unknown, not 10 and 11
    CHECK(std::isnan(series.seasonal(16)));
    CHECK(std::isnan(series.seasonal(17)));
    CHECK(series.seasonal(18) == 15);
}

TEST_CASE("errors in units of the interval are counted in bins, what lies beyond in the last ones") {
    ErrorBins bins;
    for (const double error : {-9.0, -2.0, 0.0, 2.0, 9.0, std::nan("")}) bins.add(error);
    CHECK(bins.counts.front() == 2);
    CHECK(bins.counts[20] == 1);
    CHECK(bins.counts.back() == 2);
    CHECK(std::accumulate(bins.counts.begin(), bins.counts.end(), std::uint64_t{0}) == 5);
}

TEST_CASE("with many series, each has fewer buckets") {
    Results results(1, {});
    CHECK(results.find_or_add(0, "a", "v") == 0);
    CHECK(results.find_or_add(0, "a", "w") == 1);
    CHECK(results.find_or_add(0, "a", "v") == 0);
    CHECK(results.buckets_a_series() == Results::most_buckets);
    for (int i = 0; i < 5000; ++i) results.find_or_add(0, std::to_string(i), "v");
    CHECK(results.buckets_a_series() == 512);
    CHECK(results.all().size() * results.buckets_a_series() <= Results::curve_buckets);
}

}  // namespace forecastd::backtest
