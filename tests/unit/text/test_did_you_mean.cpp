#include <doctest/doctest.h>

#include "text/did_you_mean.hpp"

using forecastd::text::did_you_mean;

TEST_CASE("a near name is offered") {
    const std::vector<std::string> known{"forecast", "detect", "output", "level"};
    CHECK(did_you_mean("forcast", known) == ", did you mean 'forecast'?");
    CHECK(did_you_mean("forecasts", known) == ", did you mean 'forecast'?");
    CHECK(did_you_mean("detcet", known) == ", did you mean 'detect'?");  // two neighbours swapped
    CHECK(did_you_mean("LEVEL", known) == ", did you mean 'level'?");
    CHECK(did_you_mean("output", known) == ", did you mean 'output'?");
}

TEST_CASE("the nearest of several wins, the first of equals") {
    CHECK(did_you_mean("holt-winter", {"holt", "holt-winters"}) == ", did you mean 'holt-winters'?");
    CHECK(did_you_mean("alphas", {"alphax", "alphay"}) == ", did you mean 'alphax'?");
}

TEST_CASE("what is far is not offered") {
    CHECK(did_you_mean("horizon", {"level", "stamp"}).empty());
    CHECK(did_you_mean("a", {"b"}).empty());
    CHECK(did_you_mean("", {"a", ""}).empty());
    CHECK(did_you_mean("x", {}).empty());
    const std::string endless(100'000, 'x');
    CHECK(did_you_mean(endless, {endless}).empty());
}
