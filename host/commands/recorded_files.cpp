#include "commands/recorded_files.hpp"
#include "text/escaped.hpp"

#include <iostream>

namespace forecastd::commands {

Positional recorded_files_positional() {
    return {
        "FILE",
        "recorded points in line protocol, gzip-compressed or not, one file behind the other; '-', or none: "
        "standard input",
        false, true};
}

std::vector<std::string> recorded_files(const options::variables_map& values) {
    if (!values.count("FILE")) return {"-"};
    return values["FILE"].as<std::vector<std::string>>();
}

void ErrorReport::add(const std::string& sentence) {
    any_ = true;
    std::cerr << "E! forecastd " << command_ << ": " << text::escaped(sentence) << "\n";
}

}  // namespace forecastd::commands
