#include "simulation/fleet.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace forecastd::simulation;

namespace {

std::vector<std::string> lines_of(const FleetOptions& options) {
    Fleet fleet(options);
    std::vector<std::string> lines;
    for (std::string line; fleet.append(line); line.clear()) lines.push_back(line);
    return lines;
}

std::string head(const std::string& line) { return line.substr(0, line.find(' ')); }

}  // namespace

TEST_CASE("the points are the same everywhere") {
    CHECK(lines_of({.series = 2, .points = 2, .fields = 2, .start_ns = 5}) ==
          std::vector<std::string>{
              "cpu,host=srv000000,rack=r0,region=eu usage=50.21,usage2=42.26 5\n",
              "cpu,host=srv000001,rack=r0,region=eu usage=55.88,usage2=78.58 5\n",
              "cpu,host=srv000000,rack=r0,region=eu usage=50.17,usage2=41.02 10000000005\n",
              "cpu,host=srv000001,rack=r0,region=eu usage=56.01,usage2=76.84 10000000005\n"});
}

TEST_CASE("at every time each series comes once, in the same order") {
    const auto lines = lines_of({.series = 90, .points = 5});
    REQUIRE(lines.size() == 450);
    CHECK(head(lines[0]) == "cpu,host=srv000000,rack=r0,region=eu");
    CHECK(head(lines[89]) == "cpu,host=srv000089,rack=r2,region=ap");
    for (std::size_t i = 0; i < lines.size(); ++i) {
        CHECK(head(lines[i]) == head(lines[i % 90]));
        CHECK(std::stoll(lines[i].substr(lines[i].rfind(' '))) ==
              static_cast<std::int64_t>(i / 90) * 10'000'000'000);
    }
}

TEST_CASE("shuffled: the same points, at every time in another order") {
    FleetOptions options{.series = 50, .points = 20};
    const auto ordered = lines_of(options);
    options.order = Order::shuffled;
    const auto shuffled = lines_of(options);
    std::set<std::string> orders;
    for (std::size_t step = 0; step < 20; ++step) {
        const auto begin = static_cast<std::ptrdiff_t>(step * 50);
        std::string order;
        for (auto line = shuffled.begin() + begin; line != shuffled.begin() + begin + 50; ++line)
            order += head(*line);
        orders.insert(order);
        CHECK(std::is_permutation(ordered.begin() + begin, ordered.begin() + begin + 50,
                                  shuffled.begin() + begin));
    }
    CHECK(orders.size() == 20);
}

TEST_CASE("more series or more fields change no value") {
    const auto few = lines_of({.series = 3, .points = 4});
    const auto many = lines_of({.series = 30, .points = 4, .fields = 3});
    for (std::size_t i = 0; i < few.size(); ++i) {
        const auto& same = many[i / 3 * 30 + i % 3];
        CHECK(few[i].substr(0, few[i].rfind(' ')) == same.substr(0, same.find(',', same.find(' '))));
    }
}

TEST_CASE("values are percentages") {
    for (const auto& line : lines_of({.series = 100, .points = 1'000})) {
        const double value = std::stod(line.substr(line.find('=', line.find(' ')) + 1));
        REQUIRE(value > 0);
        REQUIRE(value < 100);
    }
}
