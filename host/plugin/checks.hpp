// The handshake: whether what a library says of itself holds by the rules of forecastd/plugin.h.
//
// Each returns "" for what is sound, else the first fault, as the rest of a sentence that begins with the
// file: what was found, what was expected.
#ifndef FORECASTD_PLUGIN_CHECKS_HPP
#define FORECASTD_PLUGIN_CHECKS_HPP

#include <forecastd/plugin.h>

#include <cstdint>
#include <string>
#include <vector>

namespace forecastd::plugin {

// Of the library alone: versions, sizes, and that there are algorithms.
std::string library_fault(const fcd_library& library);

// Of library.algorithms[index], in a library that passed library_fault. The fault names the algorithm.
std::string algorithm_fault(const fcd_library& library, std::uint32_t index);

// The parameters of an algorithm, in the order of its table, whose elements are as long as the library says.
std::vector<const fcd_param*> params_of(const fcd_library& library, const fcd_algorithm& algorithm);

}  // namespace forecastd::plugin

#endif
