// @ID@ without the host. The answers are calculated by hand.
#include <forecastd/testing.hpp>

using forecastd::testing::Model, forecastd::testing::Series;

static void forecasts_the_level() {
    const Model model("@ID@");
    Series series(model);
    FCD_TEST(series.forecast(1).empty());  // nothing was learned
    series.learn({10, 20, 30});            // 10, then 15, then 22.5
    FCD_TEST_NEAR(series.forecast(3).at(2).mean, 22.5, 1e-12);
}

static void a_gap_changes_nothing() {
    const Model model("@ID@", {{"alpha", 0.25}});
    Series series(model);
    series.learn({8, 12});
    series.gap(100);
    FCD_TEST_NEAR(series.judge(0).expected, 9, 1e-12);
}

static void an_outlier_pulls_as_far_as_it_may() {
    const Model model("@ID@");
    Series series(model);
    series.learn(10);
    series.learn(1000, 2);  // learned as 12
    FCD_TEST_NEAR(series.forecast(1).at(0).mean, 11, 1e-12);
}

int main() {
    forecasts_the_level();
    a_gap_changes_nothing();
    an_outlier_pulls_as_far_as_it_may();
    return forecastd::testing::result();
}
