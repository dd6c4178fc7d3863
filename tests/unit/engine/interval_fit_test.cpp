// How wide intervals become. Quantiles of the normal and of Student's t are from printed tables.
#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "engine/interval_fit.hpp"

namespace forecastd::engine {
namespace {

constexpr IntervalFit::Pace pace{50, 0.05, true};

// The share of errors inside the interval of each level, and its mean reach.
struct HeldShares {
    std::vector<double> share, reach;
};

// ratio(i): |error| / deviation of the i-th forecast; the first `skipped` are not counted.
template <class Ratio>
HeldShares hold(const IntervalFit& fit, int count, int skipped, Ratio ratio) {
    std::vector<float> numbers(fit.number_count());
    fit.begin(numbers);
    HeldShares held{std::vector<double>(fit.level_count()), std::vector<double>(fit.level_count())};
    for (int i = 0; i < count; ++i) {
        const double size = ratio(i);
        for (std::size_t level = 0; i >= skipped && level < fit.level_count(); ++level) {
            const double reach = IntervalFit::reach(numbers, level);
            held.share[level] += (size <= reach ? 1.0 : 0.0) / (count - skipped);
            held.reach[level] += reach / (count - skipped);
        }
        fit.learn(numbers, size, 1, pace);
    }
    return held;
}

}  // namespace

TEST_CASE("without errors, an interval is about that of a normal distribution") {
    const IntervalFit fit({80, 95});
    std::vector<float> numbers(fit.number_count());
    fit.begin(numbers);
    CHECK(IntervalFit::seen(numbers) == 0);
    // t(6): 1.440 and 2.447; E|t| = .9186, E|z| = .7979
    CHECK(IntervalFit::reach(numbers, 0) == doctest::Approx(1.440 / 0.9186 * 0.7979).epsilon(1e-3));
    CHECK(IntervalFit::reach(numbers, 1) == doctest::Approx(2.447 / 0.9186 * 0.7979).epsilon(1e-3));
}

TEST_CASE("deviations a third of what they should be, or five times as much: the share held is right") {
    const IntervalFit fit({80, 95});
    for (const double size : std::initializer_list<double>{3, 0.2}) {
        CAPTURE(size);
        std::mt19937 random(7);
        std::normal_distribution<double> normal(0, size);
        const HeldShares held = hold(fit, 5000, 50, [&](int) { return std::abs(normal(random)); });
        CHECK(held.share[0] == doctest::Approx(0.80).epsilon(0.01));
        CHECK(held.share[1] == doctest::Approx(0.95).epsilon(0.01));
        CHECK(held.reach[0] == doctest::Approx(1.2816 * size).epsilon(0.05));
        CHECK(held.reach[1] == doctest::Approx(1.9600 * size).epsilon(0.07));
    }
}

TEST_CASE("errors with other tails: the share held is right too") {
    const IntervalFit fit({80, 95});
    std::mt19937 random(11);
    std::uniform_real_distribution<double> uniform(0, 1);
    std::exponential_distribution<double> exponential(1);
    const HeldShares flat = hold(fit, 5000, 100, [&](int) { return uniform(random); });
    CHECK(flat.share[0] == doctest::Approx(0.80).epsilon(0.015));
    CHECK(flat.share[1] == doctest::Approx(0.95).epsilon(0.015));
    const HeldShares heavy = hold(fit, 5000, 100, [&](int) { return std::pow(exponential(random), 2); });
    CHECK(heavy.share[0] == doctest::Approx(0.80).epsilon(0.015));
    CHECK(heavy.share[1] == doctest::Approx(0.95).epsilon(0.015));
}

TEST_CASE("a burst widens an interval, and it is as narrow as before some hundred errors later") {
    const IntervalFit fit({95});
    std::vector<float> numbers(fit.number_count());
    fit.begin(numbers);
    std::mt19937 random(13);
    std::normal_distribution<double> normal;
    const auto learn = [&](int count, double size) {
        for (int i = 0; i < count; ++i) fit.learn(numbers, std::abs(size * normal(random)), 1, pace);
        return IntervalFit::reach(numbers, 0);
    };
    const double calm = learn(1000, 1);
    const double burst = learn(200, 10);
    CHECK(burst > 6 * calm);
    CHECK(learn(500, 1) < 1.5 * calm);
}

TEST_CASE("one monstrous error does nothing, and one that is just large does little") {
    const IntervalFit fit({95});
    std::vector<float> numbers(fit.number_count());
    fit.begin(numbers);
    for (int i = 0; i < 300; ++i) fit.learn(numbers, 0.5, 1, pace);
    const double before = IntervalFit::reach(numbers, 0);
    fit.learn(numbers, 1e12, 1, pace);
    CHECK(IntervalFit::reach(numbers, 0) == before);
    fit.learn(numbers, 29, 1, pace);
    CHECK(IntervalFit::reach(numbers, 0) > before);
    CHECK(IntervalFit::reach(numbers, 0) < 1.15 * before);
}

TEST_CASE("a wider level never reaches less far, and numbers stay finite") {
    const IntervalFit fit({50, 51, 99});
    std::vector<float> numbers(fit.number_count());
    fit.begin(numbers);
    std::mt19937 random(17);
    for (int i = 0; i < 20000; ++i) {
        const double size = std::pow(10, static_cast<double>(random() % 40) - 20);
        fit.learn(numbers, i % 5000 < 2500 ? 0 : size, 1, pace);
        for (std::size_t level = 1; level < 3; ++level)
            REQUIRE(IntervalFit::reach(numbers, level) >= IntervalFit::reach(numbers, level - 1));
        for (const float number : numbers) REQUIRE(std::isfinite(number));
    }
}

TEST_CASE("a scale and quotients of others") {
    const IntervalFit fit({95});
    std::vector<float> numbers(fit.number_count()), other(fit.number_count());
    fit.begin(other);
    for (int i = 0; i < 100; ++i) fit.learn(other, i % 2 == 0 ? 7 : 1, 1, pace);
    fit.begin(numbers, IntervalFit::scale(other));
    CHECK(IntervalFit::seen(numbers) == 0);
    CHECK(IntervalFit::scale(numbers) == IntervalFit::scale(other));
    IntervalFit::follow(numbers, other);
    CHECK(IntervalFit::reach(numbers, 0) == IntervalFit::reach(other, 0));
}

}  // namespace forecastd::engine
