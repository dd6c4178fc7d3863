// Classes of bytes, as the grammar of the line protocol has them.
#ifndef FORECASTD_LINEPROTOCOL_BYTES_HPP
#define FORECASTD_LINEPROTOCOL_BYTES_HPP

#include <array>
#include <cstdint>

namespace forecastd::lineprotocol {

inline bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

// White space between the parts of a point.
inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\v' || c == '\f'; }

// What may stand in no name, not even after a backslash.
inline bool is_forbidden_in_name(char c) { return c >= '\t' && c <= '\r'; }

namespace detail {
constexpr std::array<bool, 256> stops(bool equals_sign) {
    std::array<bool, 256> table{};
    for (const unsigned char c : {'\t', '\n', '\v', '\f', '\r', ' ', ',', '\\'}) table.at(c) = true;
    table['='] = equals_sign;
    return table;
}
inline constexpr auto stops_measurement_table = stops(false);
inline constexpr auto stops_name_table = stops(true);
}  // namespace detail

// Whether a run of plain bytes of a measurement, or of a tag or field key, ends here.
inline bool stops_measurement(char c) { return detail::stops_measurement_table[static_cast<unsigned char>(c)]; }
inline bool stops_name(char c) { return detail::stops_name_table[static_cast<unsigned char>(c)]; }

}  // namespace forecastd::lineprotocol

#endif
