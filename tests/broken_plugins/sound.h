/* The tables of a plugin with nothing wrong. A broken plugin includes this, and spoils one thing in its
 * entry. */
#ifndef FORECASTD_BROKEN_PLUGINS_SOUND_H
#define FORECASTD_BROKEN_PLUGINS_SOUND_H

#include <forecastd/plugin.h>
#include <math.h>

static fcd_model* model_new(const fcd_value* values, const fcd_grid* grid, size_t* series_size,
                            fcd_error* error) {
    static char model;
    (void)values, (void)grid, (void)error;
    *series_size = 0;
    return (fcd_model*)&model;
}

static void model_free(fcd_model* model) { (void)model; }

static size_t advance(const fcd_model* model, const fcd_point* points, size_t count, fcd_verdict* verdicts,
                      fcd_error* error) {
    size_t i;
    (void)model, (void)points, (void)error;
    for (i = 0; i < count; ++i) verdicts[i] = (fcd_verdict){NAN, NAN, NAN, NAN, NAN, 0, 0};
    return count;
}

static fcd_param params[] = {
    {.name = "weight", .doc = "A weight.", .type = FCD_REAL, .initial.real = 0.5, .max.real = 1}};

static fcd_algorithm algorithm = {.struct_size = sizeof(fcd_algorithm),
                                  .abilities = FCD_DETECTS,
                                  .state_version = 1,
                                  .param_count = 1,
                                  .id = "broken.sound",
                                  .version = "1.0.0",
                                  .summary = "Never says anything.",
                                  .params = params,
                                  .model_new = model_new,
                                  .model_free = model_free,
                                  .advance = advance};
static const fcd_algorithm* const algorithms[] = {&algorithm};

static fcd_library library = {.struct_size = sizeof(fcd_library),
                              .abi_major = FCD_ABI_MAJOR,
                              .abi_minor = FCD_ABI_MINOR,
                              .param_size = sizeof(fcd_param),
                              .point_size = sizeof(fcd_point),
                              .verdict_size = sizeof(fcd_verdict),
                              .prediction_size = sizeof(fcd_prediction),
                              .input_size = sizeof(fcd_input),
                              .saved_param_size = sizeof(fcd_saved_param),
                              .algorithm_count = 1,
                              .algorithms = algorithms};

/* The entry point: runs the statements on the tables above, then hands them out. */
#define SPOILT_PLUGIN(...)                                          \
    const fcd_library* forecastd_library_v1(const fcd_host* host) { \
        (void)host;                                                 \
        __VA_ARGS__;                                                \
        return &library;                                            \
    }

#endif
