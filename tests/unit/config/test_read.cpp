#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "config/describe.hpp"
#include "unit/config/algorithms.hpp"

namespace {

using namespace forecastd::config;
using tests::read;
using tests::read_pipeline;

constexpr std::int64_t second = 1'000'000'000;

TEST_CASE("every key gets where it belongs") {
    const auto [config, problems, texts, hints] = read(R"({
      "$schema": "./schema.json",
      "plugin_dirs": ["plugins"],
      "pipelines": [{
        "name": "all", "namepass": ["cpu*"], "namedrop": ["cpu9"], "fieldpass": ["usage"], "fielddrop": [],
        "tagpass": {"host": ["a", "b*"]}, "tagdrop": {"dc": ["x"]}, "interval": "10s",
        "rate": true,
        "forecast": {"plugin": "wave", "params": {"season_length": "1m", "alpha": 0.25, "order": 3, "damped": true,
                                                  "seasonal": "mul", "hold": "2m"},
                     "horizon": "1h", "forecast_at": [1, "30s"], "emit_every": "1m", "level": [95, 80, 95.0],
                     "stamp": "origin", "max_horizon": "1d",
                     "thresholds": [{"name": "full", "value": 100}, {"name": "empty", "value": 0, "direction": "below"}]},
        "detect": {"plugin": "limit", "params": {"threshold": 5}, "detection_direction": "above_expected",
                   "min_dev_from_expected": 0.5, "min_rel_dev_from_expected": 10, "data_range": [0, null],
                   "emit": "anomalies"},
        "output": {"passthrough": false, "forecast": "f_{measurement}", "anomaly": "a_{measurement}",
                   "threshold": "t_{measurement}"}
      }],
      "limits": {"max_series": 10, "max_memory": "2GB", "ttl": "24h", "max_line_bytes": 2000},
      "state": {"dir": "/var/lib/forecastd", "checkpoint_interval": "30s"},
      "metrics": {"every": "10s", "tags": {"host": "web 1", "zone": "a"}},
      "log": {"level": "debug"}
    })");
    REQUIRE(problems.empty());
    CHECK(config.plugin_dirs == std::vector<std::string>{"plugins"});
    CHECK(config.limits.max_series == 10);
    CHECK(config.limits.max_memory_bytes == 2'000'000'000);
    CHECK(config.limits.ttl_ns == 86400 * second);
    CHECK(config.limits.max_line_bytes == 2000);
    REQUIRE(config.state);
    CHECK(config.state->dir == "/var/lib/forecastd");
    CHECK(config.state->checkpoint_interval_ns == 30 * second);
    CHECK(config.metrics_every_ns == 10 * second);
    CHECK(config.metrics_tags ==
          std::vector<std::pair<std::string, std::string>>{{"host", "web 1"}, {"zone", "a"}});
    CHECK(config.log_level == LogLevel::debug);

    REQUIRE(config.pipelines.size() == 1);
    const Pipeline& pipeline = config.pipelines[0];
    CHECK(pipeline.name == "all");
    CHECK(pipeline.interval_ns == 10 * second);
    CHECK(pipeline.selection.namepass->match("cpu0"));
    CHECK(pipeline.selection.namedrop->match("cpu9"));
    CHECK(pipeline.selection.fieldpass->match("usage"));
    CHECK(pipeline.selection.fielddrop->patterns().empty());
    REQUIRE(pipeline.selection.tagpass.size() == 1);
    CHECK(pipeline.selection.tagpass[0].first == "host");
    CHECK(pipeline.selection.tagpass[0].second.match("bx"));
    CHECK(pipeline.selection.tagdrop[0].second.match("x"));
    CHECK_FALSE(pipeline.output.passthrough);
    CHECK(pipeline.output.forecast == "f_{measurement}");
    CHECK(pipeline.output.anomaly == "a_{measurement}");
    CHECK(pipeline.output.threshold == "t_{measurement}");
    CHECK(pipeline.rate);

    REQUIRE(pipeline.forecast);
    CHECK(pipeline.forecast->horizon.ns == 3600 * second);
    REQUIRE(pipeline.forecast->forecast_at.size() == 2);
    CHECK(pipeline.forecast->forecast_at[0].count == 1);
    CHECK(pipeline.forecast->forecast_at[0].ns == 0);
    CHECK(pipeline.forecast->forecast_at[1].ns == 30 * second);
    CHECK(pipeline.forecast->emit_every_ns == 60 * second);
    CHECK(pipeline.forecast->level == std::vector<double>{80, 95});
    CHECK(pipeline.forecast->stamp == Stamp::origin);
    REQUIRE(pipeline.forecast->thresholds.size() == 2);
    CHECK(pipeline.forecast->thresholds[0].name == "full");
    CHECK(pipeline.forecast->thresholds[0].value == 100);
    CHECK(pipeline.forecast->thresholds[0].direction == Side::above);
    CHECK(pipeline.forecast->thresholds[1].direction == Side::below);
    REQUIRE(pipeline.forecast->max_horizon);
    CHECK(pipeline.forecast->max_horizon->ns == 86400 * second);

    REQUIRE(pipeline.detect);
    CHECK(pipeline.detect->direction == Direction::above_expected);
    CHECK(pipeline.detect->min_dev_from_expected == 0.5);
    CHECK(pipeline.detect->min_rel_dev_from_expected == 10);
    CHECK(pipeline.detect->data_range.low == 0);
    CHECK(std::isinf(pipeline.detect->data_range.high));
    CHECK(pipeline.detect->emit == Emit::anomalies);
    CHECK(pipeline.detect->model.params[0].value.real == 5);
}

TEST_CASE("what is left out has the default of the structs") {
    const auto [config, problems, texts, hints] = read_pipeline(R"({"detect": {"plugin": "limit"}})");
    REQUIRE(problems.empty());
    const Config defaults;
    CHECK(config.limits.max_series == defaults.limits.max_series);
    CHECK(config.limits.max_memory_bytes == defaults.limits.max_memory_bytes);
    CHECK(config.metrics_every_ns == 0);
    CHECK(config.log_level == LogLevel::warn);
    CHECK_FALSE(config.state);
    const Pipeline& pipeline = config.pipelines.at(0);
    CHECK(pipeline.name == "pipeline 1");
    CHECK(pipeline.interval_ns == 0);
    CHECK_FALSE(pipeline.forecast);
    CHECK_FALSE(pipeline.selection.namepass);
    CHECK(pipeline.output.passthrough);
    CHECK(pipeline.detect->model.params.at(0).value.real == 3);
}

TEST_CASE("an omitted list selects everything, an empty one nothing") {
    const auto [config, problems, texts, hints] =
        read_pipeline(R"({"namepass": [], "detect": {"plugin": "limit"}})");
    REQUIRE(problems.empty());
    REQUIRE(config.pipelines.at(0).selection.namepass);
    CHECK_FALSE(config.pipelines[0].selection.namepass->match("cpu"));
    CHECK_FALSE(config.pipelines[0].selection.fieldpass);
}

TEST_CASE("what is wrong never takes along what is right") {
    const auto [config, problems, texts, hints] = read(R"({
      "pipelines": [{"name": "bad", "detect": {"plugin": "limit", "params": {"threshold": 0}}},
                    {"name": "good", "detect": {"plugin": "limit"}},
                    {"name": "twice", "detect": {"plugin": "limit"}, "detect": {"plugin": "limit"}}],
      "limits": {"max_series": 0, "ttl": "1h"},
      "state": {"checkpoint_interval": "1s"},
      "log": {"level": "loud"}
    })");
    CHECK(problems.size() == 5);
    REQUIRE(config.pipelines.size() == 1);
    CHECK(config.pipelines[0].name == "good");
    CHECK(config.limits.max_series == Limits{}.max_series);
    CHECK(config.limits.ttl_ns == 3600 * second);
    CHECK_FALSE(config.state);
    CHECK(config.log_level == LogLevel::warn);
}

TEST_CASE("a document that is no config reads as the defaults, with one problem") {
    for (const char* text : {"", " \n", "[", "[]", "1", "null", "\"x\"", "\xff", "{\"a\":"}) {
        const auto [config, problems, texts, hints] = read(text);
        CHECK_MESSAGE(problems.size() == 1, text);
        CHECK(config.pipelines.empty());
    }
}

TEST_CASE("a file is read, and its plugin_dirs stand beside it") {
    const auto folder = std::filesystem::temp_directory_path() / "forecastd-test-config";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "config.json") << R"({"plugin_dirs": ["plugins", "/opt/p", 3, ""]})";
    std::vector<Problem> problems;
    const auto document = Document::open(folder / "config.json", problems);
    CHECK(problems.empty());
    CHECK(document.plugin_dirs() == std::vector<std::filesystem::path>{folder / "plugins", "/opt/p"});
    std::filesystem::remove_all(folder);

    CHECK(Document::open(folder / "config.json", problems).plugin_dirs().empty());
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].text() ==
          "cannot read the config '" + (folder / "config.json").string() + "': No such file or directory");
    (void)Document::open("/dev/fd", problems);
    REQUIRE(problems.size() == 2);
    CHECK(problems[1].text() ==
          "the directory '/dev/fd' has no config, expected at least one file *.json or *.jsonc");
}

TEST_CASE("a pipeline is described in words") {
    const auto [config, problems, texts, hints] = read_pipeline(R"({
      "namepass": ["cpu*", "mem"], "namedrop": ["cpu9"], "fieldpass": [], "tagpass": {"host": ["a*", "b"], "dc": ["x"]},
      "tagdrop": {"cpu": ["cpu0"]},
      "forecast": {"plugin": "wave", "params": {"season_length": 24, "alpha": null}, "horizon": 40,
                   "thresholds": [{"name": "full", "value": 100}], "max_horizon": 90},
      "detect": {"plugin": "limit"}, "output": {"passthrough": false}})");
    REQUIRE(problems.empty());
    const Pipeline& pipeline = config.pipelines.at(0);
    CHECK(describe(pipeline.selection) ==
          "measurements cpu* or mem, not cpu9; no fields; tags host=a*|b or dc=x; not tags cpu=cpu0");
    CHECK(describe(Selection{}) == "all measurements; all fields");
    CHECK(describe(*pipeline.forecast) ==
          "wave, params {\"season_length\":24}, horizon 40, thresholds "
          "[{\"name\":\"full\",\"value\":100}], max_horizon 90");
    CHECK(describe(*pipeline.detect) == "limit");
    CHECK(describe_output(pipeline) ==
          "{measurement}_forecast, {measurement}_threshold, {measurement}_anomaly, {measurement}_event");
}

}  // namespace
