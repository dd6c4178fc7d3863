// The limit that follows from the incidents of a series, against values by hand.
#include "engine/usual_incidents.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace forecastd::engine {
namespace {

constexpr UsualIncidents::Times unfading{400, 100, 1e12};

void take(UsualIncidents& usual, const UsualIncidents::Times& times, std::int64_t step, double score) {
    usual.begin(times, step);
    usual.add(score);
}

}  // namespace

TEST_CASE("a series that has shown nothing: a wider limit at first, and the plain one later") {
    const UsualIncidents usual{};
    CHECK(usual.limit(unfading, 0) == doctest::Approx(2.5));  // 1 + 0.5 (400 / 100 - 1)
    CHECK(usual.limit(unfading, 100) == doctest::Approx(1.5));
    CHECK(usual.limit(unfading, 300) == doctest::Approx(1));
    CHECK(usual.limit(unfading, 1e6) == 1);
    const auto times = UsualIncidents::times(60'000'000'000);
    CHECK(usual.limit(times, 0) == doctest::Approx(3));
    CHECK(usual.limit(times, 4 * 1440) == doctest::Approx(1).epsilon(0.1));  // four days by minutes
}

TEST_CASE("incidents that were seen raise the limit by how bad they were and how often they came") {
    UsualIncidents usual{};
    take(usual, unfading, 0, 3);
    take(usual, unfading, 100, 5);
    // One is known, with an excess of 2: 1 + 2.5 ((2 / 200 400)^(1 / 2) - 1).
    CHECK(usual.limit(unfading, 100) == doctest::Approx(3.5).epsilon(1e-6));
    CHECK(usual.is_rare(unfading, 100));
    take(usual, unfading, 140, 1.5);
    // Two, with 2 and 4: 1 + 6.5 (5^(1 / 3) - 1).
    CHECK(usual.limit(unfading, 140) == doctest::Approx(5.6148).epsilon(1e-4));
    CHECK_FALSE(usual.is_rare(unfading, 140));
}

TEST_CASE("the scores of an incident add up") {
    UsualIncidents usual{};
    usual.begin(unfading, 7);
    CHECK_FALSE(usual.goes_on(7));
    usual.add(1.2);
    CHECK(usual.goes_on(36));
    CHECK_FALSE(usual.goes_on(37));
    usual.add(1.2);
    CHECK_FALSE(usual.is_rare(unfading, 0));
    usual.add(1.2);
    CHECK(usual.is_rare(unfading, 0));
}

TEST_CASE("one huge incident counts as at most ten times what was known") {
    UsualIncidents usual{};
    take(usual, unfading, 0, 1e300);
    take(usual, unfading, 100, 2);
    CHECK(usual.limit(unfading, 100) == doctest::Approx(6.5).epsilon(1e-6));  // 1 + (5 + 0.5) (4^(1 / 2) - 1)
}

TEST_CASE("what was seen fades") {
    const UsualIncidents::Times fading{4000, 100, 1000};
    UsualIncidents usual{};
    take(usual, fading, 0, 3);
    take(usual, fading, 1000, 2);
    // n = 1 / e, S = 2 / e, E = 1000 (1 - 1 / e): r = 7.474.
    CHECK(usual.limit(fading, 1000) == doctest::Approx(5.1416).epsilon(1e-3));
}

TEST_CASE("what is saved is loaded") {
    UsualIncidents usual{}, other{};
    take(usual, unfading, 0, 3);
    take(usual, unfading, 100, 5);
    std::vector<char> bytes;
    ByteWriter out(bytes);
    usual.save(out);
    ByteReader in(bytes);
    other.load(in);
    CHECK(other.limit(unfading, 120) == usual.limit(unfading, 120));
    CHECK(other.goes_on(129));
    CHECK_FALSE(other.goes_on(130));
}

}  // namespace forecastd::engine
