// Warnings of what is valid and does not do what was meant, word for word; and that nothing else is warned of.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "config/overlap.hpp"
#include "unit/config/algorithms.hpp"

namespace {

using namespace forecastd::config;
using Texts = std::vector<std::string>;

Texts hints_of(const std::string& json) {
    const auto reading = tests::read(json);
    CHECK(reading.problems == Texts{});
    return reading.hints;
}
// A pipeline with a detector and these keys; and keys of the top.
Texts hints(const std::string& keys, const std::string& top = "") {
    return hints_of(R"({"pipelines": [{"interval": "10s", )" + keys + R"("detect": {"plugin": "limit"}}])" +
                    top + "}");
}
Texts detect(const std::string& keys) {
    return hints_of(R"({"pipelines": [{"interval": "10s", "detect": {"plugin": "limit", )" + keys + "}}]}");
}
Texts forecast(const std::string& keys, const std::string& more = "") {
    return hints_of(R"({"pipelines": [{"interval": "10s", )" + more +
                    R"("forecast": {"plugin": "wave", "params": {"season_length": 6}, )" + keys + "}}]}");
}
// Two pipelines with a detector each, and these keys.
Texts two(const std::string& first, const std::string& second) {
    const std::string limit = R"("detect": {"plugin": "limit"}})";
    return hints_of(R"({"pipelines": [{"name": "a", )" + first + limit + R"(, {"name": "b", )" + second +
                    limit + "]}");
}

TEST_CASE("a selection that lets nothing through") {
    const std::string nothing =
        "no name can pass it, alone or with the names that are dropped, so the pipeline watches nothing; "
        "leave a "
        "list out to take all names";
    CHECK(hints(R"("namepass": [], )") == Texts{"pipelines[0].namepass: " + nothing});
    CHECK(hints(R"("fieldpass": ["a", "b"], "fielddrop": ["[ab]"], )") ==
          Texts{"pipelines[0].fieldpass: " + nothing});
    CHECK(hints(R"("namedrop": ["*"], )") == Texts{"pipelines[0].namedrop: no name can pass it, so the "
                                                   "pipeline watches nothing; leave a list out to take "
                                                   "all names"});
    CHECK(hints(R"("namepass": ["a", "b"], "namedrop": ["b"], )").empty());
    CHECK(hints(R"("namepass": ["a*"], "namedrop": ["a"], )").empty());
}

TEST_CASE("a pipeline for what forecastd writes itself") {
    CHECK(hints(R"("namepass": ["cpu", "forecastd_accuracy"], )") ==
          Texts{"pipelines[0].namepass[1]: found \"forecastd_accuracy\", which forecastd writes itself: its "
                "points pass on, and "
                "no pipeline watches them; watch the originals, or read them back under another name"});
    CHECK(two(R"("namepass": ["cpu"], )", R"("namepass": ["cpu_anomaly"], )") ==
          Texts{"pipelines[1].namepass[0] of pipeline 'b': found \"cpu_anomaly\", which forecastd writes "
                "itself: its points "
                "with the tag 'field' pass on, and no pipeline watches them; watch the originals, or read "
                "them back "
                "under another name"});
    CHECK(two(R"("namepass": ["cpu"], )", R"("namepass": ["mem_anomaly"], )").empty());
    CHECK(two(R"("namepass": ["cpu"], )", R"("namepass": ["cpu_forecast"], )").empty());
}

TEST_CASE("times that do not go together") {
    CHECK(hints(R"("group_by": ["host"], )") ==
          Texts{"pipelines[0].group_by: without 'limits.ttl', keys that do not come any more are remembered "
                "for ever, "
                "though they are one series; set \"limits\": {\"ttl\": \"7d\"}, or so"});
    CHECK(hints(R"("group_by": ["host"], )", R"(, "limits": {"ttl": "1d"})").empty());
    CHECK(hints("", R"(, "limits": {"ttl": "10s"})") ==
          Texts{"limits.ttl: found \"10s\", and pipeline 'pipeline 1' has a point each \"10s\": its series "
                "are forgotten "
                "before their next point comes; take at least some intervals"});
    CHECK(hints("", R"(, "limits": {"ttl": "11s"})").empty());
    CHECK(detect(R"("no_data_after": "10s")") ==
          Texts{"pipelines[0].detect.no_data_after: found \"10s\", and a point comes each \"10s\": each "
                "pause between two "
                "points may be an event; take more than an interval"});
    CHECK(detect(R"("no_data_after": 1)").empty());  // the longest pause counts too
    CHECK(hints("", R"(, "state": {"dir": "x", "max_age": "30s"})") ==
          Texts{"state.max_age: found \"30s\", and a snapshot is written each \"1m\": after a crash the last "
                "one may be too "
                "old, and series begin again; take a longer time"});
}

TEST_CASE("more false alarms than there may be") {
    CHECK(detect(R"("false_alarms": "8m")") == Texts{"pipelines[0].detect.false_alarms: found \"8m\", and a "
                                                     "point comes each \"10s\": no more than one point in "
                                                     "50 may ring, so it is taken as \"8m20s\"; this is the "
                                                     "time between two false alarms of a series, such "
                                                     "as \"30d\""});
    CHECK(detect(R"("false_alarms": "500s")").empty());
    CHECK(hints_of(R"({"pipelines": [{"interval": "10s", "detect": [{"plugin": "limit"},
                      {"plugin": "limit", "false_alarms": "1m"}]}]})")
              .size() == 1);
}

TEST_CASE("forecasts and thresholds") {
    CHECK(forecast(R"("horizon": "5m", "emit_every": "10m")") ==
          Texts{"pipelines[0].forecast.emit_every: found \"10m\", and forecasts reach \"5m\" ahead: behind "
                "that, nothing is "
                "forecast until the next are written; take a longer 'horizon', or a shorter time here"});
    CHECK(forecast(R"("forecast_at": [6, "10m"], "emit_every": "10m")").empty());
    CHECK(forecast(R"("emit_every": "10m")").empty());  // it is there for the detector
    CHECK(forecast(R"("thresholds": [{"name": "full", "value": 100}])") ==
          Texts{"pipelines[0].forecast.thresholds: they are looked for no further than forecasts reach, "
                "which is one step; "
                "set 'max_horizon', such as \"7d\""});
    CHECK(forecast(
              R"("thresholds": [{"name": "full", "value": 100}], "max_horizon": "1h", "emit_every": "10m")")
              .empty());
    CHECK(
        forecast(
            R"("thresholds": [{"name": "full", "value": 101}, {"name": "empty", "value": 0, "direction": "below"}],
                      "max_horizon": "1h")",
            R"("detect": {"plugin": "limit", "data_range": [0, 100]}, )") ==
        Texts{"pipelines[0].forecast.thresholds[0].value: found 101, which is outside of detect.data_range: "
              "the values "
              "that reach it cannot be, and are not learned; take a threshold within it, or a wider range"});
}

TEST_CASE("saved series of pipelines without a name") {
    const std::string two = R"("pipelines": [{"name": "a", "namepass": ["a"], "detect": {"plugin": "limit"}},
                                              {"namepass": ["b"], "detect": {"plugin": "limit"}}])";
    CHECK(hints_of("{" + two + R"(, "state": {"dir": "x"}})") ==
          Texts{"pipelines[1]: it has no name, and saved series are found by 'pipeline 2', its place: if "
                "another pipeline is "
                "put before it, they begin again; give it a 'name'"});
    CHECK(hints_of("{" + two + "}").empty());
    CHECK(hints("", R"(, "state": {"dir": "x"})").empty());  // there is only one
}

TEST_CASE("two pipelines that write over each other's outputs") {
    const Texts overwritten{
        "pipelines[1].output.anomaly of pipeline 'b': pipeline 'a' and this one both take a field such as "
        "'cpu.any', and "
        "write it as \"{measurement}_anomaly\" with the same tags: in a database, one overwrites the other; "
        "give one of "
        "them another name"};
    CHECK(two(R"("namepass": ["cpu"], )", R"("namepass": ["c*"], )") == overwritten);
    CHECK(two(R"("namepass": ["cpu"], "tagpass": {"host": ["a"]}, )", "") == overwritten);
    CHECK(two(R"("namepass": ["cpu"], )", R"("output": {"anomaly": "{measurement}_odd"}, )").empty());
    CHECK(two(R"("namepass": ["cpu"], )", R"("namepass": ["mem"], )").empty());
    CHECK(two(R"("fieldpass": ["a"], )", R"("fielddrop": ["a"], )").empty());
    CHECK(two(R"("tagpass": {"host": ["a"]}, )", R"("tagdrop": {"host": ["a"]}, )").empty());
    const auto forecasts = [](const std::string& second) {
        const std::string wave = R"("forecast": {"plugin": "wave", "params": {"season_length": 6})";
        return hints_of(R"({"pipelines": [{)" + wave + "}}, {" + wave + second + "}}]}");
    };
    CHECK(forecasts("").size() == 1);
    CHECK(forecasts("").at(0).starts_with(
        "pipelines[1].output.forecast: pipeline 'pipeline 1' and this one both take"));
    CHECK(forecasts(R"(, "lead_tag": true)").empty());
    CHECK(forecasts(R"(, "stamp": "origin")").empty());
    CHECK(two(R"("namepass": ["cpu"], )",
              R"("output": {"passthrough": false, "anomaly": "{measurement}_odd"}, )") ==
          Texts{"pipelines[1].output.passthrough of pipeline 'b': pipeline 'a' and this one both take a "
                "field such as "
                "'cpu.any', and one of them says that originals pass on, so they do; say false in both"});
}

TEST_CASE("a field that two selections have in common") {
    const auto names = [](std::vector<std::string> patterns) { return GlobList(std::move(patterns)); };
    Selection a, b;
    CHECK(common_field(a, b)->measurement == "any");
    a.namepass = names({"cp?", "mem*"});
    CHECK(common_field(a, b)->measurement == "cpx");
    b.namedrop = names({"cp*"});
    CHECK(common_field(a, b)->measurement == "mem");
    b.fieldpass = names({"x"});
    CHECK(common_field(a, b)->field == "x");
    a.fielddrop = names({"*"});
    CHECK_FALSE(common_field(a, b));
}

TEST_CASE("the place of a trap is that in the file, where a pipeline before it is left out") {
    const auto reading = tests::read(
        "{\"pipelines\": [{\"detect\": {\"plugin\": 1}},\n {\"namepass\": [],\n\"detect\": {\"plugin\": "
        "\"limit\"}}]}");
    REQUIRE(reading.problems.size() == 1);
    REQUIRE(reading.hints.size() == 1);
    CHECK(reading.hints[0].starts_with("pipelines[1].namepass: no name can pass it"));
}

}  // namespace
