#include <forecastd/plugin.h>
#include <math.h>
#include <stdlib.h>

/* Scores a point by its distance from the exponentially smoothed level, in smoothed distances:
 *   spread <- spread + alpha (|value - level| - spread),  level <- level + alpha (value - level) */
typedef struct state {
    double level, spread;
    double seen; /* 0 at first, since a series begins as zeroes */
} state;
struct fcd_model {
    double alpha, k;
};

static const fcd_param params[] = {{.name = "alpha",
                                    .doc = "Weight of the newest value.",
                                    .type = FCD_REAL,
                                    .initial = {.real = 0.5},
                                    .min = {.real = 0.01},
                                    .max = {.real = 1.0}},
                                   {.name = "k",
                                    .doc = "Usual distances at which the score is 1.",
                                    .type = FCD_REAL,
                                    .initial = {.real = 4.0},
                                    .min = {.real = 0.1},
                                    .max = {.real = 1000.0}}};

static fcd_model* model_new(const fcd_value* values, const fcd_grid* grid, size_t* series_size, fcd_error* error) {
    fcd_model* const model = malloc(sizeof *model);
    (void)grid, (void)error;
    if (model) *model = (fcd_model){.alpha = values[0].real, .k = values[1].real};
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
        const double limit = model->k * s->spread, distance = p->value - s->level;
        verdicts[i] = (fcd_verdict){NAN, NAN, NAN, NAN, NAN, 0, 0};
        if (s->spread > 0) /* without a distance there is no scale */
            verdicts[i] = (fcd_verdict){fabs(distance) / limit, s->level, NAN, s->level - limit, s->level + limit, 0, 0};

        if ((p->flags & FCD_JUDGE_ONLY) || p->learn_limit == 0) continue;

        if (s->seen > 0) {
            s->spread += model->alpha * (fabs(distance) - s->spread);
            s->level += model->alpha * distance;
        } else {
            *s = (state){.level = p->value, .seen = 1};
        }
    }
    return count;
}

static const fcd_algorithm algorithm = {.struct_size = sizeof(fcd_algorithm),
                                        .abilities = FCD_DETECTS,
                                        .state_version = 1,
                                        .id = "@ID@",
                                        .version = "0.1.0",
                                        .summary = "Distance from the smoothed level.",
                                        .params = params,
                                        .param_count = sizeof params / sizeof params[0],
                                        .model_new = model_new,
                                        .model_free = model_free,
                                        .advance = advance};
FCD_PLUGIN(&algorithm)
