// `forecastd check --against`: what the pipelines of a config would watch of recorded points.
#ifndef FORECASTD_COMMANDS_AGAINST_HPP
#define FORECASTD_COMMANDS_AGAINST_HPP

#include <string>
#include <vector>

#include "commands/warm_up.hpp"
#include "config/config.hpp"

namespace forecastd::commands {

// Prints it, with warnings of what is likely a mistake. warm_up: to tell of the intervals that are seen, where the config
// names none; nullptr: nothing is told of it. False: a file cannot be read, which was reported.
bool print_against(const config::Config& config, const std::vector<std::string>& files,
                   const WarmUp* warm_up);

}  // namespace forecastd::commands

#endif
