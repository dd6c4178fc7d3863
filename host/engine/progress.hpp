// Where a point lies on the grid of its series, and what many points in a row say about that grid: that the
// clock was set back, or that the interval is another one. It never feeds a model, and never replaces a
// series: its caller does.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_PROGRESS_HPP
#define FORECASTD_ENGINE_PROGRESS_HPP

#include <cstdint>

#include "engine/counters.hpp"
#include "engine/pipeline.hpp"

namespace forecastd::engine {

enum class Progress {
    moves_on,      // the point is on a later step, on which the series is now
    stays,         // the point is not used
    begins_again,  // what the series knows of its grid is wrong: it must begin again, with this point
};

// Moves a series to the step of a point. Points that are late or duplicate leave it where it is. So do those
// on the step of one before them, unless the pipeline judges each value. What becomes of a point is counted.
Progress progress(Series& series, Pipeline& pipeline, const Cohort& cohort, std::int64_t time_ns,
                  Counters& counters);

// Notes that a point was late; true when that many in a row were that the clock must have been set back.
bool is_often_late(Series& series);

}  // namespace forecastd::engine

#endif
