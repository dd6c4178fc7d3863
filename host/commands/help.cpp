#include "commands/help.hpp"

#include <forecastd/plugin.h>

#include <algorithm>
#include <iostream>
#include <string_view>

#include "process/debug.hpp"
#include "text/did_you_mean.hpp"
#include "text/escaped.hpp"
#include "version.hpp"

namespace forecastd::commands {
namespace {

std::string usage_line(const Command& command) {
    std::string line = std::string("forecastd ") + command.name;
    for (const auto& positional : command.positionals) {
        const std::string name = positional.name + std::string(positional.repeated ? "..." : "");
        line += positional.required ? " " + name : " [" + name + "]";
    }
    return line;
}

options::variables_map parse(const Command& command, const std::vector<std::string>& arguments) {
    options::options_description every = visible_options(command);
    options::positional_options_description places;
    for (const auto& positional : command.positionals) {
        if (positional.repeated)
            every.add_options()(positional.name, options::value<std::vector<std::string>>(), positional.doc);
        else
            every.add_options()(positional.name, options::value<std::string>(), positional.doc);
        places.add(positional.name, positional.repeated ? -1 : 1);
    }
    options::variables_map values;
    options::store(options::command_line_parser(arguments).options(every).positional(places).run(), values);
    options::notify(values);
    if (!values.count("help"))
        for (const auto& positional : command.positionals)
            if (positional.required && !values.count(positional.name))
                throw options::error(std::string(positional.name) + " is missing: " + positional.doc);
    return values;
}

}  // namespace

const Command* find(std::string_view name) {
    const auto list = all();
    const auto found = std::find_if(list.begin(), list.end(), [&](const auto& c) { return name == c.name; });
    return found == list.end() ? nullptr : &*found;
}

int unknown_command(const std::string& reported_by, const std::string& name) {
    std::vector<std::string> names;
    for (const auto& command : all()) names.emplace_back(command.name);
    std::cerr << "E! " << reported_by << ": there is no command '" << text::escaped(name) << "'"
              << text::did_you_mean(name, names) << "; 'forecastd --help' lists them\n";
    return usage;
}

options::options_description visible_options(const Command& command) {
    options::options_description result("Options", 100, 40);
    auto add = result.add_options();
    if (command.declare) command.declare(add);
    add("help,h", "print this text");
    return result;
}

void print_overview(std::ostream& out) {
    out << "forecastd " << version << ": forecasts and anomalies for metrics, as a child of Telegraf\n\n"
        << "Usage: forecastd COMMAND ...\n\nCommands:\n";
    for (const auto& command : all()) {
        std::string line = usage_line(command).substr(10);
        line.resize(std::max<std::size_t>(line.size() + 1, 22), ' ');
        out << "  " << line << command.summary << "\n";
    }
    out << "\n'forecastd COMMAND --help' tells more; 'forecastd --version' prints the version.\n";
}

void print_help(std::ostream& out, const Command& command) {
    out << "Usage: " << usage_line(command) << " [options]\n\n" << command.description << "\n";
    if (!command.positionals.empty()) out << "\nArguments:\n";
    for (const auto& positional : command.positionals)
        out << "  " << positional.name << "  " << positional.doc << "\n";
    out << "\n" << visible_options(command);
}

int dispatch(const std::vector<std::string>& arguments) {
    if (arguments.empty()) {
        print_overview(std::cerr);
        return usage;
    }
    const std::string& name = arguments.front();
    if (name == "--help" || name == "-h" || name == "help") {
        if (const Command* command = arguments.size() > 1 ? find(arguments[1]) : nullptr)
            print_help(std::cout, *command);
        else
            print_overview(std::cout);
        return success;
    }
    if (name == "--version") {
        std::cout << "forecastd " << version << " (plugin interface " << FCD_ABI_MAJOR << "." << FCD_ABI_MINOR
                  << ")\n";
        return success;
    }
    const Command* command = find(name);
    if (!command) return unknown_command("forecastd", name);

    options::variables_map values;
    try {
        values = parse(*command, {arguments.begin() + 1, arguments.end()});
    } catch (const options::error& error) {
        std::cerr << "E! forecastd " << name << ": " << text::escaped(error.what()) << "; 'forecastd " << name
                  << " --help' tells what it takes\n";
        return usage;
    }
    if (values.count("help")) {
        print_help(std::cout, *command);
        return success;
    }
    if (const auto& debug = process::read_debug(); !debug) {
        std::cerr << "E! forecastd " << name << ": " << text::escaped(debug.error().text) << "\n";
        return usage;
    }
    return command->run(values);
}

}  // namespace forecastd::commands
