// The time that the data has reached.
#include <doctest/doctest.h>

#include "engine/clock.hpp"

namespace forecastd::engine {

TEST_CASE("without a time to live it never asks") {
    EventClock clock(0);
    for (std::int64_t t = 0; t < 1000; ++t) CHECK_FALSE(clock.advance(t * 1'000'000'000));
}

TEST_CASE("it asks about eight times in a time to live, and never for the past") {
    EventClock clock(800);
    int asked = 0;
    for (std::int64_t t = 0; t <= 8000; ++t) {
        if (clock.advance(t)) {
            ++asked;
            CHECK(clock.now_ns() == t);
        }
        CHECK_FALSE(clock.advance(t - 500));
        CHECK_FALSE(clock.advance(t));
    }
    CHECK(asked >= 70);
    CHECK(asked <= 81);
}

TEST_CASE("one point from the far future does not count, a thousand in a row do") {
    EventClock clock(100);
    clock.advance(1000);
    for (int i = 0; i < 5000; ++i) {
        CHECK_FALSE(clock.advance(1'000'000));
        clock.advance(1001 + i / 100);
    }
    CHECK(clock.now_ns() < 1100);
    for (int i = 0; i < 999; ++i) CHECK_FALSE(clock.advance(1'000'000 + i));
    CHECK(clock.now_ns() < 1100);
    CHECK(clock.advance(1'000'999));
    CHECK(clock.now_ns() == 1'000'999);
}

TEST_CASE("a jump of exactly the time to live counts at once") {
    EventClock clock(100);
    clock.advance(1000);
    CHECK(clock.advance(1100));
    CHECK(clock.now_ns() == 1100);
}

TEST_CASE("times below zero, and from one end to the other") {
    EventClock clock(100);
    clock.advance(-4'600'000'000'000'000'000);
    CHECK(clock.advance(-4'600'000'000'000'000'000 + 50));
    CHECK_FALSE(clock.advance(4'600'000'000'000'000'000));
    CHECK(clock.now_ns() == -4'600'000'000'000'000'000 + 50);
}

}  // namespace forecastd::engine
