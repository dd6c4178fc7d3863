// Normally distributed numbers, the same in every run.
#ifndef FORECASTD_TESTS_UNIT_PLUGINS_NOISE_HPP
#define FORECASTD_TESTS_UNIT_PLUGINS_NOISE_HPP

#include <cstddef>
#include <random>
#include <vector>

namespace test {

inline std::vector<double> noise(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    std::vector<double> values(count);
    for (double& value : values) value = normal(random);
    return values;
}

}  // namespace test

#endif  // FORECASTD_TESTS_UNIT_PLUGINS_NOISE_HPP
