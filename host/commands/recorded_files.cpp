#include "commands/recorded_files.hpp"

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
    if (++count_ <= most_written) write(sentence);
}

int ErrorReport::finish() {
    if (count_ > most_written)
        write(std::to_string(count_) + " errors in all, of which the first " + std::to_string(most_written) +
              " are shown");
    return count_ == 0 ? success : failure;
}

void ErrorReport::write(const std::string& sentence) const {
    std::cerr << "E! forecastd " << command_ << ": " << sentence << "\n";
}

}  // namespace forecastd::commands
