// FORECASTD_DEBUG, for authors who look for a fault in a plugin: words with commas between them. This is the one place
// that reads the variable; others get what follows from it as plain values.
//
//   crashes   a crash ends the process as the system does it, a call may last for ever, and no child process tries plugin
//             files: for gdb, core files and sanitizers
//   guards    the state of each series stands between pages that nobody may touch: for writes beyond its end
//
// Without the variable nothing is different. It must never change what is written for a sound plugin.
//
// Threads: the main thread.
#ifndef FORECASTD_PROCESS_DEBUG_HPP
#define FORECASTD_PROCESS_DEBUG_HPP

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"

namespace forecastd::process {

inline constexpr char debug_variable[] = "FORECASTD_DEBUG";

struct Debug {
    bool crashes = false, guards = false;
};

// The words of a text. An error: a sentence about the first that is not known, which names those that are.
Expected<Debug> debug_words(std::string_view text);

// What the variable says, read at the first call. After an error nothing is switched on.
const Expected<Debug>& read_debug();
Debug debug();

// What to tell the user of it: a sentence for each word that is there.
std::vector<std::string> warnings(const Debug& debug);

}  // namespace forecastd::process

#endif
