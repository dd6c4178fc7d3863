// Values that the tests of the forecaster auto share.
#ifndef FORECASTD_TESTS_UNIT_PLUGINS_AUTO_REFERENCE_HPP
#define FORECASTD_TESTS_UNIT_PLUGINS_AUTO_REFERENCE_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace test {

inline constexpr double lost = std::numeric_limits<double>::quiet_NaN();

// A week within four, and noise between 0 and 2; the same on every machine, as in tests/reference/auto.py.
inline std::vector<double> reference_values() {
    constexpr std::array<double, 7> season{0, 3, 5, 4, 1, -2, -3};
    std::vector<double> values;
    std::int64_t random = 7;
    for (std::size_t t = 0; t < 230; ++t) {
        random = (random * 1103515245 + 12345) % (std::int64_t{1} << 31);
        values.push_back(20 + season[t % 7] + (t / 7 % 4 == 1 ? 3 : 0) +
                         static_cast<double>(random / 65536 % 1000) / 500);
    }
    for (const std::size_t t : {60U, 61U, 62U, 150U}) values[t] = lost;
    return values;
}

}  // namespace test

#endif  // FORECASTD_TESTS_UNIT_PLUGINS_AUTO_REFERENCE_HPP
