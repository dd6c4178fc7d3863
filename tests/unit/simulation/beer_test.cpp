#include "simulation/beer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <string_view>

using namespace forecastd::simulation;

namespace {

// All points of a run by their times.
std::map<std::int64_t, double> points_of(const BeerOptions& options) {
    const std::string head = "temperature,brew=pale_ale temperature=";
    std::map<std::int64_t, double> points;
    Beer beer(options);
    std::int64_t before = INT64_MIN;
    for (std::string line; beer.append(line); line.clear()) {
        REQUIRE(line.substr(0, head.size()) == head);
        REQUIRE(line.back() == '\n');
        const auto space = line.find(' ', head.size());
        const std::int64_t time = std::stoll(line.substr(space + 1));
        REQUIRE(time > before);
        before = time;
        points[time] = std::stod(line.substr(head.size(), space - head.size()));
    }
    return points;
}

const Label& find(const Beer& beer, std::string_view kind) {
    const auto found = std::find_if(beer.labels().begin(), beer.labels().end(),
                                    [&](const Label& label) { return label.kind == kind; });
    REQUIRE(found != beer.labels().end());
    return *found;
}

}  // namespace

TEST_CASE("the points are the same everywhere") {
    Beer beer({.points = 3, .start_ns = 1'700'000'000'000'000'000, .anomalies = false});
    std::string out;
    while (beer.append(out)) continue;
    CHECK(out ==
          "temperature,brew=pale_ale temperature=19.04 1700000000000000000\n"
          "temperature,brew=pale_ale temperature=19 1700000001000000000\n"
          "temperature,brew=pale_ale temperature=19.07 1700000002000000000\n");
}

TEST_CASE("a point that is refused leaves the output alone") {
    Beer beer({.points = 1, .anomalies = false});
    std::string out;
    CHECK(beer.append(out));
    const std::string before = out;
    CHECK_FALSE(beer.append(out));
    CHECK(out == before);
}

TEST_CASE("the labels are what the data differs in from the data without anomalies") {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        CAPTURE(seed);
        BeerOptions options{.points = 4'000, .seed = seed};
        const Beer beer(options);
        const auto points = points_of(options);
        options.anomalies = false;
        const auto calm_points = points_of(options);
        REQUIRE(calm_points.size() == 4'000);

        const Label& shift = find(beer, "level_shift");
        const Label& drop_out = find(beer, "drop_out");
        const Label& stuck = find(beer, "stuck");
        for (const auto& point : calm_points) {
            const std::int64_t time = point.first;  // no structured binding: clang++ cannot capture one
            CAPTURE(time);
            const auto found = points.find(time);
            REQUIRE((found == points.end()) ==
                    (time >= drop_out.first_time_ns && time <= drop_out.last_time_ns));
            if (found == points.end()) continue;
            if (time >= stuck.first_time_ns && time <= stuck.last_time_ns) {
                REQUIRE(found->second == points.at(stuck.first_time_ns));
                continue;
            }
            std::int64_t added = time >= shift.first_time_ns ? *shift.size_hundredths : 0;
            for (const auto& label : beer.labels())
                if (label.kind == std::string_view("spike") && time >= label.first_time_ns &&
                    time <= label.last_time_ns)
                    added += *label.size_hundredths;
            REQUIRE(std::llround(found->second * 100) - std::llround(point.second * 100) == added);
        }
    }
}

TEST_CASE("anomalies are nine, in order, with calm before and between them, also in the shortest run") {
    for (const std::int64_t count : {Beer::least_points, std::int64_t{20'000}, std::int64_t{1'000'000}}) {
        CAPTURE(count);
        const Beer beer({.points = count, .interval_ns = 1});
        REQUIRE(beer.labels().size() == 9);
        std::int64_t calm_since = 0;
        for (const auto& label : beer.labels()) {
            CHECK(label.first_time_ns - calm_since >= count / 30);
            calm_since = label.size_hundredths ? label.first_time_ns + 2 : label.last_time_ns;
            if (label.size_hundredths) CHECK(std::abs(*label.size_hundredths) >= 75);
        }
        CHECK(find(beer, "level_shift").last_time_ns == count - 1);
    }
}

TEST_CASE("the beer stays near its target, and the probe's noise is small") {
    const auto points = points_of({.points = 21'600, .anomalies = false});
    double squares = 0;
    double before = points.begin()->second;
    for (const auto& [time, value] : points) {
        REQUIRE(value > 18);
        REQUIRE(value < 22.5);
        squares += (value - before) * (value - before);
        before = value;
    }
    // Neighbours differ by two readings' noise and hardly anything else.
    CHECK(std::sqrt(squares / 21'600 / 2) == doctest::Approx(0.05).epsilon(0.05));
}

TEST_CASE("long intervals do not upset the thermostat") {
    for (const auto& [time, value] :
         points_of({.points = 500, .interval_ns = 600'000'000'000, .anomalies = false})) {
        REQUIRE(value > 16);
        REQUIRE(value < 22.5);
    }
}
