// One plugin file, for the commands that look at it alone.
//
// Threads: the main thread.
#ifndef FORECASTD_COMMANDS_PLUGIN_FILE_HPP
#define FORECASTD_COMMANDS_PLUGIN_FILE_HPP

#include <functional>
#include <string>
#include <vector>

#include "commands/command.hpp"
#include "plugin/catalogue.hpp"

namespace forecastd::commands {

// The positionals FILE and ID.
std::vector<Positional> plugin_file_positionals();

// Opens the file of the command line with all the care that the host takes; returns its algorithms, or the one that
// the command line names. None: it cannot be used, and report was called with a sentence or several.
std::vector<const plugin::Algorithm*> open_plugin_file(
    const options::variables_map& values, plugin::Catalogue& catalogue,
    const std::function<void(const std::string& sentence)>& report);

}  // namespace forecastd::commands

#endif
