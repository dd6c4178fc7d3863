// What a command takes, read from its table: for completions and manual pages.
#ifndef FORECASTD_COMMANDS_ARGUMENTS_HPP
#define FORECASTD_COMMANDS_ARGUMENTS_HPP

#include <string>
#include <vector>

#include "commands/command.hpp"

namespace forecastd::commands {

// What stands at a place of the command line.
enum class Kind { flag, file, directory, algorithm, command, other };

struct Option {
    std::string name;     // "history", without dashes
    std::string value;    // "FILE", as in the help text; empty: it takes none
    std::string initial;  // the default value as text; empty if there is none
    std::string doc;
    Kind kind = Kind::flag;
};

// Those of the help text, --help at the end.
std::vector<Option> options_of(const Command& command);

Kind kind_of(const Positional& positional);

}  // namespace forecastd::commands

#endif
