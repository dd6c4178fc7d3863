// A name with a placeholder in it, such as "{measurement}_forecast", or a plain name without one.
//
// Immutable, so any thread may use it.
#ifndef FORECASTD_CONFIG_NAME_TEMPLATE_HPP
#define FORECASTD_CONFIG_NAME_TEMPLATE_HPP

#include <optional>
#include <string>
#include <string_view>

namespace forecastd::config {

inline constexpr std::string_view measurement_placeholder = "{measurement}";
inline constexpr std::string_view field_placeholder = "{field}";

struct NameTemplate {
    NameTemplate(std::string_view pattern, std::string_view placeholder);

    std::string before, after;  // of a plain name, before is all of it
    bool is_plain;

    // The name with this text in the place of the placeholder.
    [[nodiscard]] std::string with(std::string_view text) const;
    // The text that a name has in the place of the placeholder: never empty, except for a plain name; nothing
    // if the name was not made by this template.
    [[nodiscard]] std::optional<std::string_view> match(std::string_view name) const;
};

}  // namespace forecastd::config

#endif
