// Appends the parts of a line of line protocol to memory that was reserved; each call returns the new end.
#ifndef FORECASTD_OUTPUT_LINE_HPP
#define FORECASTD_OUTPUT_LINE_HPP

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace forecastd::output {

// The longest that put() of a number writes.
inline constexpr std::size_t max_number_size = 32;

inline char* put(char* to, std::string_view text) {
    std::memcpy(to, text.data(), text.size());
    return to + text.size();
}

// The shortest decimal that reads back the same. value is finite.
inline char* put(char* to, double value) { return std::to_chars(to, to + max_number_size, value).ptr; }
inline char* put(char* to, std::int64_t value) { return std::to_chars(to, to + max_number_size, value).ptr; }
inline char* put(char* to, std::uint64_t value) { return std::to_chars(to, to + max_number_size, value).ptr; }

}  // namespace forecastd::output

#endif
