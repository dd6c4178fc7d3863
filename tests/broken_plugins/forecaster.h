/* A sound forecaster in C: halfway between the last value and a mean. A broken plugin includes this, and spoils one
 * thing in its entry. */
#ifndef FORECASTD_BROKEN_PLUGINS_FORECASTER_H
#define FORECASTD_BROKEN_PLUGINS_FORECASTER_H

#include <string.h>

#include "sound.h"

typedef struct state {
    double mean, last;
    int64_t known; /* 0: nothing was learned */
} state;

static fcd_model* forecaster_new(const fcd_value* values, const fcd_grid* grid, size_t* series_size,
                                 fcd_error* error) {
    fcd_model* const model = model_new(values, grid, series_size, error);
    *series_size = sizeof(state);
    return model;
}

static double expected(const state* s) { return s->known ? (s->mean + s->last) / 2 : NAN; }

static double limited(const state* s, const fcd_point* point) {
    const double distance = point->value - expected(s);
    if (isnan(point->learn_limit) || isnan(distance) || fabs(distance) <= point->learn_limit)
        return point->value;
    return expected(s) + copysign(point->learn_limit, distance);
}

static void learn(state* s, double value) {
    s->mean = s->known ? s->mean + 0.1 * (value - s->mean) : value;
    s->last = value;
    s->known = 1;
}

static size_t forecaster_advance(const fcd_model* model, const fcd_point* points, size_t count,
                                 fcd_verdict* verdicts, fcd_error* error) {
    size_t i;
    (void)model, (void)error;
    for (i = 0; i < count; ++i) {
        state* const s = (state*)points[i].series;
        verdicts[i] = (fcd_verdict){NAN, expected(s), NAN, NAN, NAN, 0, 0};
        if ((points[i].flags & FCD_JUDGE_ONLY) != 0 || points[i].learn_limit == 0) continue;
        learn(s, limited(s, &points[i]));
    }
    return count;
}

static int32_t forecaster_forecast(const fcd_model* model, const void* series, const fcd_horizon* horizon,
                                   fcd_prediction* out, fcd_error* error) {
    const state* const s = (const state*)series;
    uint32_t i;
    (void)model, (void)error;
    if (!s->known) return FCD_NOT_YET;
    for (i = 0; i < horizon->steps; ++i) out[i] = (fcd_prediction){expected(s), NAN};
    return FCD_OK;
}

#define SPOILT_FORECASTER(...)                                                                      \
    SPOILT_PLUGIN(algorithm.abilities = FCD_FORECASTS, algorithm.model_new = forecaster_new,        \
                  algorithm.advance = forecaster_advance, algorithm.forecast = forecaster_forecast, \
                  __VA_ARGS__)

#endif
