// What the host itself keeps for each watched series: 64 bytes, followed in the slab by the forecaster's state and
// the detector's.
#ifndef FORECASTD_ENGINE_SERIES_HPP
#define FORECASTD_ENGINE_SERIES_HPP

#include <cstdint>

namespace forecastd::engine {

struct KeyRecord;

// Points in a row that did not move a series on as they should; what is done about them depends on their kind.
enum class Oddity : std::uint8_t { none, late, crowded, sparse };

struct Series {
    KeyRecord* key;
    std::uint32_t watch;  // the field and pipeline: FieldPlan::Watcher::id
    std::uint16_t
        cohort;  // of its pipeline; Pipeline::nursery or wide_nursery while the interval is being learned
    std::uint8_t odd_run;  // how many points in a row were `oddity`
    Oddity oddity : 4;
    bool started : 1;        // last_time_ns and last_step are set
    bool set_aside : 1;      // a plugin failed on it: it is not fed any more
    bool judged : 1;         // a detector has given a score: warm-up is over
    bool diagnosis_due : 1;  // its diagnostics are due at the next point
    std::int64_t last_time_ns;
    std::int64_t last_step;
    std::int64_t phase_ns;
    std::int64_t next_emit_ns;  // the next forecast is due at the first point from here on
    double
        error_square;  // exponentially weighted mean square of one-step errors, for forecasters that give no deviation
    std::uint32_t learned : 24;  // points that were learned; goes no further than max_learned
    std::uint32_t off_grid : 8;  // rises with points that its interval seems wrong for, and falls with others
    std::uint32_t batch;         // the batch in which a forecast is due for it

    static constexpr std::uint32_t max_learned = (1u << 24) - 1;
    // off_grid of a series whose interval is being reviewed.
    static constexpr std::uint32_t under_review = 255;
};
static_assert(sizeof(Series) == 64);

}  // namespace forecastd::engine

#endif
