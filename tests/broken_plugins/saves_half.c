/* Saves the last value, and not the mean. */
#include "forecaster.h"

static size_t save(const fcd_model* model, const void* series, void* bytes, size_t size, fcd_error* error) {
    (void)model, (void)error;
    if (size >= sizeof(double)) memcpy(bytes, &((const state*)series)->last, sizeof(double));
    return sizeof(double);
}

static int32_t load(const fcd_model* model, void* series, const fcd_saved* saved, fcd_error* error) {
    state* const s = (state*)series;
    (void)model;
    if (saved->size != sizeof(double) || saved->state_version != 1) {
        strcpy(error->text, "the saved state has another size or version");
        return FCD_ERROR;
    }
    memcpy(&s->last, saved->bytes, sizeof(double));
    s->mean = s->last;
    s->known = 1;
    return FCD_OK;
}

SPOILT_FORECASTER(algorithm.id = "broken.saves_half", algorithm.save = save, algorithm.load = load)
