// What is in a library that was opened: the algorithms that pass the handshake, and what is wrong with the
// others.
//
// Threads: the main thread. It calls the extension() of each algorithm.
#ifndef FORECASTD_PLUGIN_CONTENTS_HPP
#define FORECASTD_PLUGIN_CONTENTS_HPP

#include <forecastd/plugin.h>

#include <string>
#include <vector>

#include "plugin/diagnostics.hpp"

namespace forecastd::plugin {

struct Contents {
    struct Sound {
        const fcd_algorithm* table;
        Diagnostics diagnostics;
    };
    std::vector<Sound> sound;
    std::vector<std::string> faults;  // each the rest of a sentence that begins with the file
};

Contents read_library(const fcd_library& library);

}  // namespace forecastd::plugin

#endif
