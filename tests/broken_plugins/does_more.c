/* Says that it has done more points than it got. */
#include "sound.h"

static size_t advance_too_far(const fcd_model* model, const fcd_point* points, size_t count,
                              fcd_verdict* verdicts, fcd_error* error) {
    return advance(model, points, count, verdicts, error) + 1;
}

SPOILT_PLUGIN(algorithm.id = "broken.does_more", algorithm.advance = advance_too_far)
