#include "config/variables.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "unit/config/algorithms.hpp"

namespace {

using namespace forecastd::config;
using tests::read;
using tests::read_pipeline;
using Texts = std::vector<std::string>;

// The text with its variables in place, or the error.
std::string put(const std::string& text) {
    const auto result = with_variables(text, tests::surroundings().variable);
    return result ? *result : "error: " + result.error().text;
}

TEST_CASE("variables in a text") {
    CHECK(put("") == "");
    CHECK(put("no variable, $5, $HOST, {HOST} and $") == "no variable, $5, $HOST, {HOST} and $");
    CHECK(put("${HOST}") == "db1");
    CHECK(put("a${HOST}b${N}c") == "adb1b24c");
    CHECK(put("${EMPTY}") == "");
    CHECK(put("${HOST:-other}") == "db1");
    CHECK(put("${NONE:-other}") == "other");
    CHECK(put("${EMPTY:-other}") == "other");
    CHECK(put("${NONE:-}") == "");
    CHECK(put("${NONE:-a:-b}") == "a:-b");
    CHECK(put("$${HOST}") == "${HOST}");
    CHECK(put("a$${HOST}${HOST}$") == "a${HOST}db1$");
    CHECK(put("${NONE}") ==
          "error: the environment variable 'NONE' is not set; set it where forecastd is started, or write "
          "${NONE:-default}");
    const std::string expected =
        ", expected ${NAME} or ${NAME:-default} with letters, digits and '_' in the name; write $${ for the "
        "characters themselves";
    for (const char* inside : {"", "a b", "1A", "HOST-x", ":-x", "HOST:x"})
        CHECK(put("x${" + std::string(inside) + "}") ==
              "error: found '${" + std::string(inside) + "}'" + expected);
    CHECK(put("${HOST") ==
          "error: found \"${HOST\", a variable without its '}'; write $${ for the characters themselves");
}

TEST_CASE("a value is no more than a string, whatever is in it") {
    std::vector<Problem> problems;
    const auto document = Document::parse(
        R"({"pipelines": [{"name": "${X}", "detect": {"plugin": "limit"}}]})", problems, "",
        {nullptr, nullptr, nullptr, [](const std::string&) {
             return std::optional<std::string>("\", \"interval\": \"1h\", \"was\": \"${HOST} $${HOST}");
         }});
    const Config config = document.read(tests::catalogue(), problems);
    CHECK(problems.empty());
    CHECK(config.pipelines.at(0).name == "\", \"interval\": \"1h\", \"was\": \"${HOST} $${HOST}");
    CHECK(config.pipelines.at(0).interval_ns == 0);
}

TEST_CASE("a variable stands for a number, or for true or false, where one is expected") {
    const auto reading = read(R"({"pipelines": [{"name": "${N}", "tagpass": {"host": ["${HOST}*", "${N}"]},
        "interval": "${N}s", "rate": "${ON}", "forecast": {"plugin": "wave", "horizon": "${N}",
        "params": {"season_length": "${N}", "alpha": "${NONE:-0.5}", "damped": "${ON}"}, "level": ["${NONE:-90}"]}}],
        "limits": {"max_series": "${N}", "max_line_bytes": "${NONE:-64KB}"}})");
    CHECK(reading.problems == Texts{});
    REQUIRE(reading.config.pipelines.size() == 1);
    const Pipeline& pipeline = reading.config.pipelines[0];
    CHECK(pipeline.name == "24");
    CHECK(pipeline.selection.tagpass.at(0).second.patterns() == Texts{"db1*", "24"});
    CHECK(pipeline.interval_ns == 24'000'000'000);
    CHECK(pipeline.rate);
    CHECK(pipeline.forecast->horizon.count == 24);
    CHECK(pipeline.forecast->level == std::vector<double>{90});
    CHECK(reading.config.limits.max_series == 24);
    CHECK(reading.config.limits.max_line_bytes == 64'000);
    // Alone, and nothing else: a text with a variable in it is a text, and so is a number in quotes.
    CHECK(read_pipeline(R"({"rate": "t${NONE:-rue}", "detect": {"plugin": "limit"}})").problems ==
          Texts{"pipelines[0].rate: found \"true\", expected true or false"});
    CHECK(read_pipeline(R"({"rate": "${HOST}", "detect": {"plugin": "limit"}})").problems ==
          Texts{"pipelines[0].rate: found \"db1\", expected true or false"});
}

TEST_CASE("a variable that is not set costs its pipeline, or elsewhere its key") {
    const auto reading = read(R"({"pipelines": [{"name": "${HOST}", "namepass": ["${NONE}", "a"],
      "detect": {"plugin": "limit"}},
      {"name": "good", "detect": {"plugin": "limit"}}],
      "limits": {"max_series": "${NONE}", "max_fields": 7}, "plugin_dirs": ["${NONE}", "x"]})");
    const std::string not_set =
        ": the environment variable 'NONE' is not set; set it where forecastd is started, or write "
        "${NONE:-default}";
    CHECK(reading.texts ==
          Texts{"line 1, column 49: pipelines[0].namepass[0] of pipeline '${HOST}'" + not_set,
                "line 4, column 18: limits.max_series" + not_set,
                "line 4, column 77: plugin_dirs[0]" + not_set});
    REQUIRE(reading.config.pipelines.size() == 1);
    CHECK(reading.config.pipelines[0].name == "good");
    CHECK(reading.config.pipelines[0].place == 1);
    CHECK(reading.config.limits.max_series == Limits{}.max_series);
    CHECK(reading.config.limits.max_fields == 7);
    CHECK(reading.config.plugin_dirs == Texts{"x"});
}

}  // namespace
