/* A chart for small lasting shifts of the mean, in plain C: two sums of what lies further from the mean than a slack,
 *   high <- max(0, high + z - slack),  low <- max(0, low - z - slack),  z = (value - mean) / deviation
 * The score is the greater sum in limits. Mean and deviation are those of the first points.
 * Source: E. S. Page, "Continuous Inspection Schemes", Biometrika 41 (1954). */
#include <forecastd/plugin.h>
#include <math.h>
#include <stdlib.h>

typedef struct state {
    double count, mean,
        squares;      /* of the first points; squares: of the distances from the mean, summed (Welford) */
    double high, low; /* the sums */
} state;
struct fcd_model {
    double slack, limit, first;
};

static const fcd_param params[] = {{.name = "slack",
                                    .doc = "Deviations that do not count.",
                                    .type = FCD_REAL,
                                    .initial = {.real = 0.5},
                                    .min = {.real = 0},
                                    .max = {.real = 100}},
                                   {.name = "limit",
                                    .doc = "The sum at which the score is 1.",
                                    .type = FCD_REAL,
                                    .initial = {.real = 8},
                                    .min = {.real = 0.1},
                                    .max = {.real = 1000}},
                                   {.name = "first",
                                    .doc = "Points that mean and deviation are taken from.",
                                    .type = FCD_STEPS,
                                    .initial = {.integer = 100},
                                    .min = {.integer = 2},
                                    .max = {.integer = 1000000}}};
static const char* const reasons[] = {"The mean has risen.", "The mean has fallen."};

static fcd_model* model_new(const fcd_value* values, const fcd_grid* grid, size_t* series_size,
                            fcd_error* error) {
    fcd_model* const model = malloc(sizeof *model);
    (void)grid, (void)error;
    if (model) *model = (fcd_model){values[0].real, values[1].real, (double)values[2].integer};
    *series_size = sizeof(state);
    return model;
}
static void model_free(fcd_model* model) { free(model); }

/* The sums with one more value; 0: there is no scale yet. */
static int added(const fcd_model* model, const state* s, double value, double* high, double* low) {
    const double deviation = sqrt(s->squares / (s->count - 1)), z = (value - s->mean) / deviation;
    if (s->count < model->first || !(deviation > 0) || !isfinite(z)) return 0;
    *high = fmax(0, s->high + z - model->slack);
    *low = fmax(0, s->low - z - model->slack);
    return 1;
}

static size_t advance(const fcd_model* model, const fcd_point* points, size_t count, fcd_verdict* verdicts,
                      fcd_error* error) {
    (void)error;
    for (size_t i = 0; i < count; ++i) {
        const fcd_point* const p = &points[i];
        state* const s = p->series;
        double high = 0, low = 0;
        const int known = added(model, s, p->value, &high, &low);
        verdicts[i] = (fcd_verdict){NAN, NAN, NAN, NAN, NAN, 0, 0};
        if (known) {
            verdicts[i].score = fmax(high, low) / model->limit;
            verdicts[i].expected = s->mean;
            if (verdicts[i].score > 1) verdicts[i].reason = high > low ? 1 : 2;
        }
        if ((p->flags & FCD_JUDGE_ONLY) || p->learn_limit == 0) continue;
        if (s->count < model->first) {
            const double distance = p->value - s->mean;
            s->mean += distance / ++s->count;
            s->squares += distance * (p->value - s->mean);
        } else if (known) {
            s->high =
                fmin(high, 2 * model->limit); /* so that a sum comes down again once the shift is over */
            s->low = fmin(low, 2 * model->limit);
        }
    }
    return count;
}

static const fcd_algorithm algorithm = {.struct_size = sizeof(fcd_algorithm),
                                        .abilities = FCD_DETECTS,
                                        .state_version = 1,
                                        .id = "example.cusum",
                                        .version = "1.0.0",
                                        .summary = "A chart for small lasting shifts of the mean.",
                                        .params = params,
                                        .param_count = sizeof params / sizeof params[0],
                                        .model_new = model_new,
                                        .model_free = model_free,
                                        .advance = advance,
                                        .reasons = reasons,
                                        .reason_count = 2};
FCD_PLUGIN(&algorithm)
