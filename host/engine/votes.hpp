// How several detectors decide about a point: which of their scores is that of all.
//
// A score counts as a multiple of its own detector's limit, so that 1 is the limit of each. If k votes are
// needed for an anomaly, the common score is the k-th greatest: it is above 1 exactly if k scores are.
//
// It never looks at a plugin, a series or a config file.
//
// Threads: any.
#ifndef FORECASTD_ENGINE_VOTES_HPP
#define FORECASTD_ENGINE_VOTES_HPP

#include <cstddef>
#include <span>

#include "config/config.hpp"
#include "config/detector_list.hpp"

namespace forecastd::engine {

// How many votes an anomaly needs where `ready` detectors can judge the point; 0 if none can.
std::size_t votes_needed(const config::Combine& combine, std::size_t ready);

// The one whose score is the common one; of equal scores the first. scores: up to config::most_detectors;
// NaN: it cannot judge the point. std::size_t(-1): none can.
std::size_t deciding_vote(const config::Combine& combine, std::span<const double> scores);

}  // namespace forecastd::engine

#endif
