/* @ID@ without the host. The answers are calculated by hand. */
#include <forecastd/testing.h>

static void forecasts_the_level(void) {
    fcd_test_model* const model = fcd_test_model_new("@ID@", NULL, 0, 0);
    fcd_test_series* const series = fcd_test_series_new(model, 1);
    fcd_prediction out[3];
    FCD_TEST(fcd_test_forecast(series, 3, out) == FCD_NOT_YET); /* nothing was learned */
    fcd_test_learn(series, 10);
    fcd_test_learn(series, 20); /* 15 */
    fcd_test_learn(series, 30); /* 22.5 */
    FCD_TEST(fcd_test_forecast(series, 3, out) == FCD_OK);
    FCD_TEST_NEAR(out[2].mean, 22.5, 1e-12);
    fcd_test_series_free(series);
    fcd_test_model_free(model);
}

static void a_gap_changes_nothing(void) {
    const fcd_test_setting settings[] = {{.name = "alpha", .number = 0.25}};
    fcd_test_model* const model = fcd_test_model_new("@ID@", settings, 1, 0);
    fcd_test_series* const series = fcd_test_series_new(model, 1);
    fcd_test_learn(series, 8);
    fcd_test_learn(series, 12);
    fcd_test_gap(series, 100);
    FCD_TEST_NEAR(fcd_test_judge(series, 0).expected, 9, 1e-12);
    fcd_test_series_free(series);
    fcd_test_model_free(model);
}

static void an_outlier_pulls_as_far_as_it_may(void) {
    fcd_test_model* const model = fcd_test_model_new("@ID@", NULL, 0, 0);
    fcd_test_series* const series = fcd_test_series_new(model, 1);
    fcd_test_learn(series, 10);
    fcd_test_give(series, 1000, 0, 2); /* learned as 12 */
    FCD_TEST_NEAR(fcd_test_judge(series, 0).expected, 11, 1e-12);
    fcd_test_series_free(series);
    fcd_test_model_free(model);
}

int main(void) {
    forecasts_the_level();
    a_gap_changes_nothing();
    an_outlier_pulls_as_far_as_it_may();
    return fcd_test_result();
}
