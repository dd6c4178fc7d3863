// The core of a series' record: its key, its place on the grid, and what all stages share. The parts of the
// stages stand behind it; see record_layout.hpp.
#ifndef FORECASTD_ENGINE_SERIES_HPP
#define FORECASTD_ENGINE_SERIES_HPP

#include <cstdint>

#include "base/bytes.hpp"

namespace forecastd::engine {

struct KeyRecord;

// Why a point did not move its series to the next step; what is done about many in a row depends on the kind.
enum class Irregular : std::uint8_t { none, late, crowded, sparse };

struct Series {
    KeyRecord* key;
    std::uint32_t watch;         // the field and pipeline: FieldPlan::Watcher::id
    std::uint16_t cohort;        // of its pipeline; one of a nursery while the interval is being learned
    std::uint8_t irregular_run;  // how many points in a row were `irregular`
    Irregular irregular : 2;
    bool started : 1;       // last_time_ns and last_step are set; in a nursery: its state was told
    bool set_aside : 1;     // a plugin failed on it: it is not fed any more
    bool judged : 1;        // a detector has given a score: warm-up is over
    bool foreign_grid : 1;  // the interval of its cohort is not its own, as the pipeline has too many
    bool ahead : 1;         // the last point was far ahead of the one before
    bool alarmed : 1;       // its alarm has something to do also where nothing is anomalous
    std::int64_t last_time_ns;
    std::int64_t last_step;
    std::int64_t phase_ns;
    std::uint32_t learned : 19;      // points that its models have learned, up to max_learned
    std::uint32_t first_values : 4;  // that are still to come: FirstValues
    std::uint32_t was_crowded : 1;   // a step has ended that had several points
    std::uint32_t off_grid : 8;  // rises with points that its interval seems wrong for, and falls with others
    std::uint32_t batch;         // the batch in which something must be done before its next point is learned

    static constexpr std::uint32_t max_learned = (1u << 19) - 1;
    // off_grid of a series whose interval is being reviewed.
    static constexpr std::uint32_t under_review = 255;

    // One more point was learned.
    void count_learned() {
        if (learned < max_learned) ++learned;
    }
};
static_assert(sizeof(Series) == 48);

// What is saved of a core: everything but the key, the watch, the cohort and the batch, which are found
// again.
void save_core(const Series& series, ByteWriter& out);
void load_core(Series& series, ByteReader& in);

}  // namespace forecastd::engine

#endif
