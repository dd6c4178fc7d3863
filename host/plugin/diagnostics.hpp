// The extension FCD_DIAGNOSTICS: what an algorithm can tell of a series.
#ifndef FORECASTD_PLUGIN_DIAGNOSTICS_HPP
#define FORECASTD_PLUGIN_DIAGNOSTICS_HPP

#include <forecastd/plugin.h>

#include <vector>

#include "base/expected.hpp"

namespace forecastd::plugin {

struct Diagnostics {
    const fcd_diagnostics* table = nullptr;   // nullptr: it tells nothing
    std::vector<const fcd_diagnostic*> rows;  // in the order of the table
};

// Asks an algorithm for its diagnostics. The error is the rest of a sentence.
Expected<Diagnostics> read_diagnostics(const fcd_algorithm& algorithm);

}  // namespace forecastd::plugin

#endif
