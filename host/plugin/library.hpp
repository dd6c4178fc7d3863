// One plugin file: whether it may be executed, and the library that its entry point hands out.
//
// A fault is the rest of a sentence that begins with the file: "exports no forecastd_library_v1, ...".
//
// Threads: the main thread.
#ifndef FORECASTD_PLUGIN_LIBRARY_HPP
#define FORECASTD_PLUGIN_LIBRARY_HPP

#include <forecastd/plugin.h>

#include <filesystem>
#include <string>

namespace forecastd::plugin {

// "" if nobody but root and the user that runs forecastd can have put the file there or changed it; else the
// fault.
std::string permission_fault(const std::filesystem::path& file);

// Opens the file, which stays open until the process ends, and calls its entry point. nullptr: fault says
// why. What the library says of itself is not checked yet.
const fcd_library* open_library(const std::filesystem::path& file, std::string& fault);

}  // namespace forecastd::plugin

#endif
