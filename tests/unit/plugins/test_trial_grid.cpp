// On a trial grid nothing is refused that a real grid might allow: durations there are some other number of
// steps.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "builtins.hpp"

TEST_CASE("on a trial grid no window is too short; on a real one it is refused") {
    const std::vector<test::Builtin> too_short{
        {"holt_winters", "holt-winters", {{"season_length", 86'400}, {"window", 500}}},
        {"lag", "lag", {{"season_length", 86'400}, {"window", 500}}},
        {"theta", "theta", {{"season_length", 86'400}, {"window", 500}}},
        {"theta", "theta", {{"window", 1}}},
        {"trend", "trend", {{"season_length", 86'400}, {"window", 500}}},
        {"zscore", "zscore", {{"window", 1}}},
    };
    for (const test::Builtin& builtin : too_short) {
        CAPTURE(std::string(builtin.id));
        const auto& algorithm = test::algorithm(builtin.file, builtin.id);
        const test::Model trial(algorithm, builtin.settings, test::Ends::initial, FCD_GRID_TRIAL);
        REQUIRE_MESSAGE(trial.get(), trial.error());
        CHECK(trial.series_size() > 0);
        const test::Model real(algorithm, builtin.settings);
        CHECK(real.get() == nullptr);
        CHECK(std::string(real.error()).find("window") != std::string::npos);
    }
}

TEST_CASE("every built-in model that a real grid allows is the same on a trial grid") {
    for (const test::Builtin& builtin : test::builtins()) {
        CAPTURE(std::string(builtin.id));
        const auto& algorithm = test::algorithm(builtin.file, builtin.id);
        const test::Model trial(algorithm, builtin.settings, test::Ends::initial, FCD_GRID_TRIAL);
        const test::Model real(algorithm, builtin.settings);
        REQUIRE(trial.get());
        REQUIRE(real.get());
        CHECK(trial.series_size() == real.series_size());
    }
}
