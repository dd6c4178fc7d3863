#include "text/escaped.hpp"

#include "text/utf8.hpp"

namespace forecastd::text {
namespace {

// Of a well-formed sequence.
bool is_control(std::string_view character) {
    const auto first = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) return first < 0x20 || first == 0x7f;
    return first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;  // U+0080 to U+009F
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
    constexpr char digits[] = "0123456789abcdef";
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        const std::string_view character = text.substr(0, length == 0 ? 1 : length);
        if (length == 0 || is_control(character))
            for (const char c : character) {
                const auto byte = static_cast<unsigned char>(c);
                out += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
            }
        else
            out += character;
        text.remove_prefix(character.size());
    }
}

std::string escaped(std::string_view text) {
    std::string result;
    append_escaped(result, text);
    return result;
}

}  // namespace forecastd::text
