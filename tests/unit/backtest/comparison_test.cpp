// Two configs beside each other, by hand.
#include <doctest/doctest.h>

#include "backtest/comparison.hpp"

namespace forecastd::backtest {
namespace {

// A series whose absolute error is the same at each of some points.
void add(Results& results, std::size_t pipeline, const char* key, double error, std::int64_t lead_ns = 10) {
    SeriesResult& series = results.series(results.find_or_add(pipeline, key, "v"));
    LeadScore& score = series.leads.emplace_back(1, lead_ns, std::vector<double>{});
    score.add(error, 0, 1, 1, {});
    score.add(-error, 0, 1, 1, {});
}

}  // namespace

TEST_CASE("the geometric mean of the ratios of errors, and where they differ most") {
    Results a(2, {}), b(1, {});
    add(a, 0, "first", 1);
    add(a, 0, "second", 2);
    add(a, 0, "third", 3);
    add(a, 1, "third", 1000);  // of a later pipeline: does not count
    add(a, 0, "constant", 0);
    add(a, 0, "only a", 1);
    add(b, 0, "first", 4);
    add(b, 0, "second", 1);
    add(b, 0, "third", 1.5);
    add(b, 0, "constant", 0);
    add(b, 0, "another lead", 1, 20);
    const Comparison comparison = compare(a, b);
    REQUIRE(comparison.leads.size() == 1);
    const LeadComparison& lead = comparison.leads[0];
    CHECK(lead.lead_ns == 10);
    CHECK(lead.series == 3);
    CHECK(lead.b_better == 2);
    CHECK(lead.a_better == 1);
    CHECK(lead.ratio == doctest::Approx(1));  // (4 / 1 * 1 / 2 * 1.5 / 3) to the third root
    REQUIRE(comparison.b_gains.size() == 2);
    CHECK(comparison.b_gains[0].ratio == doctest::Approx(0.5));
    REQUIRE(comparison.b_loses.size() == 1);
    CHECK(comparison.b_loses[0].key == "first");
    CHECK(comparison.b_loses[0].ratio == doctest::Approx(4));
}

TEST_CASE("nothing in common") {
    Results a(1, {}), b(1, {});
    add(a, 0, "first", 1);
    add(b, 0, "second", 1);
    CHECK(compare(a, b).leads.empty());
}

}  // namespace forecastd::backtest
