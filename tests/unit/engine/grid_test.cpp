// Steps, phases, and learning an interval; worked out by hand, in seconds.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "engine/grid.hpp"

namespace forecastd::engine {
namespace {

constexpr std::int64_t s = 1'000'000'000, ms = 1'000'000;

std::vector<std::int64_t> spaced(std::int64_t first, std::int64_t interval, std::size_t count = 8) {
    std::vector<std::int64_t> times;
    for (std::size_t i = 0; i < count; ++i) times.push_back(first + static_cast<std::int64_t>(i) * interval);
    return times;
}

}  // namespace

TEST_CASE("division rounds down, below zero too") {
    CHECK(floor_divide(7, 2) == 3);
    CHECK(floor_divide(-7, 2) == -4);
    CHECK(floor_divide(-8, 2) == -4);
    CHECK(floor_divide(-1, 10) == -1);
    CHECK(floor_divide(0, 10) == 0);
    CHECK(floor_divide(-latest_time_ns, 1) == -latest_time_ns);
}

TEST_CASE("phases lie from 0 up to the interval") {
    CHECK(phase_of(23 * s, 10 * s) == 3 * s);
    CHECK(phase_of(20 * s, 10 * s) == 0);
    CHECK(phase_of(-3 * s, 10 * s) == 7 * s);
    CHECK(phase_of(-10 * s, 10 * s) == 0);
}

TEST_CASE("a step reaches half an interval to either side of its time") {
    for (const std::int64_t step : {-1000, -1, 0, 1, 170'000'000}) {
        const std::int64_t time = step * 10 * s + 3 * s;
        CHECK(step_of(time, 10 * s, 3 * s) == step);
        CHECK(step_of(time - 5 * s, 10 * s, 3 * s) == step);
        CHECK(step_of(time - 5 * s - 1, 10 * s, 3 * s) == step - 1);
        CHECK(step_of(time + 5 * s - 1, 10 * s, 3 * s) == step);
        CHECK(step_of(time + 5 * s, 10 * s, 3 * s) == step + 1);
        std::int64_t back = 0;
        CHECK(time_of(step, 10 * s, 3 * s, back));
        CHECK(back == time);
    }
}

TEST_CASE("a step's time that leaves 64 bits is told") {
    std::int64_t time = 0;
    CHECK_FALSE(time_of(std::int64_t{1} << 62, 4, 0, time));
    CHECK_FALSE(time_of(1, std::numeric_limits<std::int64_t>::max(), 1, time));
    CHECK(time_of(1, std::numeric_limits<std::int64_t>::max() - 1, 1, time));
}

TEST_CASE("an interval is learned on the nearest round number within one percent") {
    const struct {
        std::int64_t interval, learned;
    } cases[] = {
        {10 * s, 10 * s},
        {9'980 * ms, 10 * s},
        {10'050 * ms, 10 * s},
        {61 * s, 61 * s},
        {60'500 * ms, 60 * s},
        {59'500 * ms, 60 * s},
        {3'590 * s, 3'600 * s},
        {86'000 * s, 86'400 * s},
        {7 * 86'400 * s + 1, 7 * 86'400 * s},
        {1 * s, 1 * s},
        {991 * ms, 1 * s},
        {1'009 * ms, 1 * s},
        {1'500 * ms, 1'500 * ms},
        {250 * ms, 250 * ms},
        {100 * ms + 7, 100 * ms},
        {16'666'667, 16'700'000},
        {1, 1},
        {7, 7},
        {123, 123},
    };
    for (const auto& one : cases) {
        CAPTURE(one.interval);
        CHECK(learned_interval(spaced(1'700'000'000 * s, one.interval)) == one.learned);
        CHECK(learned_interval(spaced(-1'700'000'000 * s, one.interval)) == one.learned);
    }
}

TEST_CASE("the interval of irregular points is their median distance; outliers do not count") {
    CHECK(learned_interval(std::vector{0 * s, 10 * s, 20 * s, 95 * s, 105 * s, 115 * s, 125 * s, 126 * s}) ==
          10 * s);
    CHECK(learned_interval(std::vector{0 * s, 1 * s, 4 * s, 9 * s, 16 * s, 25 * s, 36 * s, 49 * s}) == 7 * s);
    CHECK(learned_interval(std::vector{-latest_time_ns, latest_time_ns}) <= longest_interval_ns);
}

TEST_CASE("points with jitter: the slope of the line through them, also if some are lost") {
    // In tenths of the interval by 0.7: up to a fifth of it to either side.
    const std::vector<std::int64_t> jitter{1, -3, 2, 3, -2, 0, -1, 3,  -3, 2, 1,  -2, 0, 3,  -1, -3,
                                           2, 1,  0, 2, -3, 3, -2, -1, 0,  3, -3, 1,  2, -2, 0,  1};
    const std::vector<std::size_t> lost{3, 9, 10, 17, 22, 31, 36};
    for (const std::int64_t interval : {10, 60, 300}) {
        std::vector<std::int64_t> all, some;
        for (std::size_t i = 0; i < 40; ++i) {
            const auto time = (static_cast<std::int64_t>(i) * 100 + 7 * jitter[i % 32]) * s * interval / 100;
            all.push_back(time);
            if (std::find(lost.begin(), lost.end(), i) == lost.end()) some.push_back(time);
        }
        CAPTURE(interval);
        CHECK_FALSE(is_regular(all));
        CHECK(learned_interval(all) == interval * s);
        CHECK(learned_interval(some) == interval * s);
    }
    CHECK(is_regular(spaced(0, 10 * s)));
    CHECK(is_regular(std::vector{0 * s, 10 * s, 20 * s, 95 * s, 105 * s, 115 * s, 125 * s, 126 * s}));
}

TEST_CASE("a phase is learned as the median, also around the wrap") {
    CHECK(learned_phase(spaced(1'000 * s + 3 * s, 10 * s), 10 * s) == 3 * s);
    CHECK(learned_phase(spaced(1'000 * s, 10 * s), 10 * s) == 0);
    // Phases 9.9, 0.1, 9.8, 0.2, 0, 0, 0, 9.9: around 0, not around 5. By distance: .1 before, .1, .2 and so
    // on; the median is 0.
    CHECK(learned_phase(std::vector{9'900 * ms, 20'100 * ms, 29'800 * ms, 40'200 * ms, 50'000 * ms,
                                    60'000 * ms, 70'000 * ms, 79'900 * ms},
                        10 * s) == 0);
    CHECK(learned_phase(std::vector{-20'100 * ms, -10'000 * ms, 100 * ms, 10'000 * ms, 20'000 * ms,
                                    30'000 * ms, 40'000 * ms, 50'000 * ms},
                        10 * s) == 0);
    // One point of another phase does not count.
    CHECK(learned_phase(std::vector{4 * s, 13 * s, 23 * s, 33 * s, 43 * s, 53 * s, 63 * s, 73 * s}, 10 * s) ==
          3 * s);
}

TEST_CASE("a phase is learned from times as far apart as may be watched") {
    constexpr std::int64_t last = latest_time_ns;
    // The phase of nearly all: 4.6e18 less four times 1e18 is 6e17.
    CHECK(learned_phase(
              std::vector{-last, last - 7, last - 6, last - 5, last - 4, last - 3, last - 2, last - 1},
              longest_interval_ns) == 600'000'000'000'000'000 - 4);
}

TEST_CASE("jitter of less than half an interval does not move a point to another step") {
    const std::int64_t phase = phase_of(1'703 * s, 10 * s);
    std::int64_t step = step_of(1'703 * s, 10 * s, phase);
    std::uint64_t random = 1;
    for (int i = 1; i < 10'000; ++i) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        const std::int64_t jitter = static_cast<std::int64_t>(random >> 33) % (5 * s);
        const std::int64_t time = (1'703 + 10 * i) * s + (i % 2 ? jitter : -jitter);
        const std::int64_t next = step_of(time, 10 * s, phase);
        REQUIRE(next == step + 1);
        step = next;
    }
}

}  // namespace forecastd::engine
