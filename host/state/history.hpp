// Warms series from recorded points, as if they had come before the first one: an engine of its own learns from
// them, and what it has learned goes to those series that are not there yet.
//
// What it derives from recorded points is not written. Points of a file are to be in the order of their times,
// files in the order in which they are named. Thread: the main thread.
#ifndef FORECASTD_STATE_HISTORY_HPP
#define FORECASTD_STATE_HISTORY_HPP

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "engine/engine.hpp"

namespace forecastd::state {

struct Warmed {
    std::uint64_t points = 0, bad_points = 0;
    std::uint64_t series = 0;  // that were given what was learned
};

// tell: a sentence for the operator: what cannot be read, and every ten seconds how far it is. It stops early
// after a signal to stop.
Warmed warm(engine::Engine& engine, const config::Config& config, const std::vector<std::string>& files,
            const std::function<void(config::LogLevel, const std::string&)>& tell);

// Writes what it learns from them to a file, as a snapshot. Whether that succeeded.
bool learn_to_file(int file, const config::Config& config, const std::vector<std::string>& files,
                   const std::function<void(config::LogLevel, const std::string&)>& tell);

}  // namespace forecastd::state

#endif
