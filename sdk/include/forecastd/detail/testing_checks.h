/*
 * The checks of a unit test: they count what has failed and go on. Part of forecastd/testing.h.
 */
#ifndef FORECASTD_DETAIL_TESTING_CHECKS_H
#define FORECASTD_DETAIL_TESTING_CHECKS_H

#include <math.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Counts a failure unless a condition holds, and goes on. */
#define FCD_TEST(condition) \
    ((condition) ? (void)0 : fcd_test_failed(__FILE__, __LINE__, "expected " #condition, NULL))
/* The same unless two numbers differ by at most `most`, or are both NaN. */
#define FCD_TEST_NEAR(found, wanted, most) \
    fcd_test_near(__FILE__, __LINE__, #found, (found), (wanted), (most))

static inline int* fcd_test_failures(void) {
    static int count;
    return &count;
}
static inline void fcd_test_failed(const char* file, int line, const char* what, const char* why) {
    ++*fcd_test_failures();
    fprintf(stderr, "%s:%d: %s%s%s\n", file, line, what, why && *why ? ": " : "", why ? why : "");
}
static inline void fcd_test_near(const char* file, int line, const char* text, double found, double wanted,
                                 double most) {
    char why[100];
    if ((isnan(found) && isnan(wanted)) || fabs(found - wanted) <= most) return;
    snprintf(why, sizeof why, "found %.17g, expected %.17g", found, wanted);
    fcd_test_failed(file, line, text, why);
}
/* What main() returns: 0 if nothing has failed. Says how many have. */
static inline int fcd_test_result(void) {
    if (*fcd_test_failures() > 0) fprintf(stderr, "%d failed\n", *fcd_test_failures());
    return *fcd_test_failures() > 0;
}
#define FCD_TEST_FAILED(what, why) fcd_test_failed(__FILE__, __LINE__, what, why)

#ifdef __cplusplus
}
#endif

#endif /* FORECASTD_DETAIL_TESTING_CHECKS_H */
