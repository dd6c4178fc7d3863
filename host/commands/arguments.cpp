#include "commands/arguments.hpp"

#include <string_view>

#include "commands/help.hpp"

namespace forecastd::commands {
namespace {

Kind kind_of(std::string_view name) {
    if (name == "DIR") return Kind::directory;
    if (name == "ID") return Kind::algorithm;
    if (name == "COMMAND") return Kind::command;
    for (const std::string_view file : {"FILE", "FILE...", "CONFIG", "LABELS", "OUTPUT"})
        if (name == file) return Kind::file;
    return Kind::other;
}

}  // namespace

Kind kind_of(const Positional& positional) { return kind_of(std::string_view(positional.name)); }

std::vector<Option> options_of(const Command& command) {
    std::vector<Option> result;
    const options::options_description every = visible_options(command);
    for (const auto& one : every.options()) {
        Option option;
        option.name = one->long_name();
        option.doc = one->description();
        if (one->semantic()->max_tokens() > 0) {
            const std::string shown = one->semantic()->name();  // "NAME (=c++)"
            const std::size_t end = shown.find(" (=");
            option.value = shown.substr(0, end);
            if (end != std::string::npos) option.initial = shown.substr(end + 3, shown.size() - end - 4);
            option.kind = kind_of(std::string_view(option.value));
        }
        result.push_back(std::move(option));
    }
    return result;
}

}  // namespace forecastd::commands
