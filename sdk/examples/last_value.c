/* Forecasts the last value, in plain C: what forecastd/plugin.hpp writes for authors of C++. */
#include <forecastd/plugin.h>
#include <math.h>

typedef struct state {
    double last;
    int64_t seen; /* 0 at first, since a series begins as zeroes */
} state;

static fcd_model* model_new(const fcd_value* values, const fcd_grid* grid, size_t* series_size,
                            fcd_error* error) {
    static char model; /* there is nothing to remember, but NULL would mean a failure */
    (void)values, (void)grid, (void)error;
    *series_size = sizeof(state);
    return (fcd_model*)&model;
}

static void model_free(fcd_model* model) {
    (void)model;
}

static size_t advance(const fcd_model* model, const fcd_point* points, size_t count, fcd_verdict* verdicts,
                      fcd_error* error) {
    (void)model, (void)error;
    for (size_t i = 0; i < count; ++i) {
        state* const series = points[i].series;
        verdicts[i] = (fcd_verdict){NAN, series->seen ? series->last : NAN, NAN, NAN, NAN};
        *series = (state){points[i].value, 1};
    }
    return count;
}

static int32_t forecast(const fcd_model* model, const void* series, const fcd_horizon* horizon,
                        fcd_prediction* out, fcd_error* error) {
    (void)model, (void)error;
    for (uint32_t i = 0; i < horizon->steps; ++i)
        out[i] = (fcd_prediction){((const state*)series)->last, NAN};
    return FCD_OK;
}

static const fcd_algorithm algorithm = {
    .struct_size = sizeof(fcd_algorithm),
    .abilities = FCD_FORECASTS,
    .state_version = 1,
    .id = "example.last-value",
    .version = "1.0.0",
    .summary = "Flat line at the last value.",
    .model_new = model_new,
    .model_free = model_free,
    .advance = advance,
    .forecast = forecast,
};
static const fcd_algorithm* const algorithms[] = {&algorithm};
static const fcd_library library = {
    .struct_size = sizeof(fcd_library),
    .abi_major = FCD_ABI_MAJOR,
    .abi_minor = FCD_ABI_MINOR,
    .param_size = sizeof(fcd_param),
    .point_size = sizeof(fcd_point),
    .verdict_size = sizeof(fcd_verdict),
    .prediction_size = sizeof(fcd_prediction),
    .algorithm_count = 1,
    .algorithms = algorithms,
};

const fcd_library* forecastd_library_v1(const fcd_host* host) {
    (void)host;
    return &library;
}
