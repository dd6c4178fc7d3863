// Values that are valid, and yet are probably not what was meant.
#ifndef FORECASTD_CONFIG_HINTS_HPP
#define FORECASTD_CONFIG_HINTS_HPP

#include <string>
#include <string_view>

#include "config/json.hpp"
#include "config/place.hpp"

namespace forecastd::config {

// What is odd about a glob: it is written as a regular expression or as a variable; "" if nothing is.
std::string glob_hint(std::string_view pattern);

// Adds a problem for each thing in a config, which need not be valid. root: the document; top: its place.
void find_hints(const Value& root, const Place& top);

}  // namespace forecastd::config

#endif
