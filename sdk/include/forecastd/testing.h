/*
 * forecastd/testing.h: drives an algorithm without the host, for the unit tests of a plugin. In C99 and later, and in
 * C++; forecastd/testing.hpp is easier to use in C++.
 *
 * A test is a program of the plugin's sources and of its own, which calls the tables of the plugin as the host does:
 *
 *   fcd_test_setting settings[] = {{.name = "alpha", .number = 0.5}};
 *   fcd_test_model* model = fcd_test_model_new("acme.spikes", settings, 1, 0);
 *   fcd_test_series* series = fcd_test_series_new(model, 1);
 *   FCD_TEST(series != NULL);
 *   fcd_test_learn(series, 10);
 *   fcd_test_gap(series, 2);
 *   FCD_TEST_NEAR(fcd_test_judge(series, 20).expected, 10, 1e-12);
 *   fcd_test_series_free(series);
 *   fcd_test_model_free(model);
 *   return fcd_test_result();
 *
 * A state, and what a call writes to, lies directly against a page that nobody may touch: one byte too far ends the
 * test at that instruction, where a debugger stops. What lies up to 15 bytes behind, or before, is found after the call.
 *
 * A call that fails, or that breaks the contract, is a failure of the test, with a sentence on standard error, unless
 * the comment of a function says otherwise.
 *
 * Threads: one.
 */
#ifndef FORECASTD_TESTING_H
#define FORECASTD_TESTING_H

#include <forecastd/detail/guarded_memory.h>
#include <forecastd/detail/testing_checks.h>
#include <forecastd/detail/testing_params.h>
#include <forecastd/plugin.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fcd_test_model {
    const fcd_library* library;
    const fcd_algorithm* algorithm;
    fcd_model* made;
    size_t series_size;  /* bytes of a state */
    int64_t interval_ns; /* of the grid */
} fcd_test_model;

typedef struct fcd_test_series {
    const fcd_test_model* model;
    fcd_guarded state;
    int64_t next_step; /* that learn, judge and forecast begin with; 1000 at first */
} fcd_test_series;

/* ---- The plugin ------------------------------------------------------------------------------------ */

static inline void fcd_test_log_write(int32_t level, const char* text) {
    static const char* const levels[] = {"error", "warn", "info", "debug"};
    fprintf(stderr, "log: %s: %s\n", levels[level >= 0 && level < 4 ? level : 0], text);
}
static inline const void* fcd_test_service(const char* id) {
    static const fcd_log log = {sizeof(fcd_log), 0, fcd_test_log_write};
    return strcmp(id, FCD_LOG) == 0 ? &log : NULL;
}

/* The plugin's tables; NULL: it was compiled with other headers than the test. */
static inline const fcd_library* fcd_test_library(void) {
    static const fcd_host host = {sizeof(fcd_host), FCD_ABI_MAJOR,   FCD_ABI_MINOR, 0,
                                  "testing",        fcd_test_service};
    static const fcd_library* library;
    if (library) return library;
    library = forecastd_library_v1(&host);
    if (library && library->abi_minor == FCD_ABI_MINOR && library->param_size == sizeof(fcd_param) &&
        library->point_size == sizeof(fcd_point) && library->verdict_size == sizeof(fcd_verdict) &&
        library->prediction_size == sizeof(fcd_prediction))
        return library;
    FCD_TEST_FAILED("the plugin and its test were compiled with different headers",
                    "compile both with one SDK");
    return library = NULL;
}

/* The algorithm with an id; NULL: there is none, as error->text says. */
static inline const fcd_algorithm* fcd_test_find(const char* id, fcd_error* error) {
    const fcd_library* const library = fcd_test_library();
    uint32_t i;
    for (i = 0; library && i < library->algorithm_count; ++i)
        if (strcmp(library->algorithms[i]->id, id) == 0) return library->algorithms[i];
    snprintf(error->text, sizeof error->text, "the plugin has no algorithm '%.100s'", id);
    return NULL;
}

/* ---- A model --------------------------------------------------------------------------------------- */

/* Makes a model with settings, all other parameters at their defaults. interval_ns: 0 is 1 s. NULL: it is refused, for
 * which error->text has the sentence; with error NULL that is a failure. fcd_test_model_free() frees it. */
static inline fcd_test_model* fcd_test_model_try(const char* id, const fcd_test_setting* settings,
                                                 size_t count, int64_t interval_ns, fcd_error* error) {
    fcd_error own = {sizeof(fcd_error), 0, ""};
    const fcd_algorithm* const algorithm = fcd_test_find(id, &own);
    const size_t room = algorithm ? algorithm->param_count + 1 : 1;
    fcd_test_model* const model = (fcd_test_model*)calloc(1, sizeof *model);
    fcd_integers* const lists = (fcd_integers*)calloc(room, sizeof *lists);
    fcd_value* const values = (fcd_value*)calloc(room, sizeof *values);
    fcd_grid grid = {sizeof(fcd_grid), 0, 1000000000};
    if (interval_ns > 0) grid.interval_ns = interval_ns;
    if (algorithm && model && lists && values) {
        model->library = fcd_test_library();
        model->algorithm = algorithm;
        model->interval_ns = grid.interval_ns;
        if (fcd_test_values(algorithm, settings, count, grid.interval_ns, lists, values, &own))
            model->made = algorithm->model_new(values, &grid, &model->series_size, &own);
    }
    free(values);
    free(lists);
    if (model && model->made) return model;
    if (error) *error = own;
    if (!error) FCD_TEST_FAILED("the model was not made", own.text);
    free(model);
    return NULL;
}
static inline fcd_test_model* fcd_test_model_new(const char* id, const fcd_test_setting* settings,
                                                 size_t count, int64_t interval_ns) {
    return fcd_test_model_try(id, settings, count, interval_ns, NULL);
}
static inline void fcd_test_model_free(fcd_test_model* model) {
    if (!model) return;
    model->algorithm->model_free(model->made);
    free(model);
}

/* ---- A series -------------------------------------------------------------------------------------- */

/* Begins a series; NULL, and a failure: it cannot begin. The model must outlive it; fcd_test_series_free() ends it.
 * id_hash: the seed of its random numbers. */
static inline fcd_test_series* fcd_test_series_new(const fcd_test_model* model, uint64_t id_hash) {
    const fcd_series_info info = {sizeof(fcd_series_info), 0, id_hash, model ? 1000 * model->interval_ns : 0};
    fcd_error error = {sizeof(fcd_error), 0, ""};
    fcd_test_series* series;
    if (!model || !(series = (fcd_test_series*)calloc(1, sizeof *series))) return NULL;
    series->model = model;
    series->next_step = 1000;
    series->state = fcd_guarded_new(model->series_size, FCD_AGAINST_PAGE_BEHIND);
    if (!series->state.bytes) {
        FCD_TEST_FAILED("a series cannot begin", "there is not enough memory");
    } else if (model->algorithm->series_init &&
               model->algorithm->series_init(model->made, series->state.bytes, &info, &error) != FCD_OK) {
        FCD_TEST_FAILED("a series cannot begin", error.text);
        fcd_guarded_free(&series->state);
    }
    if (series->state.bytes) return series;
    free(series);
    return NULL;
}
static inline void fcd_test_series_free(fcd_test_series* series) {
    if (!series) return;
    if (series->model->algorithm->series_free)
        series->model->algorithm->series_free(series->model->made, series->state.bytes);
    fcd_guarded_free(&series->state);
    free(series);
}

/* A value at the next step of a series; its other fields may be changed before it is given to fcd_test_advance(). */
static inline fcd_point fcd_test_point(const fcd_test_series* series, double value) {
    fcd_point point;
    memset(&point, 0, sizeof point);
    point.series = series->state.bytes;
    point.step = point.local_step = series->next_step;
    point.time_ns = series->next_step * series->model->interval_ns;
    point.value = value;
    point.expected = point.deviation = point.learn_limit = NAN;
    return point;
}

/* Leaves out steps. */
static inline void fcd_test_gap(fcd_test_series* series, int64_t steps) { series->next_step += steps; }

/* Gives points to the model in one call, as the host does; they may be of several of its series. Returns how many were
 * done; error says why the next one was not. verdicts[count]. It does not move next_step. */
static inline size_t fcd_test_advance(const fcd_test_model* model, const fcd_point* points, size_t count,
                                      fcd_verdict* verdicts, fcd_error* error) {
    const uint32_t inputs = model->algorithm->input_count;
    fcd_guarded in = fcd_guarded_new(count * sizeof *points, FCD_AGAINST_PAGE_BEHIND);
    fcd_guarded out = fcd_guarded_new(count * sizeof *verdicts, FCD_AGAINST_PAGE_BEHIND);
    fcd_guarded unknown = fcd_guarded_new(inputs * sizeof(double), FCD_AGAINST_PAGE_BEHIND);
    size_t done = 0, i;
    if (in.bytes && out.bytes && unknown.bytes) {
        memcpy(in.bytes, points, count * sizeof *points);
        for (i = 0; i < inputs; ++i) ((double*)(void*)unknown.bytes)[i] = NAN;
        for (i = 0; i < count; ++i) {
            fcd_point* const point = (fcd_point*)(void*)in.bytes + i;
            if (inputs > 0 && !point->inputs) point->inputs = (const double*)(const void*)unknown.bytes;
        }
        done = model->algorithm->advance(model->made, (const fcd_point*)(const void*)in.bytes, count,
                                         (fcd_verdict*)(void*)out.bytes, error);
        memcpy(verdicts, out.bytes, count * sizeof *verdicts);
        if (!fcd_guarded_intact(&out)) FCD_TEST_FAILED("it wrote beside the verdicts", NULL);
        if (done > count) FCD_TEST_FAILED("it says that it has done more points than it got", NULL);
    }
    fcd_guarded_free(&in);
    fcd_guarded_free(&out);
    fcd_guarded_free(&unknown);
    return done;
}

/* One point, with flags such as FCD_JUDGE_ONLY, and a learn_limit. */
static inline fcd_verdict fcd_test_give(fcd_test_series* series, double value, uint32_t flags,
                                        double learn_limit) {
    fcd_error error = {sizeof(fcd_error), 0, ""};
    fcd_verdict verdict = {NAN, NAN, NAN, NAN, NAN, 0, 0};
    fcd_point point = fcd_test_point(series, value);
    point.flags = flags;
    point.learn_limit = learn_limit;
    if (fcd_test_advance(series->model, &point, 1, &verdict, &error) != 1)
        FCD_TEST_FAILED("a point failed", error.text);
    if (!fcd_guarded_intact(&series->state)) FCD_TEST_FAILED("it wrote beside the state of its series", NULL);
    if (!(flags & FCD_JUDGE_ONLY)) ++series->next_step;
    return verdict;
}
/* Judges and learns a value at the next step. */
static inline fcd_verdict fcd_test_learn(fcd_test_series* series, double value) {
    return fcd_test_give(series, value, 0, NAN);
}
/* Judges a value at the next step, and learns nothing. */
static inline fcd_verdict fcd_test_judge(fcd_test_series* series, double value) {
    return fcd_test_give(series, value, FCD_JUDGE_ONLY, NAN);
}

/* Forecasts from the next step on: out[steps]. FCD_NOT_YET is no failure. */
static inline int32_t fcd_test_forecast(const fcd_test_series* series, uint32_t steps, fcd_prediction* out) {
    const fcd_test_model* const model = series->model;
    const size_t inputs = (size_t)model->algorithm->input_count * steps;
    fcd_guarded written = fcd_guarded_new(steps * sizeof *out, FCD_AGAINST_PAGE_BEHIND);
    fcd_guarded unknown = fcd_guarded_new(inputs * sizeof(double), FCD_AGAINST_PAGE_BEHIND);
    fcd_error error = {sizeof(fcd_error), 0, ""};
    fcd_horizon horizon;
    int32_t result = FCD_ERROR;
    size_t i;
    memset(&horizon, 0, sizeof horizon);
    horizon.struct_size = sizeof horizon;
    horizon.steps = steps;
    horizon.first_step = series->next_step;
    horizon.input_count = model->algorithm->input_count;
    if (!model->algorithm->forecast) {
        snprintf(error.text, sizeof error.text, "the algorithm does not forecast");
    } else if (written.bytes && unknown.bytes) {
        for (i = 0; i < inputs; ++i) ((double*)(void*)unknown.bytes)[i] = NAN;
        horizon.inputs = inputs > 0 ? (const double*)(const void*)unknown.bytes : NULL;
        result = model->algorithm->forecast(model->made, series->state.bytes, &horizon,
                                            (fcd_prediction*)(void*)written.bytes, &error);
        memcpy(out, written.bytes, steps * sizeof *out);
        if (!fcd_guarded_intact(&written)) FCD_TEST_FAILED("it wrote beside the predictions", NULL);
        if (!fcd_guarded_intact(&series->state))
            FCD_TEST_FAILED("it wrote beside the state in a forecast", NULL);
    }
    if (result == FCD_ERROR) FCD_TEST_FAILED("a forecast failed", error.text);
    fcd_guarded_free(&written);
    fcd_guarded_free(&unknown);
    return result;
}

/* Whether the state of a series can be saved, and a series that begins with what was saved is the same. */
static inline int fcd_test_survives(const fcd_test_series* series) {
    const fcd_test_model* const model = series->model;
    const fcd_algorithm* const table = model->algorithm;
    fcd_error error = {sizeof(fcd_error), 0, ""};
    fcd_test_series* again;
    size_t size;
    int same = 0;
    if (!table->save) return !table->series_free; /* plain bytes, which the host copies */
    size = table->save(model->made, series->state.bytes, NULL, 0, &error);
    again = fcd_test_series_new(model, 1);
    if (size > 0 && again && table->load) {
        fcd_guarded saved = fcd_guarded_new(size, FCD_AGAINST_PAGE_BEHIND);
        fcd_guarded twice = fcd_guarded_new(size, FCD_AGAINST_PAGE_BEHIND);
        fcd_saved about;
        memset(&about, 0, sizeof about);
        about.struct_size = sizeof about;
        about.state_version = table->state_version;
        about.interval_ns = model->interval_ns;
        about.bytes = saved.bytes;
        about.size = size;
        if (saved.bytes && twice.bytes)
            same = table->save(model->made, series->state.bytes, saved.bytes, size, &error) == size &&
                   table->load(model->made, again->state.bytes, &about, &error) == FCD_OK &&
                   table->save(model->made, again->state.bytes, twice.bytes, size, &error) == size &&
                   memcmp(saved.bytes, twice.bytes, size) == 0;
        fcd_guarded_free(&saved);
        fcd_guarded_free(&twice);
    }
    fcd_test_series_free(again);
    return same;
}

#ifdef __cplusplus
}
#endif

#endif /* FORECASTD_TESTING_H */
