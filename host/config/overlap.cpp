#include "config/overlap.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace forecastd::config {
namespace {

using Names = std::optional<GlobList>;
using Tags = std::vector<std::pair<std::string, GlobList>>;

bool passes(const Names& pass, const Names& drop, std::string_view name) {
    return (!pass || pass->match(name)) && !(drop && drop->match(name));
}

bool is_plain(std::string_view pattern) { return pattern.find_first_of("*?[{\\") == std::string_view::npos; }

// A name that a pattern may match: whoever takes it must look whether it does.
std::string likely_match(const std::string& pattern) {
    std::string name;
    for (const char c : pattern)
        if (c != '*') name += c == '?' ? 'x' : c;
    return name.empty() ? "any" : name;
}

// A name that both let through; nothing: none was found.
std::optional<std::string> common_name(const Names& pass_a, const Names& drop_a, const Names& pass_b,
                                       const Names& drop_b) {
    std::vector<std::string> likely;
    for (const Names* const pass : {&pass_a, &pass_b})
        if (*pass)
            for (const std::string& pattern : (*pass)->patterns()) likely.push_back(likely_match(pattern));
    if (!pass_a && !pass_b) likely.emplace_back("any");
    for (std::string& name : likely)
        if (passes(pass_a, drop_a, name) && passes(pass_b, drop_b, name)) return std::move(name);
    return std::nullopt;
}

bool are_same(const Tags& a, const Tags& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
        return one.first == other.first && one.second.patterns() == other.second.patterns();
    });
}

bool lets_nothing_through(const Names& pass, const Names& drop) {
    if (drop && std::find(drop->patterns().begin(), drop->patterns().end(), "*") != drop->patterns().end())
        return true;
    if (!pass) return false;
    return std::all_of(pass->patterns().begin(), pass->patterns().end(), [&](const std::string& pattern) {
        return is_plain(pattern) && drop && drop->match(pattern);
    });
}

}  // namespace

std::optional<FieldOf> common_field(const Selection& a, const Selection& b) {
    const bool tags_meet = a.tagpass.empty() || b.tagpass.empty() || are_same(a.tagpass, b.tagpass);
    if (!tags_meet || !are_same(a.tagdrop, b.tagdrop)) return std::nullopt;
    auto measurement = common_name(a.namepass, a.namedrop, b.namepass, b.namedrop);
    auto field = common_name(a.fieldpass, a.fielddrop, b.fieldpass, b.fielddrop);
    if (!measurement || !field) return std::nullopt;
    return FieldOf{std::move(*measurement), std::move(*field)};
}

std::string closed_list(const Selection& selection) {
    if (lets_nothing_through(selection.namepass, selection.namedrop))
        return selection.namepass ? "namepass" : "namedrop";
    if (lets_nothing_through(selection.fieldpass, selection.fielddrop))
        return selection.fieldpass ? "fieldpass" : "fielddrop";
    return "";
}

}  // namespace forecastd::config
