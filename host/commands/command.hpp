// What main.cpp picks from: one file a command.
#ifndef FORECASTD_COMMANDS_COMMAND_HPP
#define FORECASTD_COMMANDS_COMMAND_HPP

#include <boost/program_options.hpp>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace forecastd::commands {

namespace options = boost::program_options;

// What every command returns to the shell.
enum Exit : int { success = 0, failure = 1, usage = 2 };

struct Positional {
    const char* name;  // upper case, as in the usage line
    const char* doc;
    bool required;
    bool repeated = false;  // the last one: takes all that are left, as a list of strings
};

// A command as a table: the help text and the checks are made from it.
struct Command {
    const char* name;
    const char* summary;      // one line, for the list of commands
    const char* description;  // paragraphs for --help: what it reads, writes, and returns
    std::vector<Positional> positionals;
    std::function<void(options::options_description_easy_init&)> declare;  // options; may be empty
    std::function<int(const options::variables_map&)> run;                 // positionals by name, too
};

// Every command, in the order of the help text.
std::span<const Command> all();

// One for each file of this folder.
Command run_command();
Command check_command();
Command plugins_command();
Command schema_command();
Command inspect_command();
Command simulate_command();
Command telegraf_conf_command();
Command restamp_command();
Command replay_command();
Command history_command();
Command state_command();
Command verify_command();
Command new_plugin_command();
Command completion_command();
Command man_command();
Command bench_command();
Command score_command();
Command backtest_command();

}  // namespace forecastd::commands

#endif
