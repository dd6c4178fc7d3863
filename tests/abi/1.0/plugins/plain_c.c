/* A forecaster in C that owns memory, saves and loads, keeps learn_limit, and tells diagnostics. */
#include <forecastd/plugin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct model {
    double weight;
} model;
typedef struct state {
    double* mean; /* memory of its own */
    int64_t points;
} state;

static const fcd_param params[] = {
    {.name = "weight",
     .doc = "Weight of the newest value.",
     .type = FCD_REAL,
     .initial = {.real = 0.5},
     .min = {.real = 0},
     .max = {.real = 1}},
};

static fcd_model* model_new(const fcd_value* values, const fcd_grid* grid, size_t* series_size,
                            fcd_error* error) {
    model* const made = malloc(sizeof *made);
    if (!made || grid->struct_size < sizeof *grid) {
        strcpy(error->text, "there is no memory for a model");
        free(made);
        return NULL;
    }
    made->weight = values[0].real;
    *series_size = sizeof(state);
    return (fcd_model*)made;
}
static void model_free(fcd_model* made) { free(made); }

static int32_t series_init(const fcd_model* made, void* series, const fcd_series_info* info,
                           fcd_error* error) {
    state* const s = series;
    s->mean = malloc(sizeof *s->mean);
    (void)made, (void)info;
    if (!s->mean) {
        strcpy(error->text, "there is no memory for a series");
        error->code = FCD_ASK_LATER;
        return FCD_ERROR;
    }
    *s->mean = NAN;
    return FCD_OK;
}
static void series_free(const fcd_model* made, void* series) {
    (void)made;
    free(((state*)series)->mean);
}

static double clamp(double value, double low, double high) { return fmin(fmax(value, low), high); }

static size_t advance(const fcd_model* made, const fcd_point* points, size_t count, fcd_verdict* verdicts,
                      fcd_error* error) {
    for (size_t i = 0; i < count; ++i) {
        const fcd_point* const p = &points[i];
        state* const s = p->series;
        const double expected = *s->mean;
        double value = p->value;
        if (value < -1e6) {
            strcpy(error->text, "the value is below -1e6");
            error->code = FCD_BEGIN_AGAIN;
            return i;
        }
        verdicts[i] = (fcd_verdict){NAN, expected, NAN, NAN, NAN, 0, 0};
        if ((p->flags & FCD_JUDGE_ONLY) || p->learn_limit == 0) continue;
        if (!isnan(expected) && !isnan(p->learn_limit))
            value = clamp(value, expected - p->learn_limit, expected + p->learn_limit);
        *s->mean = isnan(expected) ? value : expected + ((const model*)made)->weight * (value - expected);
        ++s->points;
    }
    return count;
}
static int32_t forecast(const fcd_model* made, const void* series, const fcd_horizon* horizon,
                        fcd_prediction* out, fcd_error* error) {
    (void)made, (void)error;
    for (uint32_t i = 0; i < horizon->steps; ++i) out[i] = (fcd_prediction){*((const state*)series)->mean, 2};
    return FCD_OK;
}

static size_t save(const fcd_model* made, const void* series, void* bytes, size_t size, fcd_error* error) {
    const state* const s = series;
    (void)made, (void)error;
    if (size >= 16) {
        memcpy(bytes, s->mean, 8);
        memcpy((char*)bytes + 8, &s->points, 8);
    }
    return 16;
}
static int32_t load(const fcd_model* made, void* series, const fcd_saved* saved, fcd_error* error) {
    state* const s = series;
    (void)made;
    if (saved->state_version != 1 || saved->size != 16) {
        strcpy(error->text, "the saved state is not 16 bytes of version 1");
        return FCD_ERROR;
    }
    memcpy(s->mean, saved->bytes, 8);
    memcpy(&s->points, (const char*)saved->bytes + 8, 8);
    return FCD_OK;
}

static int32_t diagnose(const fcd_model* made, const void* series, fcd_value* out, fcd_error* error) {
    (void)made, (void)error;
    out[0].integer = ((const state*)series)->points;
    return FCD_OK;
}
static const fcd_diagnostic rows[] = {{"points", "Points learned.", FCD_INTEGER, 0, NULL}};
static const fcd_diagnostics diagnostics = {
    sizeof(fcd_diagnostics), sizeof(fcd_diagnostic), 1, 0, rows, diagnose};
static const void* extension(const char* id) {
    return strcmp(id, FCD_DIAGNOSTICS) == 0 ? &diagnostics : NULL;
}

static const fcd_algorithm algorithm = {.struct_size = sizeof(fcd_algorithm),
                                        .abilities = FCD_FORECASTS,
                                        .state_version = 1,
                                        .param_count = 1,
                                        .id = "abi.plain-c",
                                        .version = "1.0.0",
                                        .summary = "The weighted mean, in C.",
                                        .params = params,
                                        .model_new = model_new,
                                        .model_free = model_free,
                                        .series_init = series_init,
                                        .series_free = series_free,
                                        .advance = advance,
                                        .forecast = forecast,
                                        .save = save,
                                        .load = load,
                                        .extension = extension};
FCD_PLUGIN(&algorithm)
