// Numbers as Telegraf writes them. Values are kept in hundredths, so that what is written is exact.
#ifndef FORECASTD_SIMULATION_NUMBER_HPP
#define FORECASTD_SIMULATION_NUMBER_HPP

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>

namespace forecastd::simulation {

inline void append_integer(std::string& out, std::int64_t value) {
    char digits[20];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

// The nearest whole number, of two equally near ones the greater.
inline std::int64_t rounded(double value) { return static_cast<std::int64_t>(std::floor(value + 0.5)); }

// 1234 as 12.34, -50 as -0.5, 1200 as 12: the shortest decimal.
inline void append_hundredths(std::string& out, std::int64_t value) {
    if (value < 0) {
        out += '-';
        value = -value;
    }
    append_integer(out, value / 100);
    const auto rest = static_cast<char>(value % 100);
    if (rest == 0) return;
    out += '.';
    out += static_cast<char>('0' + rest / 10);
    if (rest % 10 != 0) out += static_cast<char>('0' + rest % 10);
}

}  // namespace forecastd::simulation

#endif
