#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "config/describe.hpp"
#include "unit/config/algorithms.hpp"

namespace {

using namespace forecastd::config;
using tests::read_pipeline;
using Texts = std::vector<std::string>;

// A pipeline with these keys and entries.
tests::Reading with(const std::string& entries, const std::string& keys = "") {
    return read_pipeline(R"({"name": "p", "interval": "10s", )" + keys +
                         R"("detect": {"plugin": "limit", "params": {"threshold": 5}, "emit": "anomalies"},
                            "per_field": {)" +
                         entries + "}}");
}

TEST_CASE("each entry makes a copy of the pipeline for its fields, which the pipeline leaves to it") {
    const auto reading = with(R"("idle": {"detect": {"data_range": [0, 100]}},
                                 "io*": {"detect": {"params": {"threshold": 7}}, "rate": true, "alarm": {"raise": 3}})",
                              R"("namepass": ["cpu"], "fielddrop": ["x"], )");
    CHECK(reading.problems == Texts{});
    CHECK(reading.hints == Texts{});
    REQUIRE(reading.config.pipelines.size() == 3);
    const auto& [all, idle, io] =
        std::tie(reading.config.pipelines[0], reading.config.pipelines[1], reading.config.pipelines[2]);
    CHECK(all.name == "p");
    CHECK(describe(all.selection) == "measurements cpu; all fields, not x or idle or io*");
    CHECK(describe(*all.detect) == "limit, params {\"threshold\":5}, emit \"anomalies\"");
    CHECK(idle.name == "p/idle");
    CHECK(describe(idle.selection) == "measurements cpu; fields idle, not x");
    CHECK(describe(*idle.detect) ==
          "limit, params {\"threshold\":5}, data_range [0,100], emit \"anomalies\"");
    CHECK(io.name == "p/io*");
    CHECK(describe(io.selection) == "measurements cpu; fields io*, not x or idle");
    CHECK(describe(*io.detect) == "limit, params {\"threshold\":7}, emit \"anomalies\"");
    CHECK(io.rate);
    CHECK(io.alarm.raise.count == 3);
    CHECK_FALSE(idle.rate);
    // Saved series of the fields go on, as they were the pipeline's.
    CHECK(all.was == "");
    CHECK(idle.was == "p");
    CHECK(idle.place == 0);
}

TEST_CASE("another plugin takes none of the parameters, and null leaves a section out") {
    const auto reading =
        with(R"("a": {"forecast": {"plugin": "wave", "params": {"season_length": 6}}, "detect": null},
                                 "b": {"detect": [{"plugin": "limit"}, {"plugin": "limit"}], "combine": "all"},
                                 "c": {"forecast": null})");
    CHECK(reading.problems == Texts{});
    REQUIRE(reading.config.pipelines.size() == 4);
    CHECK(reading.config.pipelines[1].forecast);
    CHECK_FALSE(reading.config.pipelines[1].detect);
    CHECK(reading.config.pipelines[2].voters.size() == 2);
    CHECK(reading.config.pipelines[3].detect);
    const auto other =
        read_pipeline(R"({"interval": "10s", "forecast": {"plugin": "wave", "params": {"season_length": 6},
        "horizon": 3}, "per_field": {"a": {"forecast": {"plugin": "wave", "params": {"alpha": 0.5}}}}})");
    CHECK(other.problems == Texts{});
    CHECK(describe(*other.config.pipelines.at(1).forecast) ==
          "wave, params {\"season_length\":6,\"alpha\":0.5}, horizon 3");
}

TEST_CASE("an entry is for fields that the pipeline takes") {
    const auto fields = [](const std::string& pass, const std::string& entry) {
        const auto reading = with("\"" + entry + "\": {\"rate\": true}", "\"fieldpass\": [" + pass + "], ");
        if (!reading.problems.empty()) return reading.problems;
        return reading.config.pipelines.at(1).selection.fieldpass->patterns();
    };
    CHECK(fields(R"("a", "b")", "b") == Texts{"b"});
    CHECK(fields(R"("a*")", "ab") == Texts{"ab"});
    CHECK(fields(R"("aa", "ab", "b")", "a*") == Texts{"aa", "ab"});
    CHECK(fields(R"("a*", "b*")", "a*") == Texts{"a*"});
    CHECK(fields(R"("a")", "b") ==
          Texts{"pipelines[0].per_field.b: 'fieldpass' takes no such field, expected one that it takes"});
    CHECK(fields(R"("a*")", "*b") ==
          Texts{"pipelines[0].per_field[\"*b\"]: it has a wildcard, and so has 'fieldpass', so it cannot be "
                "told which "
                "fields both take: expected a name of one field, or a pattern of 'fieldpass'"});
}

TEST_CASE("problems of entries, each once and in its place") {
    CHECK(read_pipeline(R"({"detect": {"plugin": "limit"}, "per_field": ["a"]})").problems ==
          Texts{"pipelines[0].per_field: found [\"a\"], expected an object of fields, as globs, with "
                "settings of their own, "
                "such as {\"usage_idle\": {\"detect\": {...}}}"});
    CHECK(with(R"("a": 3, "b": {"detekt": {}}, "b": {}, "[": {}, "c": {"namepass": []}, "": {})").problems ==
          Texts{"pipelines[0].per_field.a: found 3, expected an object with settings of these fields",
                "pipelines[0].per_field.b.detekt: there is no such key, did you mean 'detect'?",
                "pipelines[0].per_field.b: the key is given twice, expected once",
                "pipelines[0].per_field[\"[\"]: expected fields as a glob such as \"usage_*\": it has a '[' "
                "without its "
                "']'; write '\\[' for the character",
                "pipelines[0].per_field.c.namepass: there is no such key, expected one of rate, forecast, "
                "detect, combine, "
                "alarm",
                "pipelines[0].per_field[\"\"]: expected fields as a glob such as \"usage_*\": it is empty"});
    // The copy of the entry is left out, and its fields with it.
    const auto reading =
        with("\"a\": {\"detect\": {\"emit\": \"some\"}},\n\"b\": {\"detect\": {\"plugin\": \"none\"}}");
    REQUIRE(reading.texts.size() == 2);
    CHECK(reading.texts[0].find("pipelines[0].per_field.a.detect.emit of pipeline 'p': found \"some\"") !=
          std::string::npos);
    CHECK(reading.texts[1].starts_with(
        "line 3, column 18: pipelines[0].per_field.b.detect.plugin of pipeline 'p': "));
    REQUIRE(reading.config.pipelines.size() == 1);
    CHECK(describe(reading.config.pipelines[0].selection) == "all measurements; all fields, not a or b");
    // What the pipeline has as well is told of the pipeline.
    CHECK(with(R"("a": {"rate": true})", R"("namepass": ["["], )").problems.size() == 1);
}

TEST_CASE("a copy's name may be taken") {
    const std::string detect = R"("detect": {"plugin": "limit"})";
    CHECK(read_pipeline(R"({"name": "p/a", "namepass": ["x"], )" + detect +
                        R"(}, {"name": "p", "namepass": ["y"], )" + detect +
                        R"(, "per_field": {"a": {"rate": true}}})")
              .problems ==
          Texts{"pipelines[1].name: found \"p/a\", the name of pipelines[0] already, expected another name"});
}

}  // namespace
