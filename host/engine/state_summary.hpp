// How the series of a pipeline are: which are watched, and which are not, and why. For the host's metrics.
#ifndef FORECASTD_ENGINE_STATE_SUMMARY_HPP
#define FORECASTD_ENGINE_STATE_SUMMARY_HPP

#include <cstdint>
#include <string>

#include "engine/pipeline.hpp"

namespace forecastd::engine {

// Every series is counted once in learning_interval, warming_up, watched and failing; some that are watched
// or warm up are silent.
struct StateSummary {
    std::uint64_t series = 0;
    std::uint64_t learning_interval = 0;  // too few points to know their interval
    std::uint64_t warming_up =
        0;                      // the detector has given no score yet; without one: nothing was learned yet
    std::uint64_t watched = 0;  // judged at each point; without a detector: forecast
    std::uint64_t failing = 0;  // set aside, since a plugin failed on them
    std::uint64_t silent = 0;   // without data for too long
    std::string reason;         // why none is watched; "": some are
};

// Walks over all series of a pipeline.
StateSummary state_of(Pipeline& pipeline);

}  // namespace forecastd::engine

#endif
