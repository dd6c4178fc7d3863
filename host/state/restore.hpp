// Reads saved series into an engine that has not seen a point. What does not fit begins again.
//
// They come from a file that the life before has handed over, if there is one, and else, or where that one is
// damaged, from the newest snapshot of a directory; then from the one before. Thread: the main thread.
#ifndef FORECASTD_STATE_RESTORE_HPP
#define FORECASTD_STATE_RESTORE_HPP

#include <cstdint>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "state/directory.hpp"

namespace forecastd::state {

struct Sources {
    int handed_over = -1;  // a file, at its beginning; -1: there is none
    const Directory* directory = nullptr;
    std::int64_t max_age_ns = 0;  // an older snapshot of the directory is left alone; 0: none is too old
};

struct Restored {
    std::uint64_t series = 0;
    std::uint64_t refused = 0;          // that did not fit
    std::int64_t written_ns = 0;        // when what they come from was written; 0: there is nothing
    std::vector<std::string> problems;  // sentences for the operator
};

// now_ns: the wall clock.
Restored restore(engine::Engine& engine, const Sources& sources, std::int64_t now_ns);

}  // namespace forecastd::state

#endif
