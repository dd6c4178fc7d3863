/* Loads an index without a look at it. */
#include <string.h>

#include "sound.h"

typedef struct ring {
    uint32_t at, unused;
    double values[8];
} ring;

static fcd_model* ring_new(const fcd_value* values, const fcd_grid* grid, size_t* series_size,
                           fcd_error* error) {
    fcd_model* const model = model_new(values, grid, series_size, error);
    *series_size = sizeof(ring);
    return model;
}

static size_t ring_advance(const fcd_model* model, const fcd_point* points, size_t count,
                           fcd_verdict* verdicts, fcd_error* error) {
    size_t i;
    (void)model, (void)error;
    for (i = 0; i < count; ++i) {
        ring* const r = (ring*)points[i].series;
        verdicts[i] = (fcd_verdict){0.1, NAN, NAN, NAN, NAN, 0, 0};
        if ((points[i].flags & FCD_JUDGE_ONLY) != 0 || points[i].learn_limit == 0) continue;
        r->values[r->at] = points[i].value;
        r->at = (r->at + 1) % 8;
    }
    return count;
}

static int32_t load(const fcd_model* model, void* series, const fcd_saved* saved, fcd_error* error) {
    (void)model, (void)error;
    memcpy(series, saved->bytes, saved->size < sizeof(ring) ? saved->size : sizeof(ring));
    return FCD_OK;
}

SPOILT_PLUGIN(algorithm.id = "broken.believes", algorithm.model_new = ring_new,
              algorithm.advance = ring_advance, algorithm.load = load)
