// Classes of bytes, as the grammar of the line protocol has them.
#ifndef FORECASTD_LINEPROTOCOL_BYTES_HPP
#define FORECASTD_LINEPROTOCOL_BYTES_HPP

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace forecastd::lineprotocol {

inline bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

// Whether eight bytes are digits, and the number that they are: all at once, as the bytes of one word.
inline bool are_eight_digits(const char* text) {
    std::uint64_t word;
    std::memcpy(&word, text, sizeof word);
    return ((word & 0xf0f0'f0f0'f0f0'f0f0) |
            (((word + 0x0606'0606'0606'0606) & 0xf0f0'f0f0'f0f0'f0f0) >> 4)) == 0x3333'3333'3333'3333;
}
inline std::uint64_t eight_digits(const char* text) {
    static_assert(std::endian::native == std::endian::little);
    std::uint64_t word;
    std::memcpy(&word, text, sizeof word);
    word &= 0x0f0f'0f0f'0f0f'0f0f;
    word = (word * 10 + (word >> 8)) & 0x00ff'00ff'00ff'00ff;       // pairs of digits
    word = (word * 100 + (word >> 16)) & 0x0000'ffff'0000'ffff;     // fours
    return (word * 10'000 + (word >> 32)) & 0x0000'0000'ffff'ffff;  // all eight
}

// White space between the parts of a point.
inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f'; }

// What may stand in no name, not even after a backslash.
inline bool is_forbidden_in_name(char c) { return c >= '\t' && c <= '\r'; }

namespace detail {
constexpr std::array<bool, 256> stops(bool equals_sign) {
    std::array<bool, 256> table{};
    for (const char c : {'\t', '\n', '\v', '\f', '\r', ' ', ',', '\\'})
        table.at(static_cast<std::size_t>(c)) = true;
    table['='] = equals_sign;
    return table;
}
inline constexpr auto stops_measurement_table = stops(false);
inline constexpr auto stops_name_table = stops(true);
}  // namespace detail

// Whether a run of plain bytes of a measurement, or of a tag or field key, ends here.
inline bool stops_measurement(char c) {
    return detail::stops_measurement_table[static_cast<unsigned char>(c)];
}
inline bool stops_name(char c) { return detail::stops_name_table[static_cast<unsigned char>(c)]; }

}  // namespace forecastd::lineprotocol

#endif
