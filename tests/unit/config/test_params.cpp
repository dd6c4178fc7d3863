#include <doctest/doctest.h>

#include <cmath>

#include "config/model.hpp"
#include "unit/config/algorithms.hpp"

namespace {

using namespace forecastd::config;
using tests::read_pipeline;

constexpr std::int64_t second = 1'000'000'000;
enum Index : std::size_t { season_length, alpha, order, damped, seasonal, hold, lags };  // of wave

ModelChoice wave(const std::string& params) {
    const auto [config, problems, texts, hints] =
        read_pipeline(R"({"forecast": {"plugin": "wave", "params": {)" + params + "}}}");
    REQUIRE(problems.empty());
    return config.pipelines.at(0).forecast->model;
}

TEST_CASE("parameters stand in the order of the table, each in its type") {
    const ModelChoice given =
        wave(R"("hold": "2m", "seasonal": "mul", "damped": true, "order": 3, "alpha": 0.25,
                                      "season_length": 24)");
    CHECK(given.params.at(season_length).value.integer == 24);
    CHECK_FALSE(given.params[season_length].duration_of_steps);
    CHECK(given.params[alpha].value.real == 0.25);
    CHECK(given.params[order].value.integer == 3);
    CHECK(given.params[damped].value.integer == 1);
    CHECK(given.params[seasonal].value.integer == 1);
    CHECK(given.params[hold].value.integer == 120 * second);
}

TEST_CASE("defaults are those of the table; null lets the algorithm choose") {
    for (const char* text : {R"("season_length": 2)", R"("period": 2, "alpha": null)"}) {
        const ModelChoice given = wave(text);
        CHECK(std::isnan(given.params.at(alpha).value.real));
        CHECK(given.params[order].value.integer == 2);
        CHECK(given.params[damped].value.integer == 0);
        CHECK(given.params[seasonal].value.integer == 0);
        CHECK(given.params[hold].value.integer == 60 * second);
    }
}

TEST_CASE("aliases and whole numbers with a point are taken") {
    const ModelChoice given = wave(R"("period": 12.0, "smoothing_level": 1, "order": 4e0)");
    CHECK(given.params.at(season_length).value.integer == 12);
    CHECK(given.params[alpha].value.real == 1);
    CHECK(given.params[order].value.integer == 4);
}

TEST_CASE("a list of integers, its default, or the algorithm's choice") {
    const auto lags_of = [](const ModelChoice& choice) {
        const fcd_integers& list = *choice.resolve(second).value().at(lags).integers;
        return std::vector<std::int64_t>(list.items, list.items + list.count);
    };
    using List = std::vector<std::int64_t>;
    CHECK(lags_of(wave(R"("season_length": 2)")) == List{1, 2});
    CHECK(lags_of(wave(R"("season_length": 2, "lags": [0, 12.0])")) == List{0, 12});
    CHECK(lags_of(wave(R"("season_length": 2, "lags": "auto")")).empty());
    ModelChoice copy;
    {
        const ModelChoice given = wave(R"("season_length": 2, "lags": [3, 4])");
        copy = given;
    }
    CHECK(lags_of(copy) == List{3, 4});
}

TEST_CASE("a duration becomes steps once the interval is known") {
    const ModelChoice given = wave(R"("season_length": "1h")");
    CHECK(given.params.at(season_length).duration_of_steps);
    CHECK(needs_interval(given));
    CHECK_FALSE(needs_interval(wave(R"("season_length": 60)")));

    const auto values = given.resolve(60 * second).value();
    REQUIRE(values.size() == 7);
    CHECK(values[season_length].integer == 60);
    CHECK(values[order].integer == 2);
    const auto error_on = [&](std::int64_t interval_ns) {
        const auto resolved = given.resolve(interval_ns);
        return resolved ? "" : resolved.error().text;
    };
    CHECK(given.resolve(7 * second).value().at(season_length).integer == 514);  // of 514.3
    CHECK(error_on(700 * second) ==
          "season_length: found \"1h\", expected a multiple of the pipeline's interval, which is \"11m40s\"");
    CHECK(error_on(second) ==
          "season_length: found \"1h\", which is 3600 steps of \"1s\", expected from 2 to 1000 steps");
    CHECK(error_on(3600 * second) ==
          "season_length: found \"1h\", which is 1 step of \"1h\", expected from 2 to 1000 steps");
}

TEST_CASE("a default that is a duration becomes the nearest number of steps in its range") {
    const auto memory = [](std::int64_t interval_ns, const std::string& params) {
        const auto [config, problems, texts, hints] =
            read_pipeline(R"({"detect": {"plugin": "limit", "params": {)" + params + "}}}");
        REQUIRE(problems.empty());
        const ModelChoice& given = config.pipelines.at(0).detect->model;
        CHECK(needs_interval(given) == (params == R"("memory": "2h")"));
        const auto values = given.resolve(interval_ns);
        REQUIRE_MESSAGE(values, values.error().text);
        return values->at(1).integer;
    };
    CHECK(memory(60 * second, "") == 60);
    CHECK(memory(7 * second, "") == 514);    // 514.3
    CHECK(memory(1000 * second, "") == 4);   // 3.6
    CHECK(memory(second, "") == 1000);       // 3600, and the greatest is 1000
    CHECK(memory(86400 * second, "") == 2);  // none, and the least is 2
    CHECK(memory(60 * second, R"("memory": 24)") == 24);
    CHECK(memory(60 * second, R"("memory": "2h")") == 120);
}

TEST_CASE("the bytes of a series are asked of the model") {
    CHECK(model_bytes(wave(R"("season_length": 10)"), second) == 96);
    CHECK(model_bytes(wave(R"("season_length": "1h")"), 60 * second) == 496);
    CHECK(model_bytes(wave(R"("season_length": "1h")"), 7 * second) == 4128);  // 514 steps
    CHECK_FALSE(model_bytes(wave(R"("season_length": "1h")"), 700 * second));  // five are too few to round
}

}  // namespace
