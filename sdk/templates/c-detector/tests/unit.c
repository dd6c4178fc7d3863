/* @ID@ without the host. The answers are calculated by hand. */
#include <forecastd/testing.h>

static void learn(fcd_test_series* series, double a, double b, double c) {
    fcd_test_learn(series, a);
    fcd_test_learn(series, b);
    fcd_test_learn(series, c);
}

static void scores_the_distance(void) {
    fcd_test_model* const model = fcd_test_model_new("@ID@", NULL, 0, 0);
    fcd_test_series* const series = fcd_test_series_new(model, 1);
    fcd_verdict verdict;
    learn(series, 10, 12, 11); /* level 10, 11, 11; spread 0, 1, 0.5 */
    verdict = fcd_test_judge(series, 30);
    FCD_TEST_NEAR(verdict.score, 19 / (4 * 0.5), 1e-12);
    FCD_TEST_NEAR(verdict.expected, 11, 1e-12);
    FCD_TEST_NEAR(verdict.upper, 13, 1e-12);
    fcd_test_series_free(series);
    fcd_test_model_free(model);
}

static void a_series_without_a_distance_has_no_score(void) {
    fcd_test_model* const model = fcd_test_model_new("@ID@", NULL, 0, 0);
    fcd_test_series* const series = fcd_test_series_new(model, 1);
    learn(series, 5, 5, 5);
    FCD_TEST(isnan(fcd_test_judge(series, 6).score));
    fcd_test_series_free(series);
    fcd_test_model_free(model);
}

static void what_may_not_be_learned_is_not(void) {
    fcd_test_model* const model = fcd_test_model_new("@ID@", NULL, 0, 0);
    fcd_test_series* const series = fcd_test_series_new(model, 1);
    learn(series, 10, 12, 11);
    fcd_test_give(series, 1000, 0, 0); /* its learn_limit is 0 */
    FCD_TEST_NEAR(fcd_test_judge(series, 30).expected, 11, 1e-12);
    fcd_test_series_free(series);
    fcd_test_model_free(model);
}

int main(void) {
    scores_the_distance();
    a_series_without_a_distance_has_no_score();
    what_may_not_be_learned_is_not();
    return fcd_test_result();
}
