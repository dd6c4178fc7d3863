#include <forecastd/plugin.h>
#include <math.h>
#include <stdlib.h>

/* Forecasts a flat line at the exponentially smoothed level of a series:
 *   level <- level + alpha (value - level) */
typedef struct state {
    double level;
    double seen; /* 0 at first, since a series begins as zeroes */
} state;
struct fcd_model {
    double alpha;
};

static const fcd_param params[] = {{.name = "alpha",
                                    .doc = "Weight of the newest value.",
                                    .type = FCD_REAL,
                                    .initial = {.real = 0.5},
                                    .min = {.real = 0.01},
                                    .max = {.real = 1.0}}};

static fcd_model* model_new(const fcd_value* values, const fcd_grid* grid, size_t* series_size, fcd_error* error) {
    fcd_model* const model = malloc(sizeof *model);
    (void)grid, (void)error;
    if (model) model->alpha = values[0].real;
    *series_size = sizeof(state);
    return model;
}
static void model_free(fcd_model* model) { free(model); }

static size_t advance(const fcd_model* model, const fcd_point* points, size_t count, fcd_verdict* verdicts,
                      fcd_error* error) {
    (void)error;
    for (size_t i = 0; i < count; ++i) {
        const fcd_point* const p = &points[i];
        state* const s = p->series;
        const double expected = s->seen > 0 ? s->level : NAN;
        double value = p->value;
        verdicts[i] = (fcd_verdict){NAN, expected, NAN, NAN, NAN, 0, 0};

        if ((p->flags & FCD_JUDGE_ONLY) || p->learn_limit == 0) continue;
        if (s->seen > 0 && !isnan(p->learn_limit))
            value = fmin(fmax(value, expected - p->learn_limit), expected + p->learn_limit);

        s->level += (s->seen > 0 ? model->alpha : 1) * (value - s->level);
        s->seen = 1;
    }
    return count;
}

static int32_t forecast(const fcd_model* model, const void* series, const fcd_horizon* horizon, fcd_prediction* out,
                        fcd_error* error) {
    const state* const s = series;
    (void)model, (void)error;
    if (s->seen == 0) return FCD_NOT_YET;
    for (uint32_t i = 0; i < horizon->steps; ++i) out[i] = (fcd_prediction){s->level, NAN}; /* the host finds the deviation */
    return FCD_OK;
}

static const fcd_algorithm algorithm = {.struct_size = sizeof(fcd_algorithm),
                                        .abilities = FCD_FORECASTS,
                                        .state_version = 1,
                                        .id = "@ID@",
                                        .version = "0.1.0",
                                        .summary = "Flat line at the smoothed level.",
                                        .params = params,
                                        .param_count = sizeof params / sizeof params[0],
                                        .model_new = model_new,
                                        .model_free = model_free,
                                        .advance = advance,
                                        .forecast = forecast};
FCD_PLUGIN(&algorithm)
