// What is valid in a checked config, and yet does not do what was meant: without a message, some or all of it would have
// no effect. Each trap follows from how the program works, and none from taste.
//
// Threads: any.
#ifndef FORECASTD_CONFIG_TRAPS_HPP
#define FORECASTD_CONFIG_TRAPS_HPP

#include "config/config.hpp"
#include "config/place.hpp"

namespace forecastd::config {

// Adds a problem for each trap: what happens, and what to do. top: the place of the document. Pipelines that were left
// out are not looked at; of more than 300, none is compared with the others.
void find_traps(const Config& config, const Place& top);

}  // namespace forecastd::config

#endif
