// Tries plugin files in a child process: opens each, and checks the handshake. A file that crashes, hangs,
// ends the process or throws while it is loaded does so there, and costs a sentence.
//
// One child tries all files, one after the other; if it dies, another one goes on behind the culprit. Without
// a child (the system refuses one) the files are opened in this process.
//
// For debuggers they can be opened in this process alone: then a file that crashes ends it.
//
// Threads: the main thread.
#ifndef FORECASTD_PLUGIN_TRIAL_HPP
#define FORECASTD_PLUGIN_TRIAL_HPP

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "plugin/file.hpp"

namespace forecastd::plugin {

// What is in a file.
struct Findings {
    struct Found {
        std::string id;
        std::uint32_t abilities;
        std::vector<std::string> params;  // the names of its parameters, aliases included
    };
    std::vector<Found> found;         // the algorithms that are sound
    std::vector<std::string> faults;  // each the rest of a sentence that begins with the file
};

// One for each file. deadline: how long a file may take; 0: for ever.
std::vector<Findings> try_in_child(std::span<const File> files, std::chrono::nanoseconds deadline);
std::vector<Findings> try_in_this_process(std::span<const File> files);

}  // namespace forecastd::plugin

#endif
