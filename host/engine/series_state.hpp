// Whether a series is watched, and if not, why: a line of its own, where that changes.
//
// Threads: any.
#ifndef FORECASTD_ENGINE_SERIES_STATE_HPP
#define FORECASTD_ENGINE_SERIES_STATE_HPP

#include <cstdint>
#include <string_view>

namespace forecastd::engine {

enum class Watching : std::uint8_t {
    warming,  // its points are learned, and not judged yet
    watched,  // its points are judged
    paused,   // they are judged, and a label says that none is an anomaly
    skipped,  // its last points were of no use
    failing,  // a plugin failed on it, or no models could be made: its points pass on
};

struct SeriesState {
    std::int64_t time_ns;
    Watching watching;
    std::string_view reason;  // a sentence without its end; "": nothing is to be said
};

}  // namespace forecastd::engine

#endif
