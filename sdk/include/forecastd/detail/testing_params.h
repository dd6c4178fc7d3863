/*
 * Parameters as a unit test sets them, checked against the table of the algorithm. Part of forecastd/testing.h.
 */
#ifndef FORECASTD_DETAIL_TESTING_PARAMS_H
#define FORECASTD_DETAIL_TESTING_PARAMS_H

#include <forecastd/plugin.h>

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A parameter of another value than its default. */
typedef struct fcd_test_setting {
    const char* name;
    double number;        /* of a real, an integer, a boolean (0 or 1), steps, a duration in nanoseconds */
    const char* choice;   /* of a choice: its name; else NULL */
    const int64_t* items; /* of integers: all of them; NULL: "auto" */
} fcd_test_setting;

static inline double fcd_test_within(double number, double min, double max) {
    return number < min ? min : number > max ? max : number;
}

/* The default of a parameter. */
static inline fcd_value fcd_test_default(const fcd_param* param, int64_t interval_ns) {
    static const fcd_integers none = {0, NULL};
    fcd_value value = param->initial;
    if (param->flags & FCD_INITIAL_DURATION)
        value.integer = (int64_t)fcd_test_within(floor((double)value.integer / (double)interval_ns + 0.5),
                                                 (double)param->min.integer, (double)param->max.integer);
    if (param->type == FCD_INTEGERS && !value.integers) value.integers = &none;
    return value;
}

/* Writes a setting's value; a sentence if it does not fit. list: room for a list of integers. */
static inline const char* fcd_test_set(const fcd_param* param, const fcd_test_setting* setting,
                                       fcd_integers* list, fcd_value* value) {
    size_t i;
    switch (param->type) {
        case FCD_REAL:
            value->real = setting->number;
            if (setting->number >= param->min.real && setting->number <= param->max.real) return NULL;
            return "its value is outside of its range";
        case FCD_CHOICE:
            for (i = 0; setting->choice && param->choices[i]; ++i)
                if (strcmp(param->choices[i], setting->choice) == 0) break;
            value->integer = (int64_t)i;
            return setting->choice && param->choices[i] ? NULL : "its choice is none of those that it has";
        case FCD_INTEGERS:
            list->count = setting->items ? param->count : 0;
            list->items = setting->items;
            value->integers = list;
            if (!setting->items && !(param->flags & FCD_AUTO)) return "it cannot be \"auto\"";
            for (i = 0; i < list->count; ++i)
                if (setting->items[i] < param->min.integer || setting->items[i] > param->max.integer)
                    return "an item is outside of its range";
            return NULL;
        case FCD_BOOLEAN:
            value->integer = setting->number != 0;
            return NULL;
        default:
            value->integer = (int64_t)setting->number;
            if (value->integer == 0 && (param->flags & FCD_AUTO)) return NULL;
            if (value->integer >= param->min.integer && value->integer <= param->max.integer) return NULL;
            return "its value is outside of its range";
    }
}

/* The parameter of a name; param_count: there is none. */
static inline size_t fcd_test_param(const fcd_algorithm* algorithm, const char* name) {
    size_t i = 0;
    while (i < algorithm->param_count && strcmp(algorithm->params[i].name, name) != 0) ++i;
    return i;
}

/* The value of each parameter, in their order. 0: a setting is wrong, as error->text says. lists, values:
 * [param_count]. */
static inline int fcd_test_values(const fcd_algorithm* algorithm, const fcd_test_setting* settings,
                                  size_t count, int64_t interval_ns, fcd_integers* lists, fcd_value* values,
                                  fcd_error* error) {
    const fcd_param* const params = algorithm->params;
    const char* wrong = NULL;
    const char* name = "";
    size_t i, k;
    for (i = 0; i < algorithm->param_count; ++i) values[i] = fcd_test_default(&params[i], interval_ns);
    for (k = 0; k < count && !wrong; ++k) {
        name = settings[k].name;
        i = fcd_test_param(algorithm, name);
        wrong = i < algorithm->param_count ? fcd_test_set(&params[i], &settings[k], &lists[i], &values[i])
                                           : "there is no parameter of this name";
    }
    for (i = 0; i < algorithm->param_count && !wrong; ++i) {
        for (k = 0; k < count && strcmp(settings[k].name, params[i].name) != 0; ++k) continue;
        name = params[i].name;
        if (k == count && (params[i].flags & FCD_REQUIRED)) wrong = "it has no default and must be set";
    }
    if (wrong) snprintf(error->text, sizeof error->text, "parameter '%.60s': %s", name, wrong);
    return !wrong;
}

#ifdef __cplusplus
}
#endif

#endif /* FORECASTD_DETAIL_TESTING_PARAMS_H */
