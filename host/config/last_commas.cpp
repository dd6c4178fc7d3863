#include "config/last_commas.hpp"

#include <algorithm>

namespace forecastd::config {
namespace {

constexpr std::size_t none = std::string_view::npos;

// Behind the string that begins at a quote.
std::size_t end_of_string(std::string_view text, std::size_t at) {
    for (++at; at < text.size() && text[at] != '"'; ++at)
        if (text[at] == '\\') ++at;
    return at + 1;
}

// Behind the comment that begins here; nothing begins: none.
std::size_t end_of_comment(std::string_view text, std::size_t at) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("//")) return std::min(text.find_first_of("\r\n", at), text.size());
    if (!rest.starts_with("/*")) return none;
    const std::size_t end = text.find("*/", at + 2);
    return end == none ? text.size() : end + 2;
}

}  // namespace

std::string without_last_commas(std::string_view text) {
    std::string result(text);
    std::size_t comma = none;  // the last thing that was seen, if it is a comma behind an item
    bool is_behind_item = false;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            ++at;
            continue;
        }
        if (const std::size_t end = end_of_comment(text, at); end != none) {
            at = end;
            continue;
        }
        if (comma != none && (c == ']' || c == '}')) result[comma] = ' ';
        comma = c == ',' && is_behind_item ? at : none;
        is_behind_item = c != ',' && c != '[' && c != '{' && c != ':';
        at = c == '"' ? end_of_string(text, at) : at + 1;
    }
    return result;
}

}  // namespace forecastd::config
