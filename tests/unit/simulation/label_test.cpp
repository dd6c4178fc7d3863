#include "simulation/label.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "simulation/number.hpp"

using namespace forecastd::simulation;

TEST_CASE("hundredths are written as the shortest decimal") {
    const auto written = [](std::int64_t value) {
        std::string out;
        append_hundredths(out, value);
        return out;
    };
    CHECK(written(0) == "0");
    CHECK(written(5) == "0.05");
    CHECK(written(-50) == "-0.5");
    CHECK(written(1234) == "12.34");
    CHECK(written(1230) == "12.3");
    CHECK(written(-1200) == "-12");
}

TEST_CASE("labels are CSV with quoted texts and an empty size where there is none") {
    const std::vector<Label> labels{{"t,a=b", "spike", 10, 12, -250, "points: 3"},
                                    {"t,a=b", "stuck", -5, 90, std::nullopt, "frozen"}};
    CHECK(to_csv(labels) ==
          "series,kind,first_time_ns,last_time_ns,size,description\n"
          "\"t,a=b\",spike,10,12,-2.5,\"points: 3\"\n"
          "\"t,a=b\",stuck,-5,90,,\"frozen\"\n");
}

TEST_CASE("no labels leave the names of the columns") {
    CHECK(to_csv({}) == "series,kind,first_time_ns,last_time_ns,size,description\n");
}
