// The sentences, word for word: they are what a user has to go by.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "unit/config/algorithms.hpp"

namespace {

using tests::read;
using tests::read_pipeline;
using Texts = std::vector<std::string>;

// The problems of a config that is well but for some keys at its top.
Texts top(const std::string& keys) {
    return read(R"({"pipelines": [{"detect": {"plugin": "limit"}}], )" + keys + "}").problems;
}
// Of a pipeline but for some keys.
Texts pipeline(const std::string& keys) {
    return read_pipeline(R"({"detect": {"plugin": "limit"}, )" + keys + "}").problems;
}
Texts forecast(const std::string& keys) {
    return pipeline(R"("interval": "10s", "forecast": {"plugin": "wave", "params": {"season_length": 6}, )" +
                    keys + "}");
}
Texts wave(const std::string& params) {
    return pipeline(R"("interval": "10s", "forecast": {"plugin": "wave", "params": {)" + params + "}}");
}
Texts detect(const std::string& keys) {
    return read_pipeline(R"({"detect": {"plugin": "limit", )" + keys + "}}").problems;
}

TEST_CASE("the document") {
    CHECK(read("").problems ==
          Texts{"the config is empty, expected a JSON object such as {\"pipelines\": [...]}"});
    CHECK(read("[]").problems == Texts{"found [], expected a JSON object such as {\"pipelines\": [...]}"});
    CHECK(read("{").problems ==
          Texts{"this is not JSON: found the end of the file, expected a key in quotes"});
    CHECK(read("{").texts ==
          Texts{"line 1, column 2: this is not JSON: found the end of the file, expected a key in quotes"});
}

TEST_CASE("each problem has its line and column, and the name of its pipeline") {
    const auto reading = read(R"({"limits": {
  "ttl": 5, // the tail
  "ttl": "1h"},
 "pipelines": [{"name": "disk",
    "detect": {"plugin": "limit",
      "params": {"threshold": -1}}}, {
    "tagpass": {"a": ["[b"], "c d": 1}, "forecast": {}}]})");
    CHECK(reading.texts ==
          Texts{"line 6, column 18: pipelines[0].detect.params.threshold of pipeline 'disk': found -1, "
                "expected a "
                "number from 0.1 to 100",
                "line 7, column 23: pipelines[1].tagpass.a[0]: found \"[b\", expected a glob such as "
                "\"cpu*\": it "
                "has a '[' without its ']'; write '\\[' for the character",
                "line 7, column 30: pipelines[1].tagpass[\"c d\"]: found 1, expected a list of globs such as "
                "\"cpu*\"",
                "line 7, column 41: pipelines[1].forecast.plugin: the key is missing, expected the id of a "
                "plugin, "
                "such as \"holt\"",
                "line 3, column 3: limits.ttl: the key is given twice, expected once",
                "line 2, column 3: limits.ttl: found 5, expected a duration such as \"10s\""});
}

TEST_CASE("names that line protocol cannot hold") {
    const std::string expected = ", expected a name such as \"{measurement}_forecast\" or \"beer\": ";
    const std::string backslash = "it ends in a backslash, which would escape what follows the name";
    const std::string control = "it contains a control character, such as the end of a line";
    CHECK(pipeline(R"("output": {"anomaly": "{measurement}a\\"})") ==
          Texts{R"(pipelines[0].output.anomaly: found "{measurement}a\\")" + expected + backslash +
                R"(; it would be written as "{measurement}a")"});
    CHECK(
        pipeline(R"("output": {"anomaly": "#{measurement}"})") ==
        Texts{
            R"(pipelines[0].output.anomaly: found "#{measurement}")" + expected +
            R"(it begins with '#', which makes the line a comment; it would be written as "_{measurement}")"});
    CHECK(pipeline(R"("output": {"anomaly": "a\n{measurement}"})") ==
          Texts{R"(pipelines[0].output.anomaly: found "a\n{measurement}")" + expected + control +
                "; it would be written as \"a\xef\xbf\xbd{measurement}\""});
    CHECK(pipeline(R"("name": "\\")") ==
          Texts{R"(pipelines[0].name: found "\\", expected a name that is not empty: )" + backslash +
                R"(; it would be written as "_")"});
    CHECK(pipeline(R"("name": "a, b=c #\"\\d", "output": {"anomaly": "a b,c=#{measurement}"})").empty());
    CHECK(
        forecast(R"("thresholds": [{"name": "a\\", "value": 1}])") ==
        Texts{
            R"(pipelines[0].forecast.thresholds[0].name: found "a\\", expected a name that is not empty: )" +
            backslash + R"(; it would be written as "a")"});
    CHECK(
        pipeline(R"("interval": "10s", "forecast": {"plugin": "wave", "params": {"season_length": 6}},
                      "output": {"forecast_fields": {"yhat": "a\\"}})") ==
        Texts{
            R"(pipelines[0].output.forecast_fields.yhat: found "a\\", expected a name such as "{field}" or "mean": )" +
            backslash + R"(; it would be written as "a")"});
}

TEST_CASE("two names of a forecast's fields that are one with the suffix of a level") {
    const auto with_level = [](const char* level) {
        return pipeline(std::string(R"("interval": "10s", "output": {"forecast_fields": {"yhat_lower": "x_80",
            "yhat_upper": "x"}}, "forecast": {"plugin": "wave", "params": {"season_length": 6}, "level": )") +
                        level + "}");
    };
    CHECK(with_level("[80, 95]") ==
          Texts{"pipelines[0].output.forecast_fields: two fields are called \"x_80\", as "
                "further levels get a suffix; expected names that differ"});
    CHECK(with_level("[81, 95]").empty());
}

TEST_CASE("a parameter beside 'params', and a season for a plugin without one") {
    const std::string at = "pipelines[0].detect.";
    CHECK(detect(R"("threshold": 4)") ==
          Texts{at + "threshold: this is a parameter of the plugin 'limit', expected it inside of 'params'"});
    CHECK(
        detect(R"("params": {"season_length": 4})") ==
        Texts{at +
              "params.season_length: the plugin 'limit' has no season, and no other one that was found has"});
    CHECK(detect(R"("seasonality": 4)") ==
          Texts{at + "seasonality: the plugin 'limit' has no season, and no other one that was found has"});
}

TEST_CASE("a near name is one that can do what is asked for") {
    const Texts problems = read_pipeline(R"({"detect": {"plugin": "wavee"}})").problems;
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].find("did you mean") == std::string::npos);
    CHECK(read_pipeline(R"({"detect": {"plugin": "limitt"}})").problems.at(0).find("did you mean 'limit'?") !=
          std::string::npos);
}

TEST_CASE("hints at what is valid and probably not meant") {
    const auto hints = [](const std::string& keys) {
        const auto reading = read_pipeline(R"({"detect": {"plugin": "limit"}, )" + keys + "}");
        CHECK(reading.problems == Texts{});
        return reading.hints;
    };
    const std::string regex =
        ": it looks like a regular expression, but it is read as a glob, which matches whole "
        "names, and in which '^', '$' and '.' have no special meaning; ";
    const std::string variable =
        " looks like a variable, but nothing is put in its place; did you mean '${HOST}'?";
    CHECK(hints(R"("namepass": ["cpu", "^cpu.*$"])") ==
          Texts{R"(pipelines[0].namepass[1]: found "^cpu.*$")" + regex + R"(did you mean "cpu*"?)"});
    CHECK(hints(R"("fielddrop": ["^a"])") ==
          Texts{R"(pipelines[0].fielddrop[0]: found "^a")" + regex + R"(did you mean "a*"?)"});
    CHECK(hints(R"("namedrop": ["/cpu.+/"])") ==
          Texts{R"(pipelines[0].namedrop[0]: found "/cpu.+/")" + regex + R"(did you mean "*cpu?*"?)"});
    CHECK(hints(R"("namepass": ["^(a|b)$"])") ==
          Texts{R"(pipelines[0].namepass[0]: found "^(a|b)$")" + regex + "write a glob such as \"cpu*\""});
    CHECK(hints(R"("tagpass": {"host": ["$HOST"]})") ==
          Texts{R"(pipelines[0].tagpass.host[0]: found "$HOST": '$HOST')" + variable});
    CHECK(hints(R"("tagdrop": {"host": ["%{HOST}"]})") ==
          Texts{R"(pipelines[0].tagdrop.host[0]: found "%{HOST}": '%{HOST}')" + variable});
    CHECK(hints(R"("name": "$HOST")") ==
          Texts{R"(pipelines[0].name of pipeline '$HOST': found "$HOST": '$HOST')" + variable});
    CHECK(hints(R"("interval": "10s", "forecast": {"plugin": "wave", "params": {"season_length": 6},
                   "level": [0.95, 80]})") == Texts{"pipelines[0].forecast.level[0]: found 0.95: levels are "
                                                    "percentages, so this interval covers less "
                                                    "than one value of a hundred; did you mean 95?"});
    CHECK(hints(R"("namepass": ["servers.*", "a$b", "/"], "tagpass": {"path": ["/", "/home/*", "/mnt/"]})")
              .empty());
}

TEST_CASE("a plugin that refuses some intervals is not refused while the interval is unknown") {
    const std::string params = R"({"season_length": 6, "order": 4, "damped": true})";
    const auto on = [&](const std::string& interval) {
        return pipeline(R"("interval": ")" + interval + R"(", "forecast": {"plugin": "wave", "params": )" +
                        params + "}");
    };
    CHECK(on("auto").empty());
    CHECK(on("10s").empty());
    CHECK(on("1s") ==
          Texts{"pipelines[0].forecast.params: plugin 'wave': order 4 damped needs 10 s or more"});
}

TEST_CASE("keys") {
    CHECK(read("{}").problems ==
          Texts{"pipelines: the key is missing, expected a list of one or more pipelines"});
    CHECK(top(R"("limit": {})") == Texts{"limit: there is no such key, did you mean 'limits'?"});
    CHECK(top(R"("log": {"colour": 1})") == Texts{"log.colour: there is no such key, expected one of level"});
    CHECK(top(R"("log": {}, "log": {})") == Texts{"log: the key is given twice, expected once"});
    CHECK(top(R"("limits": {"ttl": "1h", "ttl": "2h"})") ==
          Texts{"limits.ttl: the key is given twice, expected once"});
    CHECK(top(R"("a b\n": 1)") == Texts{"[\"a b\\n\"]: there is no such key, expected one of $schema, "
                                        "include, plugin_dirs, pipelines, limits, "
                                        "identity, state, watch, plugins, control, metrics, log"});
}

TEST_CASE("the top") {
    CHECK(top(R"("plugin_dirs": "x")") == Texts{"plugin_dirs: found \"x\", expected a list of directories"});
    CHECK(top(R"("plugin_dirs": ["x", ""])") ==
          Texts{"plugin_dirs[1]: found \"\", expected a string that is not empty"});
    CHECK(top(R"("limits": 5)") == Texts{"limits: found 5, expected an object"});
    CHECK(top(R"("limits": {"max_series": 0})") ==
          Texts{"limits.max_series: found 0, expected an integer from 1 to 1000000000"});
    CHECK(top(R"("limits": {"max_series": 2.5})") ==
          Texts{"limits.max_series: found 2.5, expected an integer from 1 to 1000000000"});
    CHECK(top(R"("limits": {"max_series": 1e300})") ==
          Texts{"limits.max_series: found 1e+300, expected an integer from 1 to 1000000000"});
    CHECK(top(R"("limits": {"max_memory": "2XB"})") ==
          Texts{"limits.max_memory: found \"2XB\", expected a size such as \"64KB\", from \"1MB\" to "
                "\"1000TB\": there is "
                "no unit 'XB'; the units are B, KB, KiB, MB, MiB, GB, GiB, TB, TiB"});
    CHECK(
        top(R"("limits": {"max_line_bytes": 10})") ==
        Texts{"limits.max_line_bytes: found 10, expected a size such as \"64KB\", from \"1KB\" to \"1GiB\""});
    CHECK(top(R"("limits": {"ttl": 10})") ==
          Texts{"limits.ttl: found 10, expected a duration such as \"10s\""});
    CHECK(top(R"("limits": {"ttl": "10 parsecs"})") ==
          Texts{"limits.ttl: found \"10 parsecs\", expected a duration such as \"10s\": there is no unit ' "
                "parsecs'; "
                "the units are ns, us, ms, s, min, m, h, d, w"});
    CHECK(top(R"("state": {})") ==
          Texts{"state.dir: the key is missing, expected a string that is not empty"});
    CHECK(top(R"("state": {"dir": "x", "checkpoint_interval": "1ms"})") ==
          Texts{"state.checkpoint_interval: found \"1ms\", expected a duration such as \"10s\", of at least "
                "\"1s\""});
    CHECK(top(R"("log": {"level": "loud"})") ==
          Texts{"log.level: found \"loud\", expected \"error\", \"warn\", \"info\" or \"debug\""});
    CHECK(top(R"("$schema": 1)") == Texts{"$schema: found 1, expected a string that is not empty"});
}

TEST_CASE("pipelines") {
    CHECK(read(R"({"pipelines": []})").problems ==
          Texts{"pipelines: found [], expected a list of one or more pipelines"});
    CHECK(read(R"({"pipelines": {}})").problems ==
          Texts{"pipelines: found {}, expected a list of one or more pipelines"});
    CHECK(read_pipeline("3").problems == Texts{"pipelines[0]: found 3, expected an object"});
    CHECK(read_pipeline("{}").problems ==
          Texts{"pipelines[0]: there is neither 'forecast' nor 'detect', expected at least one of them"});
    CHECK(read_pipeline(
              R"({"name": "a", "detect": {"plugin": "limit"}}, {"name": "a", "detect": {"plugin": "limit"}})")
              .problems ==
          Texts{"pipelines[1].name: found \"a\", the name of pipelines[0] already, expected another name"});
    CHECK(pipeline(R"("name": "")") ==
          Texts{"pipelines[0].name: found \"\", expected a name that is not empty"});
    CHECK(pipeline(R"("interval": "1us")") == Texts{"pipelines[0].interval: found \"1us\", expected \"auto\" "
                                                    "or a duration such as \"10s\", of at least "
                                                    "\"1ms\""});
    CHECK(
        pipeline(R"("interval": 10)") ==
        Texts{"pipelines[0].interval: found 10, expected \"auto\" or a duration such as \"10s\", of at least "
              "\"1ms\""});
    CHECK(pipeline(R"("interval": "10")") ==
          Texts{"pipelines[0].interval: found \"10\", expected \"auto\" or a duration such as \"10s\", of at "
                "least "
                "\"1ms\": the unit is missing; the units are ns, us, ms, s, min, m, h, d, w"});
}

TEST_CASE("selection") {
    CHECK(pipeline(R"("namepass": "cpu")") ==
          Texts{"pipelines[0].namepass: found \"cpu\", expected a list of globs such as \"cpu*\""});
    CHECK(pipeline(R"("fielddrop": ["a", "[b"])") ==
          Texts{"pipelines[0].fielddrop[1]: found \"[b\", expected a glob such as \"cpu*\": it has a '[' "
                "without its "
                "']'; write '\\[' for the character"});
    CHECK(pipeline(R"("tagpass": ["a"])") == Texts{"pipelines[0].tagpass: found [\"a\"], expected an object "
                                                   "of tags with their globs, such as {\"host\": "
                                                   "[\"web*\"]}"});
    CHECK(pipeline(R"("tagdrop": {"a": ["x"], "b c": 1, "a": ["y"]})") ==
          Texts{"pipelines[0].tagdrop[\"b c\"]: found 1, expected a list of globs such as \"cpu*\"",
                "pipelines[0].tagdrop.a: the tag is given twice, expected once: write all its globs in one "
                "list"});
}

TEST_CASE("tags of the host's own metrics") {
    const auto metrics = [](const std::string& tags) {
        return read(R"({"pipelines": [{"detect": {"plugin": "limit"}}], "metrics": {"tags": )" + tags + "}}")
            .problems;
    };
    CHECK(metrics(R"({"host": "web 1"})").empty());
    CHECK(metrics(R"(["host"])") ==
          Texts{"metrics.tags: found [\"host\"], expected an object of tags with their "
                "values, such as {\"host\": \"web1\"}"});
    CHECK(metrics(R"({"host": "", "lead": "1h", "zone": "a", "zone": "b", "": "c"})") ==
          Texts{"metrics.tags.host: found \"\", expected a name that is not empty",
                "metrics.tags.lead: these lines have a tag of that name already, expected another one",
                "metrics.tags.zone: the tag is given twice, expected once",
                "metrics.tags[\"\"]: a tag has an empty name, expected one that is not"});
    CHECK(metrics(R"({"a\\": "b"})").size() == 1);
}

TEST_CASE("plugins") {
    CHECK(read_pipeline(R"({"forecast": {}})").problems ==
          Texts{"pipelines[0].forecast.plugin: the key is missing, expected the id of a plugin, such as "
                "\"holt\""});
    CHECK(read_pipeline(R"({"forecast": {"plugin": 3}})").problems ==
          Texts{"pipelines[0].forecast.plugin: found 3, expected the id of a plugin, such as \"holt\""});
    CHECK(read_pipeline(R"({"forecast": {"plugin": "wove"}})").problems ==
          Texts{"pipelines[0].forecast.plugin: " + tests::catalogue().missing("wove")});
    CHECK(
        read_pipeline(R"({"forecast": {"plugin": "limit"}})").problems ==
        Texts{
            "pipelines[0].forecast.plugin: 'limit' does not forecast, expected one of those that do: wave"});
    CHECK(read_pipeline(R"({"detect": {"plugin": "wave"}})").problems ==
          Texts{"pipelines[0].detect.plugin: 'wave' does not detect, expected one of those that do: limit"});
}

TEST_CASE("forecasts") {
    CHECK(forecast(R"("horizon": 0)") == Texts{"pipelines[0].forecast.horizon: found 0, expected an integer "
                                               "from 1 to 100000 (steps of the interval), "
                                               "or a duration such as \"1h\""});
    CHECK(forecast(R"("horizon": "0s")").size() == 1);
    CHECK(forecast(R"("horizon": "15s")") == Texts{"pipelines[0].forecast.horizon: found \"15s\", expected a "
                                                   "multiple of the pipeline's interval, which is "
                                                   "\"10s\""});
    CHECK(forecast(R"("forecast_at": [1, "1h", "1001h"])") ==
          Texts{"pipelines[0].forecast.forecast_at[2]: found \"41d17h\", which is 360360 steps of \"10s\", "
                "expected from "
                "1 to 100000 steps"});
    CHECK(forecast(R"("level": [])") == Texts{"pipelines[0].forecast.level: found [], expected a list of one "
                                              "or more percentages above 0 and below "
                                              "100"});
    CHECK(forecast(R"("level": [80, 100])") ==
          Texts{"pipelines[0].forecast.level[1]: found 100, expected a percentage above 0 and below 100"});
    CHECK(forecast(R"("diagnostics_every": 60)") ==
          Texts{"pipelines[0].forecast.diagnostics_every: found 60, expected a duration such as \"10s\""});
    CHECK(forecast(R"("stamp": "now")") ==
          Texts{"pipelines[0].forecast.stamp: found \"now\", expected \"target\" or \"origin\""});
}

TEST_CASE("detection") {
    CHECK(detect(R"("min_dev_from_expected": -1)") ==
          Texts{"pipelines[0].detect.min_dev_from_expected: found -1, expected a number of at least 0"});
    const std::string range = ", expected a list of two numbers, the lower first; null leaves a side open";
    for (const char* bad : {"[3,1]", "[1,1]", "[1]", "[\"a\",1]", "null"})
        CHECK(detect(std::string(R"("data_range": )") + bad) ==
              Texts{"pipelines[0].detect.data_range: found " + std::string(bad) + range});
    CHECK(forecast(R"("data_range": [3,1])") ==
          Texts{"pipelines[0].forecast.data_range: found [3,1]" + range});
    CHECK(
        detect(R"("detection_direction": "up")") ==
        Texts{"pipelines[0].detect.detection_direction: found \"up\", expected \"both\", \"above_expected\", "
              "\"below_expected\", \"rising\" or \"falling\""});
}

TEST_CASE("thresholds") {
    const std::string at = "pipelines[0].forecast.thresholds";
    CHECK(forecast(R"("thresholds": [{"name": "full", "value": 100}])").empty());
    CHECK(forecast(R"("thresholds": [{"value": 1}, {"name": "", "value": "x", "direction": "up"}])") ==
          Texts{at + "[0].name: the key is missing, expected a name that is not empty",
                at + "[1].name: found \"\", expected a name that is not empty",
                at + "[1].value: found \"x\", expected a number",
                at + "[1].direction: found \"up\", expected \"above\" or \"below\""});
    CHECK(forecast(R"("thresholds": [{"name": "a", "value": 1}, {"name": "a", "value": 2}])") ==
          Texts{at + "[1].name: found \"a\", the name of thresholds[0] already, expected another name"});
    CHECK(forecast(R"("max_horizon": "1h")") == Texts{"pipelines[0].forecast.max_horizon: there are no "
                                                      "'thresholds' to look for, expected at least one"});
    CHECK(
        forecast(R"("thresholds": [{"name": "a", "value": 1}], "max_horizon": "30d")") ==
        Texts{"pipelines[0].forecast.max_horizon: found \"30d\", which is 259200 steps of \"10s\", expected "
              "from 1 to 100000 steps"});
    CHECK(pipeline(R"("rate": 1)") == Texts{"pipelines[0].rate: found 1, expected true or false"});
}

TEST_CASE("outputs") {
    const auto output = [](const std::string& keys) { return pipeline(R"("output": {)" + keys + "}"); };
    const std::string expected = ", expected a name such as \"{measurement}_forecast\" or \"beer\"";
    CHECK(output(R"("forecast": "")") == Texts{"pipelines[0].output.forecast: found \"\"" + expected});
    CHECK(output(R"("anomaly": "{measurement}")") ==
          Texts{"pipelines[0].output.anomaly: found \"{measurement}\"" + expected +
                ": alone, the output would mix with the original"});
    for (const char* bad :
         {"{measurement}_{host}", "{measurement}{measurement}", "{measurement}}", "{field}"})
        CHECK(output(R"("anomaly": ")" + std::string(bad) + "\"") ==
              Texts{"pipelines[0].output.anomaly: found \"" + std::string(bad) + "\"" + expected +
                    ": {measurement} may occur in it once, and no other '{' or '}'"});
    CHECK(output(R"("anomaly": "{measurement}_forecast")") ==
          Texts{"pipelines[0].output: 'forecast' and 'anomaly' are both \"{measurement}_forecast\", expected "
                "two names "
                "that differ"});
    CHECK(output(R"("model": "{measurement}_anomaly")") ==
          Texts{"pipelines[0].output: 'anomaly' and 'model' are both \"{measurement}_anomaly\", expected two "
                "names that differ"});
    CHECK(output(R"("threshold": "{measurement}_model")") ==
          Texts{"pipelines[0].output: 'model' and 'threshold' are both \"{measurement}_model\", expected two "
                "names that differ"});
    CHECK(output(R"("passthrough": "yes")") ==
          Texts{"pipelines[0].output.passthrough: found \"yes\", expected true or false"});
}

TEST_CASE("a measurement without that of the original in it needs one original") {
    const auto named = [](const std::string& selection, const std::string& keys) {
        return pipeline(selection + R"("output": {)" + keys + "}");
    };
    for (const char* several :
         {"", R"("namepass": [], )", R"("namepass": ["a", "b"], )", R"("namepass": ["a*"], )"})
        CHECK(
            named(several, R"("anomaly": "odd")") ==
            Texts{"pipelines[0].output.anomaly: found \"odd\", in which {measurement} does not stand, so the "
                  "outputs of all measurements would be one: expected it there, or 'namepass' with one name "
                  "and no "
                  "wildcard"});
    CHECK(named(R"("namepass": ["a"], )", R"("anomaly": "odd")").empty());
    CHECK(
        named(R"("namepass": ["a"], )", R"("forecast": "odd", "change": "odd")") ==
        Texts{
            "pipelines[0].output: 'forecast' and 'change' are both \"odd\", expected two names that differ"});
    CHECK(
        named(R"("namepass": ["a"], )", R"("change": "a")") ==
        Texts{"pipelines[0].output.change: found \"a\", which is the original's own name, expected another"});
}

TEST_CASE("names of a forecast's fields") {
    const std::string at = "pipelines[0].output.forecast_fields";
    const auto fields = [](const std::string& keys) {
        return pipeline(R"("output": {"forecast_fields": {)" + keys + "}}");
    };
    CHECK(fields(R"("yhat": "{field}", "lead_s": "s")").empty());
    CHECK(fields("") ==
          Texts{at + ": no field is named, so nothing could be written, expected at least one"});
    CHECK(fields(R"("yhat": "x", "lead_s": "x")") ==
          Texts{at + ": two fields are called \"x\", expected names that differ"});
    CHECK(
        fields(R"("yhat": "{measurement}")") ==
        Texts{at +
              ".yhat: found \"{measurement}\", expected a name such as \"{field}\" or \"mean\": {field} may "
              "occur in it once, and no other '{' or '}'"});
    CHECK(fields(R"("yhatt": "x")").front().find("did you mean 'yhat'?") != std::string::npos);
}

TEST_CASE("without the field's tag, lines must be told apart by their fields") {
    const Texts problem{
        "pipelines[0].output.field_tag: found false, so the lines of several fields could not be told apart: "
        "expected "
        "'fieldpass' with one name and no wildcard, or a forecaster alone whose 'forecast_fields' all have "
        "{field} in "
        "them"};
    const std::string forecaster =
        R"({"interval": "10s", "forecast": {"plugin": "wave", "params": {"season_length": 6}}, "output": )";
    const auto alone = [&](const std::string& output) {
        return read_pipeline(forecaster + output + "}").problems;
    };
    CHECK(alone(R"({"field_tag": false})") == problem);
    CHECK(alone(R"({"field_tag": false, "forecast_fields": {"yhat": "{field}"}})").empty());
    CHECK(alone(R"({"field_tag": false, "forecast_fields": {"yhat": "{field}", "lead_s": "s"}})") == problem);
    CHECK(pipeline(R"("output": {"field_tag": false, "forecast_fields": {"yhat": "{field}"}})") == problem);
    CHECK(pipeline(R"("fieldpass": ["t"], "output": {"field_tag": false})").empty());
    CHECK(pipeline(R"("fieldpass": ["t?"], "output": {"field_tag": false})") == problem);
}

TEST_CASE("parameters") {
    const std::string at = "pipelines[0].forecast.params";
    const std::string steps =
        ", expected an integer from 2 to 1000 (steps of the interval), or a duration such as \"1h\"";
    CHECK(wave("") == Texts{at + ".season_length: the key is missing" + steps});
    CHECK(wave(R"("season_length": 1)") == Texts{at + ".season_length: found 1" + steps});
    CHECK(wave(R"("season_length": 6, "period": 6)") ==
          Texts{at + ".period: the same is given as 'season_length' already, expected one of the two"});
    CHECK(wave(R"("season_length": 6, "alpah": 1)") ==
          Texts{at + ".alpah: there is no such key, did you mean 'alpha'?"});
    CHECK(wave(R"("season_length": 6, "smoothing_level": 2)") ==
          Texts{at + ".smoothing_level: found 2, expected a number from 0 to 1, or null"});
    CHECK(wave(R"("season_length": 6, "order": "3")") ==
          Texts{at + ".order: found \"3\", expected an integer from 1 to 5"});
    CHECK(wave(R"("season_length": 6, "order": null)") ==
          Texts{at + ".order: found null, expected an integer from 1 to 5"});
    CHECK(wave(R"("season_length": 6, "damped": 1)") ==
          Texts{at + ".damped: found 1, expected true or false"});
    CHECK(wave(R"("season_length": 6, "seasonal": "none")") ==
          Texts{at + ".seasonal: found \"none\", expected \"add\" or \"mul\""});
    CHECK(wave(R"("season_length": 6, "hold": 5)") ==
          Texts{at + ".hold: found 5, expected a duration such as \"10s\", from \"1s\" to \"1h\""});
    const std::string list = ", expected a list of 2 integers from 0 to 12, or \"auto\"";
    for (const char* bad : {"[1]", "[1,2,3]", "[]", "3", "\"automatic\"", "null"})
        CHECK(wave(std::string(R"("season_length": 6, "lags": )") + bad) ==
              Texts{at + ".lags: found " + bad + list});
    CHECK(wave(R"("season_length": 6, "lags": [13, 1.5])") ==
          Texts{at + ".lags[0]: found 13, expected an integer from 0 to 12",
                at + ".lags[1]: found 1.5, expected an integer from 0 to 12"});
    CHECK(wave(R"("season_length": 6, "lags": [2, 1])") ==
          Texts{at + ": plugin 'wave': the first lag is the greater one"});
    CHECK(wave(R"("season_length": "15s")") ==
          Texts{at + ".season_length: found \"15s\", expected a multiple of the pipeline's interval, which "
                     "is \"10s\""});
    CHECK(pipeline(R"("forecast": {"plugin": "wave", "params": []})") ==
          Texts{at + ": found [], expected an object"});
}

TEST_CASE("what the plugin refuses is said in its words") {
    const std::string refusal = "plugin 'wave': order 5 cannot be damped";
    CHECK(wave(R"("season_length": 6, "order": 5, "damped": true)") ==
          Texts{"pipelines[0].forecast.params: " + refusal});
    // Without an interval the model is tried if it does not need one, and left alone if it does.
    const auto learned = [](const std::string& season) {
        return pipeline(
            R"("forecast": {"plugin": "wave", "params": {"order": 5, "damped": true, "season_length": )" +
            season + "}}");
    };
    CHECK(learned("6") == Texts{"pipelines[0].forecast.params: " + refusal});
    CHECK(learned("\"1m\"").empty());
}

TEST_CASE("all problems are told at once, in the order of the tables") {
    CHECK(
        read(
            R"({"log": {"level": 1}, "pipelines": [{"detect": {"plugin": "x"}, "name": 1}], "limits": {"ttl": 1}})")
            .problems.size() == 4);
}

}  // namespace
