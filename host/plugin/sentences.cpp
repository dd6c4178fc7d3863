#include "plugin/sentences.hpp"

#include <algorithm>

namespace forecastd::plugin {

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

bool is_name(std::string_view name) {
    return !name.empty() && is_lower(name.front()) && std::all_of(name.begin(), name.end(), [](char c) {
        return is_lower(c) || is_digit(c) || c == '_';
    });
}

std::string name_fault(std::string_view name) {
    if (is_name(name)) return "";
    return "the name " + quoted(name) +
           " is not allowed, expected lower case letters, digits and '_', a letter first";
}

std::string sentence_fault(const char* name, const char* text) {
    if (missing(text)) return std::string("has no ") + name + ", expected one sentence with its full stop";
    if (!std::string_view(text).ends_with('.'))
        return std::string("its ") + name + " " + quoted(text) + " has no full stop at its end";
    return "";
}

std::string choices_fault(const char* const* choices) {
    if (!choices || !choices[0]) return "has no choices, expected the name of one at least";
    for (; *choices; ++choices)
        if (missing(*choices)) return "has a choice without a name";
    return "";
}

std::string struct_fault(const char* type, std::size_t found, std::size_t least) {
    return std::string("its ") + type + " says that it is " + std::to_string(found) +
           " bytes long, expected at least " + std::to_string(least) + "; set struct_size to sizeof(" + type +
           ")";
}

}  // namespace forecastd::plugin
