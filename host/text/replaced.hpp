// A text with every occurrence of a piece replaced by another one.
#ifndef FORECASTD_TEXT_REPLACED_HPP
#define FORECASTD_TEXT_REPLACED_HPP

#include <string>
#include <string_view>

namespace forecastd::text {

// from is not empty. What was put in is not looked at again.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

}  // namespace forecastd::text

#endif
