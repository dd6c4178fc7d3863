/* Forecasts the last value, in plain C. */
#include <forecastd/plugin.h>
#include <math.h>
typedef struct state {
    double last, seen; /* 0 at first, since a series begins as zeroes */
} state;
static char model; /* nothing to remember, but NULL would mean a failure */
static fcd_model* model_new(const fcd_value* values, const fcd_grid* grid, size_t* series_size,
                            fcd_error* error) {
    return (void)values, (void)grid, (void)error, *series_size = sizeof(state), (fcd_model*)&model;
}
static void model_free(fcd_model* made) { (void)made; }
static size_t advance(const fcd_model* made, const fcd_point* points, size_t count, fcd_verdict* verdicts,
                      fcd_error* error) {
    for (size_t i = 0; i < count; ++i) {
        const fcd_point* const p = &points[i];
        state* const s = p->series;
        const double expected = s->seen > 0 ? s->last : NAN, most = p->learn_limit;
        verdicts[i] = (fcd_verdict){NAN, expected, NAN, NAN, NAN, 0, 0};
        if ((p->flags & FCD_JUDGE_ONLY) || most == 0) continue; /* nothing is learned */
        const int is_limited = s->seen > 0 && !isnan(most);
        s->last = is_limited ? fmin(fmax(p->value, expected - most), expected + most) : p->value;
        s->seen = 1;
    }
    return (void)made, (void)error, count;
}
static int32_t forecast(const fcd_model* made, const void* series, const fcd_horizon* horizon,
                        fcd_prediction* out, fcd_error* error) {
    for (uint32_t i = 0; i < horizon->steps; ++i)
        out[i] = (fcd_prediction){((const state*)series)->last, NAN};
    return (void)made, (void)error, FCD_OK;
}
static const fcd_algorithm algorithm = {sizeof(fcd_algorithm),  FCD_FORECASTS,
                                        .state_version = 1,     .id = "example.last-value",
                                        .version = "1.0.0",     .summary = "Flat line at the last value.",
                                        .model_new = model_new, .model_free = model_free,
                                        .advance = advance,     .forecast = forecast};
FCD_PLUGIN(&algorithm)
