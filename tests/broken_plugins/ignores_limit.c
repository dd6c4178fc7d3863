/* Learns each value, whatever its learn_limit. */
#include "forecaster.h"

static size_t advance_to_all(const fcd_model* model, const fcd_point* points, size_t count,
                             fcd_verdict* verdicts, fcd_error* error) {
    size_t i;
    for (i = 0; i < count; ++i) {
        fcd_point point = points[i];
        point.learn_limit = NAN;
        forecaster_advance(model, &point, 1, &verdicts[i], error);
    }
    return count;
}

SPOILT_FORECASTER(algorithm.id = "broken.ignores_limit", algorithm.advance = advance_to_all)
