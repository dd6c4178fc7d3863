/* Gives another score to the points of a batch than to a single one. */
#include "sound.h"

static size_t advance_by_count(const fcd_model* model, const fcd_point* points, size_t count,
                               fcd_verdict* verdicts, fcd_error* error) {
    size_t i;
    (void)model, (void)points, (void)error;
    for (i = 0; i < count; ++i) verdicts[i] = (fcd_verdict){count > 1 ? 0.2 : 0.1, NAN, NAN, NAN, NAN, 0, 0};
    return count;
}

SPOILT_PLUGIN(algorithm.id = "broken.leans_on_batch", algorithm.advance = advance_by_count)
