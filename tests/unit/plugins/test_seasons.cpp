// The finder of seasons: what is there is found, and nothing in noise.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "numerics/seasons.hpp"

using numerics::SeasonFinder;
using numerics::Seasons;

namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::uint32_t longest = 2016, others = 128;

std::vector<std::uint32_t> calendar(std::int64_t seconds) {
    return numerics::calendar_seasons(seconds * second, longest);
}
Seasons found(const std::vector<double>& values, const std::vector<std::uint32_t>& usual = {24, 168},
              Seasons in_use = {}) {
    SeasonFinder::Room room;
    return SeasonFinder(usual, others).find(values, in_use, room);
}

// value(t), and noise with a deviation of 1.
template <class Value>
std::vector<double> noisy(std::size_t count, Value value, unsigned seed = 1) {
    std::mt19937 random(seed);
    std::normal_distribution<double> noise(0, 1);
    std::vector<double> values;
    for (std::size_t t = 0; t < count; ++t) values.push_back(value(static_cast<double>(t)) + noise(random));
    return values;
}
double wave(double t, double season) { return std::sin(t / season * 6.283185307); }
double weekend(double t) { return std::fmod(t, 168) < 48 ? 1.0 : 0.0; }

}  // namespace

TEST_CASE("the calendar's seasons are those that are whole numbers of steps") {
    using List = std::vector<std::uint32_t>;
    CHECK(calendar(3600) == List{24, 168});
    CHECK(calendar(300) == List{12, 288, 2016});
    CHECK(calendar(1800) == List{2, 48, 336});
    CHECK(calendar(60) == List{60, 1440});
    CHECK(calendar(10) == List{360});
    CHECK(calendar(1).empty());
    CHECK(calendar(7 * 60) == List{1440});  // a week
    CHECK(calendar(86400) == List{7});
    CHECK(calendar(7 * 86400).empty());
    CHECK(numerics::calendar_seasons(0, longest).empty());
}

TEST_CASE("a day, a week, and both are found, beside a trend and a level that wanders") {
    CHECK(found(noisy(150, [](double t) { return 2 * wave(t, 24); })) == Seasons{24, 0});
    CHECK(found(noisy(672, [](double t) { return 2 * wave(t, 24) + t / 10; })) == Seasons{24, 0});
    CHECK(found(noisy(672, [](double t) { return 2 * wave(t, 24) + 5 * weekend(t); })) == Seasons{24, 168});
    CHECK(found(noisy(672, [](double t) { return 5 * weekend(t); })).first > 0);
    auto values = noisy(672, [](double) { return 0; });
    for (std::size_t t = 1; t < values.size(); ++t) values[t] += values[t - 1];
    for (std::size_t t = 0; t < values.size(); ++t) values[t] += 8 * wave(static_cast<double>(t), 24);
    CHECK(found(values) == Seasons{24, 0});
}

TEST_CASE("a season that the calendar does not have is found as well, and not as a part of itself") {
    for (const double season : {10, 52, 60})
        CHECK(found(noisy(512, [&](double t) { return 3 * wave(t, season); }), {}) ==
              Seasons{static_cast<std::uint32_t>(season), 0});
    const auto pulse = [](double t) { return std::fmod(t, 10) < 1 ? 9.0 : std::fmod(t, 5) < 1 ? 5.0 : 0.0; };
    CHECK(found(noisy(512, pulse), {}) == Seasons{10, 0});
}

TEST_CASE("none is found in a random walk, an AR(1), white noise, steps and heavy tails") {
    std::mt19937 random(3);
    std::normal_distribution<double> noise(0, 1);
    std::student_t_distribution<double> heavy(2);
    for (const int kind : {0, 1, 2, 3, 4})
        for (const std::size_t count : {80U, 300U, 672U}) {
            CAPTURE(kind);
            CAPTURE(count);
            int wrong = 0;
            for (int i = 0; i < 40; ++i) {
                std::vector<double> values{0};
                while (values.size() < count) {
                    const double last = values.back(), e = noise(random);
                    if (kind == 0) values.push_back(last + e);
                    if (kind == 1) values.push_back(0.9 * last + e);
                    if (kind == 2) values.push_back(e);
                    if (kind == 3) values.push_back(random() % 30 == 0 ? last + e : last);
                    if (kind == 4) values.push_back(heavy(random));
                }
                wrong += found(values).first > 0 ? 1 : 0;
            }
            CHECK(wrong <= 2);
        }
}

TEST_CASE("a season in use stays on half the evidence, and where it cannot be judged") {
    const auto weak = noisy(
        96, [](double t) { return 1.2 * wave(t, 24); }, 4);
    SeasonFinder::Room room;
    const double evidence = SeasonFinder::evidence(weak, 24, false, room);
    REQUIRE(evidence > 0.5);
    REQUIRE(evidence < 1);
    CHECK(found(weak) == Seasons{});
    CHECK(found(weak, {24, 168}, {24, 0}) == Seasons{24, 0});
    CHECK(found(noisy(300, [](double t) { return 3 * wave(t, 24); }), {24, 168}, {24, 168}) ==
          Seasons{24, 168});
    CHECK(found(noisy(672, [](double) { return 0; }), {24, 168}, {24, 168}) == Seasons{});
}

TEST_CASE("few values, equal values and a straight line show no season") {
    CHECK(found({}) == Seasons{});
    CHECK(found(std::vector<double>(60, 5)) == Seasons{});
    CHECK(found(std::vector<double>(1000, 5)) == Seasons{});
    std::vector<double> line;
    for (int t = 0; t < 500; ++t) line.push_back(t * 0.25);
    CHECK(found(line) == Seasons{});
}
