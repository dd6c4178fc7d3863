// Numbers as line protocol, fast.
//
// What we derive (expectations, limits, scores) is written with 12 significant digits: no forecast is known
// better, a residual reads -0.04 and not -0.03999999999999915, and the lines take a third less space. A value
// that came in (y) is written with as many digits as it takes to read it back the same.
#ifndef FORECASTD_OUTPUT_NUMBER_HPP
#define FORECASTD_OUTPUT_NUMBER_HPP

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace forecastd::output {

// The longest that any of these writes.
inline constexpr std::size_t max_number_size = 32;

inline constexpr int derived_digits = 12;

namespace detail {

inline constexpr std::array<double, 23> powers_of_ten = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                         1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                         1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

inline constexpr std::array<std::uint64_t, 18> whole_powers_of_ten = [] {
    std::array<std::uint64_t, 18> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = 10 * powers[i - 1];
    return powers;
}();

constexpr double power_of_ten(int exponent) {
    const double power = powers_of_ten[static_cast<std::size_t>(exponent < 0 ? -exponent : exponent)];
    return exponent < 0 ? 1 / power : power;
}

// For numbers of one binary exponent: how many decimals make derived_digits digits, and from which size on
// one less.
struct Decimals {
    double one_less_from;
    int count;
};
inline constexpr int least_exponent = -17;  // of 1e-5
inline constexpr std::array<Decimals, 57> decimals_by_exponent = [] {
    std::array<Decimals, 57> table{};
    double size = 1.0 / (1 << -least_exponent);
    int exponent = -6;  // of the power of ten that is not above size
    for (Decimals& entry : table) {
        while (power_of_ten(exponent + 1) <= size) ++exponent;
        entry = {power_of_ten(exponent + 1), derived_digits - 1 - exponent};
        size *= 2;
    }
    return table;
}();

// A number of at least 1e-5 and below 1e12 as digits / 10^decimals, 0 <= decimals <= 16.
struct Decimal {
    std::uint64_t digits;
    int decimals;
};

inline bool has_decimal(double size) { return size >= 1e-5 && size < 1e12; }

inline Decimal to_decimal(double size) {
    const auto exponent = static_cast<std::int64_t>(std::bit_cast<std::uint64_t>(size) >> 52) - 1023;
    const Decimals& entry = decimals_by_exponent[static_cast<std::size_t>(exponent - least_exponent)];
    const int decimals = entry.count - (size >= entry.one_less_from ? 1 : 0);
    const double scaled = size * powers_of_ten[static_cast<std::size_t>(decimals)];
    // By way of a signed integer, which the processor converts in one step. The number is positive.
    const auto digits = static_cast<std::int64_t>(scaled + 0.5);  // NOLINT(bugprone-incorrect-roundings)
    return {static_cast<std::uint64_t>(digits), decimals};
}

// The eight digits of a number below 10^8, a byte each, the first in the lowest: first two halves of four
// digits side by side, then four of two, then eight.
inline std::uint64_t eight_digits(std::uint32_t number) {
    const std::uint64_t fours = number / 10000 | std::uint64_t{number % 10000} << 32;
    const std::uint64_t hundreds = ((fours * 10486) >> 20) & 0x0000'007f'0000'007f;
    const std::uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    const std::uint64_t tens = ((twos * 103) >> 10) & 0x000f'000f'000f'000f;
    return tens | (twos - 10 * tens) << 8;
}

inline constexpr std::uint64_t eight_zeros = 0x3030'3030'3030'3030;  // "00000000"

inline void put_eight(char* to, std::uint64_t digits) {
    static_assert(std::endian::native == std::endian::little);
    digits |= eight_zeros;
    std::memcpy(to, &digits, 8);
}

// How many of the eight come before the trailing zeros.
inline int significant(std::uint64_t digits) { return 8 - std::countl_zero(digits) / 8; }

inline char* put_whole(char* to, std::uint64_t number) {
    if (number < 10) {
        *to = static_cast<char>('0' + number);
        return to + 1;
    }
    if (number < 100) {
        to[0] = static_cast<char>('0' + number / 10);
        to[1] = static_cast<char>('0' + number % 10);
        return to + 2;
    }
    return std::to_chars(to, to + max_number_size, number).ptr;
}

// Plain notation, without trailing zeros. size is the number that decimal was made of.
inline char* put_decimal(char* to, double size, const Decimal& decimal) {
    const std::uint64_t unit = whole_powers_of_ten[static_cast<std::size_t>(decimal.decimals)];
    auto whole = static_cast<std::uint64_t>(static_cast<std::int64_t>(size));
    if (decimal.digits >= (whole + 1) * unit) ++whole;  // it was rounded up
    const std::uint64_t fraction = decimal.digits - whole * unit;
    to = put_whole(to, whole);
    if (fraction == 0) return to;
    const std::uint64_t sixteen =
        fraction * whole_powers_of_ten[static_cast<std::size_t>(16 - decimal.decimals)];
    const std::uint64_t first = eight_digits(static_cast<std::uint32_t>(sixteen / 100'000'000));
    const std::uint64_t last = eight_digits(static_cast<std::uint32_t>(sixteen % 100'000'000));
    *to++ = '.';
    put_eight(to, first);
    put_eight(to + 8, last);
    return to + (last == 0 ? significant(first) : 8 + significant(last));
}

}  // namespace detail

// A derived number. value is finite; at most max_number_size bytes are touched.
inline char* put_derived(char* to, double value) {
    const double size = std::abs(value);
    if (!detail::has_decimal(size)) {
        if (value == 0) return detail::put_whole(to, 0);
        return std::to_chars(to, to + max_number_size, value, std::chars_format::general, derived_digits).ptr;
    }
    *to = '-';  // without a branch: the sign of a residual is anybody's guess
    return detail::put_decimal(to + (value < 0 ? 1 : 0), size, detail::to_decimal(size));
}

// A number that reads back the same. value is finite.
inline char* put_exact(char* to, double value) {
    const double size = std::abs(value);
    if (detail::has_decimal(size)) {
        // digits and the power are exact, so the quotient is what a reader of this decimal gets.
        const detail::Decimal decimal = detail::to_decimal(size);
        if (static_cast<double>(static_cast<std::int64_t>(decimal.digits)) /
                detail::powers_of_ten[static_cast<std::size_t>(decimal.decimals)] ==
            size) {
            if (value < 0) *to++ = '-';
            return detail::put_decimal(to, size, decimal);
        }
    }
    return std::to_chars(to, to + max_number_size, value).ptr;
}

// Times: integers in full.
inline char* put_time(char* to, std::int64_t value) {
    constexpr std::int64_t ten_to_16 = 10'000'000'000'000'000;
    if (value < 100 * ten_to_16) return std::to_chars(to, to + max_number_size, value).ptr;
    // Nineteen digits, as all times since September 2001 have.
    const auto number = static_cast<std::uint64_t>(value);
    const auto low = static_cast<std::uint64_t>(number % ten_to_16);
    to = detail::put_whole(to, number / ten_to_16);
    detail::put_eight(to, detail::eight_digits(static_cast<std::uint32_t>(low / 100'000'000)));
    detail::put_eight(to + 8, detail::eight_digits(static_cast<std::uint32_t>(low % 100'000'000)));
    return to + 16;
}

}  // namespace forecastd::output

#endif
