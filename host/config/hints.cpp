#include "config/hints.hpp"

#include <cmath>

namespace forecastd::config {
namespace {

// "a.*b" as a glob: "a*b".
std::string as_glob(std::string_view regex) {
    std::string glob;
    for (std::size_t i = 0; i < regex.size(); ++i) {
        if (regex[i] == '.' && i + 1 < regex.size() && (regex[i + 1] == '*' || regex[i + 1] == '+')) {
            glob += regex[++i] == '*' ? "*" : "?*";
        } else if (regex[i] == '\\' && i + 1 < regex.size()) {
            glob += regex[i];
            glob += regex[++i];
        } else {
            glob += regex[i] == '.' ? '?' : regex[i];
        }
    }
    return glob;
}

// "%{HOST}" or "$HOST", which other programs know; "" if there is none.
std::string_view variable_in(std::string_view text) {
    if (const std::size_t at = text.find("%{"); at != std::string_view::npos) {
        const std::size_t end = text.find('}', at);
        if (end != std::string_view::npos) return text.substr(at, end + 1 - at);
    }
    const bool is_capital =
        text.size() > 2 && text.front() == '$' &&
        text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789", 1) == std::string_view::npos;
    return is_capital ? text : std::string_view();
}

std::string variable_hint(std::string_view variable) {
    std::string name;
    for (const char c : variable)
        if (c != '$' && c != '%' && c != '{' && c != '}') name += c;
    return "'" + std::string(variable) +
           "' looks like a variable, but nothing is put in its place; did you mean '${" + name + "}'?";
}

void globs(const Value& found, const Place& place) {
    if (!found.list()) return;
    for (std::size_t i = 0; i < found.list()->size(); ++i) {
        const auto* const pattern = (*found.list())[i].string();
        if (!pattern) continue;
        const std::string hint = glob_hint(*pattern);
        if (!hint.empty()) place.item(i).problem("found " + in_words(*pattern) + ": " + hint);
    }
}

void levels(const Value& found, const Place& place) {
    if (!found.list()) return;
    for (std::size_t i = 0; i < found.list()->size(); ++i) {
        const auto level = (*found.list())[i].number();
        if (!level || *level <= 0 || *level >= 1) continue;
        place.item(i).problem("found " + to_text(*level) +
                              ": levels are percentages, so this interval covers less than one value of a "
                              "hundred; did you mean " +
                              to_text(std::round(*level * 1e8) / 1e6) + "?");
    }
}

// Strings that are no globs.
void strings(const Value& found, const Place& place) {
    if (const auto* const text = found.string()) {
        const std::string_view variable = variable_in(*text);
        if (!variable.empty()) place.problem("found " + in_words(*text) + ": " + variable_hint(variable));
    }
    if (const auto* const list = found.list())
        for (std::size_t i = 0; i < list->size(); ++i) strings((*list)[i], place.item(i));
}

void walk(const Value& found, const Place& place) {
    if (const auto* const list = found.list())
        for (std::size_t i = 0; i < list->size(); ++i) walk((*list)[i], place.item(i));
    if (!found.object()) return;
    for (const auto& [name, value] : *found.object()) {
        const Place here = place.key(name);
        if (name == "namepass" || name == "namedrop" || name == "fieldpass" || name == "fielddrop") {
            globs(value, here);
        } else if (name == "tagpass" || name == "tagdrop") {
            if (value.object())
                for (const auto& [tag, patterns] : *value.object()) globs(patterns, here.key(tag));
        } else if (name == "level") {
            levels(value, here);
        } else if (value.object() ||
                   (value.list() && !value.list()->empty() && value.list()->front().object())) {
            walk(value, here);
        } else {
            strings(value, here);
        }
    }
}

}  // namespace

std::string glob_hint(std::string_view pattern) {
    if (const std::string_view variable = variable_in(pattern); !variable.empty())
        return variable_hint(variable);
    std::string_view inner = pattern;
    const bool slashes = inner.size() > 2 && inner.starts_with('/') && inner.ends_with('/') &&
                         inner.find('/', 1) == inner.size() - 1 &&
                         inner.find_first_of("^$.*+[(|") != std::string_view::npos;
    if (slashes) inner = inner.substr(1, inner.size() - 2);
    const bool begins = inner.starts_with('^');
    if (begins) inner.remove_prefix(1);
    const bool ends = inner.ends_with('$');
    if (ends) inner.remove_suffix(1);
    if (!slashes && !begins && !ends) return "";
    std::string glob = as_glob(inner);
    if (!begins && !glob.starts_with('*')) glob.insert(0, "*");
    if (!ends && !glob.ends_with('*')) glob += '*';
    const bool is_simple = glob.find_first_of("()|+[{") == std::string_view::npos;
    return "it looks like a regular expression, but it is read as a glob, which matches whole names, and in "
           "which "
           "'^', '$' and '.' have no special meaning; " +
           (is_simple ? "did you mean " + to_text(glob) + "?" : std::string("write a glob such as \"cpu*\""));
}

void find_hints(const Value& root, const Place& top) { walk(root, top); }

}  // namespace forecastd::config
