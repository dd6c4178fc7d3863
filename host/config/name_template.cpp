#include "config/name_template.hpp"

namespace forecastd::config {

NameTemplate::NameTemplate(std::string_view pattern, std::string_view placeholder) {
    const std::size_t at = pattern.find(placeholder);
    is_plain = at == std::string_view::npos;
    before = pattern.substr(0, at);
    if (!is_plain) after = pattern.substr(at + placeholder.size());
}

std::string NameTemplate::with(std::string_view text) const {
    return is_plain ? before : before + std::string(text) + after;
}

std::optional<std::string_view> NameTemplate::match(std::string_view name) const {
    if (is_plain) return name == before ? std::optional(std::string_view()) : std::nullopt;
    if (name.size() <= before.size() + after.size() || !name.starts_with(before) || !name.ends_with(after))
        return std::nullopt;
    return name.substr(before.size(), name.size() - before.size() - after.size());
}

}  // namespace forecastd::config
