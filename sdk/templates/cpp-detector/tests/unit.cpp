// @ID@ without the host. The answers are calculated by hand.
#include <forecastd/testing.hpp>

using forecastd::testing::Model, forecastd::testing::Series;

static void scores_the_distance() {
    const Model model("@ID@");
    Series series(model);
    series.learn({10, 12, 11});  // level 10, 11, 11; spread 0, 1, 0.5
    const fcd_verdict verdict = series.judge(30);
    FCD_TEST_NEAR(verdict.score, 19 / (4 * 0.5), 1e-12);
    FCD_TEST_NEAR(verdict.expected, 11, 1e-12);
    FCD_TEST_NEAR(verdict.upper, 13, 1e-12);
}

static void a_series_without_a_distance_has_no_score() {
    const Model model("@ID@");
    Series series(model);
    series.learn({5, 5, 5});
    FCD_TEST_NEAR(series.judge(6).score, NAN, 0);
}

static void what_may_not_be_learned_is_not() {
    const Model model("@ID@");
    Series series(model);
    series.learn({10, 12, 11});
    series.learn(1000, 0);  // its learn_limit is 0
    FCD_TEST_NEAR(series.judge(30).expected, 11, 1e-12);
}

int main() {
    scores_the_distance();
    a_series_without_a_distance_has_no_score();
    what_may_not_be_learned_is_not();
    return forecastd::testing::result();
}
