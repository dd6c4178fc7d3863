// The tail against distributions whose probabilities are known.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <type_traits>

#include "statistics/tail.hpp"

using forecastd::statistics::Tail;

namespace {

static_assert(std::is_trivially_copyable_v<Tail>);

using Draw = std::function<double(std::mt19937_64&)>;

Tail learned(std::size_t count, const Draw& draw, std::uint64_t seed = 1) {
    std::mt19937_64 random(seed);
    Tail tail;
    for (std::size_t i = 0; i < count; ++i) tail.observe(draw(random));
    return tail;
}

double exponential(std::mt19937_64& random) { return std::exponential_distribution<double>()(random); }
double normal(std::mt19937_64& random) { return std::normal_distribution<double>()(random); }
// P(Y > y) = y^-3
double pareto(std::mt19937_64& random) {
    return std::pow(1 - std::uniform_real_distribution<double>()(random), -1.0 / 3);
}

// How many times too probable a value is told to be, over ten series: the greatest and the least.
struct Factors {
    double greatest = 0, least = std::numeric_limits<double>::infinity();
};
Factors factors(const Draw& draw, double y, double p, std::size_t count = 20'000) {
    Factors result;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const double factor = std::pow(10, learned(count, draw, seed).log10_p(y)) / p;
        result.greatest = std::max(result.greatest, factor);
        result.least = std::min(result.least, factor);
    }
    return result;
}

// The share of values that the tail tells to be rarer than p, over series of 43,000 values: about p.
double share_beyond(const Draw& draw, double p, int series, std::size_t count) {
    std::size_t beyond = 0, judged = 0;
    for (int i = 0; i < series; ++i) {
        std::mt19937_64 random(static_cast<std::uint64_t>(i) + 100);
        Tail tail;
        for (std::size_t k = 0; k < count; ++k) {
            const double y = draw(random);
            if (tail.is_warm()) {
                ++judged;
                beyond += tail.log10_p(y) < std::log10(p);
            }
            tail.observe(y);
        }
    }
    return static_cast<double>(beyond) / static_cast<double>(judged);
}

}  // namespace

TEST_CASE("It tells nothing for 150 values") {
    Tail tail;
    for (int i = 0; i < 149; ++i) tail.observe(i % 7);
    CHECK(!tail.is_warm());
    CHECK(tail.log10_p(1e9) == 0);
    CHECK(std::isnan(tail.value_at(-5)));
    tail.observe(3);
    CHECK(tail.is_warm());
    CHECK(tail.log10_p(1e9) < -5);
}

TEST_CASE("While it warms up, the six greatest tell how far the next value may go") {
    Tail tail;
    for (const double y : {7, 1, 2, 3, 4}) tail.observe(y);
    CHECK(std::isnan(tail.early_value_at(-5)));
    for (const double y : {5, 0, 0, 0}) tail.observe(y);
    // 2, 3, 4, 5, 7 exceed 1 by 16 in total; of nine values: 0.6 (1 + e / 16)^-5 = 0.00001 at e = 128.
    CHECK(tail.early_value_at(-5) == doctest::Approx(1 + 16 * (std::pow(60'000, 0.2) - 1)));
    for (int i = 0; i < 141; ++i) tail.observe(0);
    CHECK(std::isnan(tail.early_value_at(-5)));
    Tail constant;
    for (int i = 0; i < 50; ++i) constant.observe(3);
    CHECK(std::isnan(constant.early_value_at(-5)));
}

TEST_CASE("After 150 values the threshold is their quantile") {
    // numpy.quantile(numpy.arange(1, 151), 0.97) == 145.53; the mean of 146 to 150 less that is 2.47.
    Tail ascending, descending, mixed;
    for (int i = 1; i <= 150; ++i) {
        ascending.observe(i);
        descending.observe(151 - i);
        mixed.observe((i * 67) % 151);
    }
    for (const Tail& tail : {ascending, descending, mixed}) {
        CHECK(tail.threshold() == doctest::Approx(145.53));
        // The spread of about 37 gives the scale 0.1 s here, which is above the mean excess.
        const double z = 10 / std::max(2.47, 0.1 * tail.spread());
        CHECK(tail.log10_p(155.53) == doctest::Approx(std::log10(0.03) - 5 * std::log10(1 + z / 5)));
    }
    CHECK(mixed.median() == doctest::Approx(75).epsilon(0.2));
}

TEST_CASE("Probabilities of an exponential distribution are right") {
    for (const double p : {1e-2, 1e-3, 1e-4, 1e-5}) {
        const Factors found = factors(exponential, -std::log(p), p);
        CAPTURE(p);
        CHECK(found.greatest < 6);
        CHECK(found.least > 1.0 / 3);
    }
    CHECK(learned(20'000, exponential).threshold() == doctest::Approx(3.507).epsilon(0.1));
    CHECK(learned(20'000, exponential).median() == doctest::Approx(0.693).epsilon(0.1));
}

TEST_CASE("A lighter tail is told at most thirty times too probable, never much too rare") {
    // scipy.stats.norm.isf of 1e-3, 1e-4, 1e-5
    struct Case {
        double y, p;
    };
    for (const Case& known : {Case{3.0902, 1e-3}, {3.7190, 1e-4}, {4.2649, 1e-5}}) {
        const double p = known.p;
        const Factors found = factors(normal, known.y, p);
        CAPTURE(p);
        CHECK(found.greatest < 30);
        CHECK(found.least > 0.5);
    }
}

TEST_CASE("A heavy tail is known as one") {
    // The moments of 150 excesses tell the shape too light where the fourth moment is infinite.
    struct Case {
        double p, least;
    };
    for (const Case& known : {Case{1e-3, 1.0 / 4}, {1e-4, 1.0 / 20}}) {
        const double p = known.p;
        const Factors found = factors(pareto, std::pow(p, -1.0 / 3), p);
        CAPTURE(p);
        CHECK(found.greatest < 8);
        CHECK(found.least > known.least);
    }
}

TEST_CASE("The shape that tails usually have counts while few excesses are known") {
    const Tail few = learned(300, normal), many = learned(20'000, normal);
    CHECK(few.log10_p(5, 0.2) > few.log10_p(5) + 0.5);
    CHECK(many.log10_p(5, 0.2) > many.log10_p(5));
    CHECK(many.log10_p(5, 0.2) - many.log10_p(5) < few.log10_p(5, 0.2) - few.log10_p(5));
    // A tail that is known to be heavier than usual stays so.
    const Tail heavy = learned(20'000, pareto);
    CHECK(heavy.log10_p(20, 0.1) == doctest::Approx(heavy.log10_p(20)).epsilon(0.05));
}

TEST_CASE("The share of values beyond a probability is that probability") {
    for (const Draw& draw : {Draw(exponential), Draw(normal), Draw(pareto)}) {
        const double share = share_beyond(draw, 1e-3, 20, 20'000);
        CHECK(share < 2e-3);
        CHECK(share > 1e-4);
    }
    // Also in the first hundreds, when little is known.
    for (const Draw& draw : {Draw(exponential), Draw(normal)})
        CHECK(share_beyond(draw, 1e-3, 1000, 300) < 2.5e-3);
}

TEST_CASE("A value and its probability belong together") {
    for (const Draw& draw : {Draw(exponential), Draw(normal), Draw(pareto)}) {
        const Tail tail = learned(5000, draw);
        for (const double rarity : {-2.0, -4.0, -6.0})
            CHECK(tail.log10_p(tail.value_at(rarity)) == doctest::Approx(rarity));
    }
}

TEST_CASE("Unit and origin of the values do not matter") {
    const Tail tail = learned(5000, exponential);
    for (const double unit : {1e-12, 1e3, 1e20}) {
        const Tail other = learned(5000, [unit](auto& random) { return unit * exponential(random); });
        CHECK(other.log10_p(unit * 9) == doctest::Approx(tail.log10_p(9)).epsilon(1e-3));
    }
    for (const double origin : {-1000.0, 1e5}) {
        const Tail other = learned(5000, [origin](auto& random) { return origin + exponential(random); });
        CHECK(other.log10_p(origin + 9) == doctest::Approx(tail.log10_p(9)).epsilon(1e-3));
    }
}

TEST_CASE("A constant never surprises, and its first other value does") {
    for (const double constant : {0.0, 42.0, -1e9}) {
        Tail tail;
        for (int i = 0; i < 10'000; ++i) {
            REQUIRE(tail.log10_p(constant) == 0);
            tail.observe(constant);
        }
        const double other = constant + 1 + std::abs(constant) / 10;
        CHECK(tail.log10_p(other) < -5);
        // What comes back a few times is no news.
        for (int i = 0; i < 5; ++i) {
            tail.observe(other);
            for (int k = 0; k < 200; ++k) tail.observe(constant);
        }
        CHECK(tail.log10_p(other) > -4);
    }
}

TEST_CASE("What lasts is learned") {
    Tail tail = learned(5000, normal);
    std::mt19937_64 random(9);
    int surprises = 0;
    for (int i = 0; i < 2000; ++i) {
        const double y = 1000 + normal(random);
        surprises += tail.log10_p(y) < -4.6;
        tail.observe(y);
    }
    CHECK(surprises > 0);
    CHECK(surprises < 100);
}

TEST_CASE("The edges of a square wave are no surprise") {
    for (const int half_period : {5, 60, 720}) {
        Tail tail;
        double rarest = 0;
        for (int i = 0; i < 30 * half_period + 3000; ++i) {
            const double y = i / half_period % 2 ? 80 : 20;
            if (i > 2 * half_period + 150) rarest = std::min(rarest, tail.log10_p(y));
            tail.observe(y);
        }
        CAPTURE(half_period);
        CHECK(rarest > -4.6);
    }
}

TEST_CASE("The steps of a coarse sensor are judged as the values behind them") {
    for (const double step : {0.1, 0.5, 2.0}) {
        const Draw coarse = [step](auto& random) { return std::round(normal(random) / step) * step; };
        CAPTURE(step);
        CHECK(share_beyond(coarse, 2.3e-5, 20, 20'000) < 1e-4);
    }
    // Counts of something rare: 1 in 20, and two at once 1 in 800.
    const Draw counts = [](auto& random) { return double(std::poisson_distribution<int>(0.05)(random)); };
    CHECK(share_beyond(counts, 2.3e-5, 20, 20'000) < 1e-4);
}

TEST_CASE("One misread value while it warms up does not set the scale") {
    for (const int place : {0, 70, 149}) {
        std::mt19937_64 random(3);
        Tail tail;
        for (int i = 0; i < 500; ++i) tail.observe(i == place ? 6500 : normal(random));
        CAPTURE(place);
        CHECK(tail.threshold() < 4);
        CHECK(tail.log10_p(200) < -5);
    }
}

TEST_CASE("Values that are no numbers are passed over, huge ones stay finite") {
    Tail tail = learned(1000, normal);
    const double before = tail.log10_p(5);
    tail.observe(std::nan(""));
    tail.observe(std::numeric_limits<double>::infinity());
    CHECK(tail.log10_p(5) == before);
    CHECK(tail.log10_p(std::nan("")) == 0);
    for (const double size : {1e-300, 1e-40, 1e300}) {
        Tail other = learned(2000, [size](auto& random) { return size * normal(random); });
        CHECK(std::isfinite(other.log10_p(size * 100)));
        CHECK(std::isfinite(other.log10_p(std::numeric_limits<double>::max())));
        CHECK(std::isfinite(other.threshold()));
        CHECK(std::isfinite(other.spread()));
    }
    for (int i = 0; i < 1000; ++i) tail.observe(i % 2 ? 1e308 : -1e308);
    CHECK(std::isfinite(tail.log10_p(1e308)));
    CHECK(std::isfinite(tail.value_at(-5)));
}
