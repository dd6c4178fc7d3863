// Polynomials of ARIMA models: products, the map into the stationary ones, roots, differences.
#include <doctest/doctest.h>

#include <array>
#include <vector>

#include "arima/polynomial.hpp"

using doctest::Approx;

TEST_CASE("regular and seasonal coefficients are multiplied out") {
    const std::vector regular{0.5, -0.2}, seasonal{0.3};
    std::array<double, 7> out{};
    arima::expand(regular, seasonal, 4, -1, out);  // (1 - 0.5B + 0.2B^2)(1 - 0.3B^4)
    CHECK(out[0] == 0.5);
    CHECK(out[1] == -0.2);
    CHECK(out[3] == 0.3);
    CHECK(out[4] == Approx(-0.15));
    CHECK(out[5] == Approx(0.06));
    CHECK(out[6] == 0);
    arima::expand(regular, seasonal, 4, 1, out);  // (1 + 0.5B - 0.2B^2)(1 + 0.3B^4)
    CHECK(out[4] == Approx(0.15));
    CHECK(out[5] == Approx(-0.06));
}

TEST_CASE("partial autocorrelations and coefficients are two ways to write one polynomial") {
    std::array a{0.5, -0.7, 0.2};
    arima::from_partials(a);
    // By hand: 0.5; (0.5 + 0.7 * 0.5, -0.7) = (0.85, -0.7); (0.85 + 0.2 * 0.7, -0.7 - 0.2 * 0.85, 0.2).
    CHECK(a[0] == Approx(0.99));
    CHECK(a[1] == Approx(-0.87));
    CHECK(a[2] == Approx(0.2));
    REQUIRE(arima::to_partials(a));
    CHECK(a[0] == Approx(0.5));
    CHECK(a[1] == Approx(-0.7));
    CHECK(a[2] == Approx(0.2));
    std::vector walk{1.0}, beyond{0.5, 0.6};  // roots on and within the circle
    CHECK_FALSE(arima::to_partials(walk));
    CHECK_FALSE(arima::to_partials(beyond));
}

TEST_CASE("a root is known to lie beyond a circle without being computed") {
    const std::vector near{0.98}, two{0.0, 0.81};  // roots at 1/0.98 = 1.0204, at +-1/0.9
    CHECK(arima::roots_beyond(near, 1.01));
    CHECK_FALSE(arima::roots_beyond(near, 1.03));
    CHECK(arima::roots_beyond(two, 1.1));
    CHECK_FALSE(arima::roots_beyond(two, 1.12));
    CHECK_FALSE(arima::roots_beyond(near, 1.03, -1));  // the root of 1 + 0.98 z lies as far
    CHECK(arima::roots_beyond({}, 2));
}

TEST_CASE("differences as a regression on past values") {
    std::array<double, 5> delta{};
    arima::differencing(1, 1, 4, delta);  // (1 - B)(1 - B^4) = 1 - B - B^4 + B^5
    CHECK(delta == std::array{1.0, 0.0, 0.0, 1.0, -1.0});
    std::array<double, 2> twice{};
    arima::differencing(2, 0, 1, twice);
    CHECK(twice == std::array{2.0, -1.0});
    std::vector<double> values{1, 4, 9, 16, 25};
    CHECK(arima::difference(values, 2) == 3);
    CHECK(values[0] == 8);
    CHECK(values[2] == 16);
    CHECK(arima::difference(values, 7) == 0);
}
