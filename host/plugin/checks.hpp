// The handshake: whether what a library says of itself obeys the rules of forecastd/plugin.h.
//
// An error is the first fault, as the rest of a sentence that begins with the file: what was found, what was
// expected. Threads: any.
#ifndef FORECASTD_PLUGIN_CHECKS_HPP
#define FORECASTD_PLUGIN_CHECKS_HPP

#include <forecastd/plugin.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/expected.hpp"

namespace forecastd::plugin {

// Of the library alone: versions, sizes, and that there are algorithms.
Expected<void> check_library(const fcd_library& library);

// Of library.algorithms[index], in a library that passed check_library. The error names the algorithm.
Expected<void> check_algorithm(const fcd_library& library, std::uint32_t index);

// The parameters of an algorithm, in the order of its table, whose elements are as long as the library says.
std::vector<const fcd_param*> params_of(const fcd_library& library, const fcd_algorithm& algorithm);

// The names that they go by, aliases included.
std::vector<std::string> param_names(const fcd_library& library, const fcd_algorithm& algorithm);

}  // namespace forecastd::plugin

#endif
