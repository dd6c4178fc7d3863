// Finds the command that the arguments name, reads its options, and runs it; or prints help.
#ifndef FORECASTD_COMMANDS_HELP_HPP
#define FORECASTD_COMMANDS_HELP_HPP

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "commands/command.hpp"

namespace forecastd::commands {

// arguments: without the program's name. Returns what main returns. Unknown commands and options are answered
// by a sentence with "did you mean" and Exit::usage.
int dispatch(const std::vector<std::string>& arguments);

// The options of a command as its help shows them, --help at the end.
options::options_description visible_options(const Command& command);

// A command by its name; nullptr: there is none.
const Command* find(std::string_view name);
// Reports that there is none, to the user of `forecastd`, or of one of its commands: "forecastd man".
int unknown_command(const std::string& reported_by, const std::string& name);

void print_overview(std::ostream& out);
void print_help(std::ostream& out, const Command& command);

}  // namespace forecastd::commands

#endif
