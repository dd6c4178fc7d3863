// "detect" as a list of detectors, and "combine".
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "config/describe.hpp"
#include "config/hints.hpp"
#include "unit/config/algorithms.hpp"

namespace {

using namespace forecastd::config;
using Texts = std::vector<std::string>;

tests::Reading detect(const std::string& list, const std::string& more = "") {
    return tests::read_pipeline("{\"detect\": " + list + more + "}");
}

TEST_CASE("a list of one detector is that detector") {
    const auto listed = detect(R"([{"plugin": "limit", "emit": "anomalies"}])");
    REQUIRE(listed.problems == Texts{});
    const Pipeline& pipeline = listed.config.pipelines.at(0);
    CHECK(pipeline.voters.empty());
    REQUIRE(pipeline.detect);
    CHECK(pipeline.detect->emit == Emit::anomalies);
}

TEST_CASE("each detector has its own rules, and what is about the series holds for all") {
    const auto reading = detect(
        R"([{"plugin": "limit", "params": {"threshold": 5}, "false_alarms": "30d",
             "detection_direction": "rising", "min_dev_from_expected": 2},
            {"plugin": "limit", "false_alarms": "7d", "detection_direction": "falling", "data_range": [0, 9],
             "drift": false, "stuck": false, "no_data_after": "off", "emit": "anomalies"}])",
        R"(, "combine": {"min": 2})");
    REQUIRE(reading.problems == Texts{});
    const Pipeline& pipeline = reading.config.pipelines.at(0);
    REQUIRE(pipeline.voters.size() == 2);
    CHECK(pipeline.voters[0].model.params[0].value.real == 5);
    CHECK(pipeline.voters[1].model.params[0].value.real == 3);
    CHECK(pipeline.voters[0].direction == Direction::rising);
    CHECK(pipeline.voters[1].direction == Direction::falling);
    CHECK(pipeline.voters[0].min_dev_from_expected == 2);
    CHECK(pipeline.combine == Combine{Combine::Rule::least, 2});
    constexpr std::int64_t day_ns = 86'400'000'000'000;
    for (const Detect* one : {&*pipeline.detect, &pipeline.voters[0], &pipeline.voters[1]}) {
        CHECK(one->data_range == DataRange{0, 9});
        CHECK_FALSE(one->drift);
        CHECK_FALSE(one->stuck);
        CHECK(one->no_data_after.count == 0);
        CHECK(one->emit == Emit::anomalies);
    }
    // In common they have no direction, no least deviation, and the shortest time between false alarms.
    CHECK(pipeline.detect->direction == Direction::both);
    CHECK(pipeline.detect->min_dev_from_expected == 0);
    CHECK(pipeline.detect->false_alarms_ns == 7 * day_ns);
}

TEST_CASE("the words of combine") {
    const std::string two = R"([{"plugin": "limit"}, {"plugin": "limit"}])";
    const auto rule = [&](const std::string& word) {
        const auto reading = detect(two, ", \"combine\": " + word);
        REQUIRE(reading.problems == Texts{});
        return reading.config.pipelines.at(0).combine;
    };
    CHECK(detect(two).config.pipelines.at(0).combine == Combine{Combine::Rule::any, 1});
    CHECK(rule("\"any\"").rule == Combine::Rule::any);
    CHECK(rule("\"all\"").rule == Combine::Rule::all);
    CHECK(rule("\"majority\"").rule == Combine::Rule::majority);
    CHECK(describe(rule(R"({"min": 1})")) == "at least 1");
}

TEST_CASE("bad lists and bad rules get a sentence each") {
    CHECK(detect("[]").problems ==
          Texts{"pipelines[0].detect: found [], expected an object, or a list of 1 to 8 of them"});
    CHECK(detect("7").problems ==
          Texts{"pipelines[0].detect: found 7, expected an object, or a list of 1 to 8 of them"});
    CHECK(detect("[7]").problems == Texts{"pipelines[0].detect[0]: found 7, expected an object"});
    std::string nine;
    for (int i = 0; i < 9; ++i) nine += std::string(i > 0 ? "," : "") + R"({"plugin": "limit"})";
    CHECK(detect("[" + nine + "]").problems.at(0).find("expected an object, or a list of 1 to 8 of them") !=
          std::string::npos);
    CHECK(detect(R"([{"plugin": "limit"}, {"plugin": "limit", "params": {"threshold": -1}}])").problems ==
          Texts{"pipelines[0].detect[1].params.threshold: found -1, expected a number from 0.1 to 100"});
    CHECK(
        detect(R"([{"plugin": "limit"}, {"plugin": "wave"}])").problems ==
        Texts{"pipelines[0].detect[1].plugin: 'wave' does not detect, expected one of those that do: limit"});

    const std::string two = R"([{"plugin": "limit"}, {"plugin": "limit"}])";
    const std::string words = R"(expected "any", "all", "majority" or a least number such as {"min": 2})";
    CHECK(detect(two, R"(, "combine": "most")").problems ==
          Texts{"pipelines[0].combine: found \"most\", " + words});
    for (const char* bad :
         {R"({"min": 0})", R"({"min": "2"})", R"({"least": 2})", R"({"min": 1, "max": 2})", "2"})
        CHECK(detect(two, std::string(", \"combine\": ") + bad).problems.at(0).find(words) !=
              std::string::npos);
    CHECK(detect(two, R"(, "combine": {"min": 3})").problems ==
          Texts{"pipelines[0].combine: found {\"min\":3}, and 'detect' has 2 detectors, expected at most "
                "that many"});
    const std::string alone =
        "pipelines[0].combine: 'detect' is one detector, so nobody votes: expected a list of two or more "
        "there, or "
        "no 'combine'";
    CHECK(detect(R"({"plugin": "limit"})", R"(, "combine": "all")").problems == Texts{alone});
    CHECK(detect(R"([{"plugin": "limit"}])", R"(, "combine": "all")").problems == Texts{alone});
    CHECK(tests::read_pipeline(
              R"({"forecast": {"plugin": "wave", "params": {"season_length": 4}}, "combine": "all"})")
              .problems == Texts{"pipelines[0].combine: there is no 'detect' whose detectors could vote, "
                                 "expected a list of two or "
                                 "more there"});
}

TEST_CASE("two detectors must not contradict each other about the series") {
    CHECK(detect(
              R"([{"plugin": "limit", "drift": true}, {"plugin": "limit"},
                      {"plugin": "limit", "drift": false}])")
              .problems ==
          Texts{"pipelines[0].detect[2].drift: found false, and detect[0] says true: this key "
                "is about the series "
                "and not about one detector, expected it in one of them, or the same in all"});
    CHECK(detect(R"([{"plugin": "limit", "emit": "all"}, {"plugin": "limit", "emit": "all"}])").problems ==
          Texts{});
}

TEST_CASE("a model of the list that does not fit the interval is found at its place") {
    const auto reading = detect(R"([{"plugin": "limit"}, {"plugin": "limit", "params": {"memory": "15s"}}])",
                                R"(, "interval": "10s")");
    CHECK(reading.problems ==
          Texts{"pipelines[0].detect[1].params.memory: found \"15s\", expected a multiple of the "
                "pipeline's interval, which is \"10s\""});
}

TEST_CASE("a plugin that is set aside drops out of a list, and takes a pipeline along that has no other") {
    const auto read_without_limit = [](const std::string& list, std::vector<Problem>& problems) {
        forecastd::plugin::Catalogue catalogue;
        catalogue.set_aside("acme.broken");
        catalogue.add(tests::catalogue().find("limit")->library, "in the test");
        const auto document = Document::parse(R"({"pipelines": [{"detect": )" + list + "}]}", problems);
        return document.read(catalogue, problems);
    };
    std::vector<Problem> problems;
    const Config config = read_without_limit(
        R"([{"plugin": "acme.broken", "params": {"x": 1}}, {"plugin": "limit"}, {"plugin": "limit"}])",
        problems);
    REQUIRE(problems.empty());
    CHECK(config.pipelines.at(0).voters.size() == 2);
    CHECK(config.pipelines.at(0).lost_voters == Texts{"acme.broken"});
    const Config rest = read_without_limit(R"([{"plugin": "acme.broken"}, {"plugin": "limit"}])", problems);
    REQUIRE(problems.empty());
    CHECK(rest.pipelines.at(0).voters.empty());
    CHECK(rest.pipelines.at(0).detect);
    read_without_limit(R"([{"plugin": "acme.broken"}, {"plugin": "acme.broken"}])", problems);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].message ==
          "algorithm 'acme.broken' is set aside, since a call to it ended the process before");
}

TEST_CASE("the plugins of a list are wanted, and its detectors are described one by one") {
    std::vector<Problem> problems;
    const auto document = Document::parse(
        R"({"pipelines": [{"detect": [{"plugin": "a"}, {"plugin": "b", "params": {"season_length": 3}}]}]})",
        problems);
    const auto wanted = document.wanted();
    REQUIRE(wanted.size() == 2);
    CHECK(wanted[0].id == "a");
    CHECK(wanted[1].id == "b");
    CHECK(wanted[1].params == Texts{"season_length"});
    const auto reading = detect(
        R"([{"plugin": "limit", "params": {"threshold": 4}}, {"plugin": "limit", "false_alarms": "30d"}])");
    CHECK(describe_detectors(reading.config.pipelines.at(0)) ==
          Texts{"limit, params {\"threshold\":4}", "limit, false_alarms \"30d\""});
    CHECK(describe_detectors(detect(R"({"plugin": "limit"})").config.pipelines.at(0)) == Texts{"limit"});
}

}  // namespace
