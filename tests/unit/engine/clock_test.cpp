// Event time, and timers by the wall clock.
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

TEST_CASE("a first point from the future: a few others set the clock back") {
    EventClock clock(100);
    clock.advance(1'000'000);
    for (int i = 0; i < 30; ++i) CHECK_FALSE(clock.advance(1000 + i));
    CHECK(clock.now_ns() == 1029);
    bool asked = false;
    for (int i = 0; i < 50; ++i) asked |= clock.advance(1030 + i);
    CHECK(asked);
    CHECK(clock.now_ns() == 1079);
}

TEST_CASE("a backlog of a few points does not set a clock back that many points agree with; a thousand do") {
    EventClock clock(100);
    for (int i = 0; i < 2000; ++i) clock.advance(100'000 + i / 100);
    for (int i = 0; i < 999; ++i) CHECK_FALSE(clock.advance(1000));
    CHECK(clock.now_ns() == 100'019);
    clock.advance(100'020);
    for (int i = 0; i < 1000; ++i) CHECK_FALSE(clock.advance(1000 + i % 7));
    CHECK(clock.now_ns() == 1006);
}

TEST_CASE("points far ahead and far behind in turn move nothing") {
    EventClock clock(100);
    clock.advance(10'000);
    for (int i = 0; i < 5000; ++i) CHECK_FALSE(clock.advance(i % 2 ? 1'000'000 : 10));
    CHECK(clock.now_ns() == 10'000);
}

TEST_CASE("timers: the first deadline, and each is set again when it was due") {
    using std::chrono::seconds;
    const Timers::Time start{};
    Timers timers;
    const std::size_t never = timers.add(seconds(0), start);
    CHECK(timers.next_deadline() == Timers::Time::max());
    const std::size_t slow = timers.add(seconds(60), start), quick = timers.add(seconds(10), start);
    CHECK(timers.next_deadline() == start + seconds(10));
    CHECK_FALSE(timers.is_due(quick, start + seconds(9)));
    CHECK(timers.is_due(quick, start + seconds(12)));
    CHECK_FALSE(timers.is_due(quick, start + seconds(12)));
    CHECK(timers.next_deadline() == start + seconds(22));
    CHECK_FALSE(timers.is_due(never, start + seconds(100)));
    CHECK(timers.is_due(slow, start + seconds(60)));
}

}  // namespace forecastd::engine
