#include "simulation/random.hpp"

#include <doctest/doctest.h>

#include <cmath>

using forecastd::simulation::Random;

TEST_CASE("the numbers are the same everywhere") {
    Random random(1);
    CHECK(random.bits() == 13830413928045401970U);
    CHECK(std::lround(random.normal() * 1e9) == 1261150298);
}

TEST_CASE("parts of a seed are streams of their own") {
    CHECK(Random(7, 1).bits() == Random(7, 1).bits());
    CHECK(Random(7, 1).bits() != Random(7, 0).bits());
    CHECK(Random(7, 1).bits() != Random(8, 1).bits());
    CHECK(Random(7, 0).bits() != Random(7).bits());
}

TEST_CASE("between stays within its bounds and reaches them") {
    Random random(3);
    bool least = false, greatest = false;
    for (int i = 0; i < 1'000; ++i) {
        const auto value = random.between(-2, 5);
        REQUIRE(value >= -2);
        REQUIRE(value <= 5);
        least = least || value == -2;
        greatest = greatest || value == 5;
    }
    CHECK(least);
    CHECK(greatest);
}

TEST_CASE("normal numbers have the moments and tails of the normal distribution") {
    Random random(5);
    constexpr int count = 400'000;
    double sum = 0, squares = 0, cubes = 0, fourths = 0;
    int beyond_two = 0, beyond_three = 0;
    for (int i = 0; i < count; ++i) {
        const double z = random.normal();
        sum += z;
        squares += z * z;
        cubes += z * z * z;
        fourths += z * z * z * z;
        if (std::abs(z) > 2) ++beyond_two;
        if (std::abs(z) > 3) ++beyond_three;
    }
    CHECK(std::abs(sum / count) < 0.008);
    CHECK(std::abs(squares / count - 1) < 0.012);
    CHECK(std::abs(cubes / count) < 0.02);
    CHECK(std::abs(fourths / count - 3) < 0.08);
    CHECK(std::abs(beyond_two / double{count} - 0.0455) < 0.002);
    CHECK(std::abs(beyond_three / double{count} - 0.0027) < 0.0005);
}
