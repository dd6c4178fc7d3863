// The intervals of holt with estimated weights: how many of the values to come they hold.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "stream.hpp"

using test::Stream;
using test::Way;

namespace {

// Series of the additive class with a damped trend (smoothing/form.hpp), errors normal of variance 1.
std::vector<double> simulated(std::size_t count, unsigned seed) {
    const double alpha = 0.3, beta = 0.1, phi = 0.9;
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    double level = 100, trend = 0.5;
    std::vector<double> values;
    while (values.size() < count) {
        const double base = level + phi * trend, error = normal(random);
        values.push_back(base + error);
        level = base + alpha * error;
        trend = phi * trend + alpha * beta * error;
    }
    return values;
}

struct Held {
    int by_80 = 0, by_95 = 0;
};

// For each horizon, the number of series that lay within the interval.
std::array<Held, 3> held(const Way& way, const std::array<std::size_t, 3>& horizons, unsigned series) {
    std::array<Held, 3> held;
    for (unsigned seed = 1; seed <= series; ++seed) {
        const std::vector<double> values = simulated(140, seed);
        Stream stream(way);
        stream.learn(0, 120, [&](std::int64_t i) { return values[static_cast<std::size_t>(i)]; });
        const auto forecast = stream.forecast(120, 20);
        for (std::size_t i = 0; i < horizons.size(); ++i) {
            const auto& [mean, deviation] = forecast[horizons[i] - 1];
            const double distance = std::abs(values[119 + horizons[i]] - mean) / deviation;
            if (distance <= 1.2816) ++held[i].by_80;
            if (distance <= 1.9600) ++held[i].by_95;
        }
    }
    return held;
}

}  // namespace

// Of 300 series 80 % are 240, give or take 7, and 95 % are 285, give or take 4; bounds are three or four such
// wide. An interval knows nothing of how uncertain the estimated weights are, so 20 steps ahead one of 80 %
// on the window holds 71 %.
TEST_CASE("intervals of estimated weights hold their share of the values to come") {
    const std::array<std::size_t, 3> horizons{1, 5, 20};
    for (const Way& way : {Way{"window", "holt", "holt", {{"fit", 0}, {"min_samples", 120}}},
                           Way{"online", "holt", "holt", {{"fit", 1}}}}) {
        CAPTURE(std::string(way.name));
        const auto counts = held(way, horizons, 300);
        for (std::size_t i = 0; i < horizons.size(); ++i) {
            CAPTURE(horizons[i]);
            CAPTURE(counts[i].by_95);
            CHECK(counts[i].by_80 >= (horizons[i] < 20 ? 0.72 : 0.68) * 300);
            CHECK(counts[i].by_80 <= 0.88 * 300);
            CHECK(counts[i].by_95 >= 0.88 * 300);
            CHECK(counts[i].by_95 <= 0.99 * 300);
            MESSAGE(std::string(way.name) << ", " << horizons[i] << " ahead: " << counts[i].by_80 << " and "
                                          << counts[i].by_95 << " of 300");
        }
    }
}
