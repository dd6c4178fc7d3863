// Opens a plugin file, and asks its entry point for its library.
//
// An error is the rest of a sentence that begins with the file: "exports no forecastd_library_v1, ...".
//
// Threads: the main thread.
#ifndef FORECASTD_PLUGIN_LIBRARY_HPP
#define FORECASTD_PLUGIN_LIBRARY_HPP

#include <forecastd/plugin.h>

#include "base/expected.hpp"
#include "plugin/file.hpp"

namespace forecastd::plugin {

// The library of a trusted file, not checked yet, never nullptr. The file stays open until the process ends.
Expected<const fcd_library*> open_library(const File& file);

}  // namespace forecastd::plugin

#endif
