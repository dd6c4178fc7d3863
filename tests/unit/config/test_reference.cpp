#include <doctest/doctest.h>

#include <string>

#include "config/json.hpp"
#include "config/reference.hpp"
#include "unit/config/algorithms.hpp"

namespace {

using namespace forecastd::config;

// The value at a path of keys; null if there is none. What limits a value is one of two alternatives, of which the other one
// is a variable.
Value at(const Value& from, const std::vector<std::string>& path) {
    const Value* here = &from;
    for (const auto& name : path) {
        const Value* next = here->find(name);
        const Value* const either = here->find("anyOf");
        if (!next && either && either->list()->size() == 2 && either->list()->back().find("$ref"))
            next = either->list()->front().find(name);
        if (!next) return {};
        here = next;
    }
    return *here;
}

Value schema() { return parse_json(json_schema(tests::catalogue())).value(); }

Value pipeline() { return at(schema(), {"properties", "pipelines", "items"}); }

TEST_CASE("the schema is draft 7 and allows no other keys") {
    CHECK(at(schema(), {"$schema"}) == "http://json-schema.org/draft-07/schema#");
    CHECK(at(schema(), {"additionalProperties"}) == false);
    CHECK(at(schema(), {"required"}).is_null());  // another file may have the pipelines
    CHECK(at(pipeline(), {"additionalProperties"}) == false);
}

TEST_CASE("defaults and ranges are those of the tables") {
    const Value series = at(schema(), {"properties", "limits", "properties", "max_series"});
    CHECK(at(series, {"default"}) == 1'000'000);
    CHECK(at(series, {"minimum"}) == 1);
    CHECK(at(series, {"description"}) == "How many series are followed at once.");
    CHECK(at(pipeline(), {"properties", "interval", "default"}) == "auto");
}

TEST_CASE("the plugins that have the ability are offered, with their parameters") {
    const Value forecast = at(pipeline(), {"properties", "forecast"});
    CHECK(at(forecast, {"properties", "plugin", "enum"}) == Value::List{"wave"});
    const Value conditions = at(forecast, {"allOf"});
    REQUIRE(conditions.list());
    REQUIRE(conditions.list()->size() == 1);
    const Value& wave = conditions.list()->front();
    CHECK(at(wave, {"if", "properties", "plugin", "const"}) == "wave");
    CHECK(at(wave, {"then", "required"}) == Value::List{"params"});
    const Value params = at(wave, {"then", "properties", "params"});
    CHECK(at(params, {"additionalProperties"}) == false);
    CHECK(at(params, {"properties", "alpha", "type"}) == Value::List{"number", "null"});
    CHECK(at(params, {"properties", "smoothing_level", "maximum"}) == 1);
    CHECK(at(params, {"properties", "smoothing_level", "description"}) ==
          "The same as 'alpha'. Weight of the newest value.");
    CHECK(at(params, {"properties", "seasonal", "enum"}) == Value::List{"add", "mul"});
    CHECK(at(params, {"properties", "hold", "default"}) == "1m");
    CHECK(at(params, {"properties", "damped", "default"}) == false);
    CHECK(at(params, {"properties", "lags", "default"}) == Value::List{1, 2});
    const Value lags = at(params, {"properties", "lags", "anyOf"});
    REQUIRE(lags.list());
    CHECK(at(lags.list()->at(0), {"const"}) == "auto");
    CHECK(at(lags.list()->at(1), {"items", "maximum"}) == 12);
    CHECK(at(lags.list()->at(1), {"minItems"}) == 2);
    CHECK(at(lags.list()->at(1), {"maxItems"}) == 2);
}

TEST_CASE("where a value has a form, a text with a variable is allowed as well") {
    const std::string variable = "#/definitions/variable";
    const auto last = [](const Value& alternatives) { return at(alternatives.list()->back(), {"$ref"}); };
    CHECK(last(at(schema(), {"properties", "limits", "properties", "max_series", "anyOf"})) == variable);
    CHECK(last(at(pipeline(), {"properties", "interval", "anyOf"})) == variable);
    CHECK(last(at(pipeline(), {"properties", "forecast", "properties", "level", "items", "anyOf"})) ==
          variable);
    CHECK(at(pipeline(), {"properties", "namepass", "items", "anyOf"}).is_null());  // any text
    CHECK_FALSE(at(schema(), {"definitions", "variable", "pattern"}).is_null());
    // Conditions are about keys, and stay.
    CHECK(at(pipeline(), {"allOf"}).list()->front() ==
          Value(Value::Object{{"anyOf", Value::List{Value::Object{{"required", Value::List{"forecast"}}},
                                                    Value::Object{{"required", Value::List{"detect"}}}}}}));
}

TEST_CASE("settings of single fields need not be whole") {
    const Value entry = at(pipeline(), {"properties", "per_field", "additionalProperties"});
    CHECK(at(entry, {"additionalProperties"}) == false);
    const Value forecast = at(entry, {"properties", "forecast"});
    CHECK(at(forecast, {"type"}) == Value::List{"object", "null"});
    CHECK(at(forecast, {"required"}).is_null());
    CHECK(at(forecast, {"allOf"}).list()->size() == 1);
    CHECK(at(at(forecast, {"allOf"}).list()->front(), {"then", "required"}).is_null());
    CHECK(at(entry, {"properties", "namepass"}).is_null());
}

TEST_CASE("without plugins, any id and any parameters are allowed") {
    const auto bare = parse_json(json_schema({}));
    REQUIRE(bare);
    CHECK(at(*bare, {"properties", "pipelines", "items", "properties", "detect", "else", "properties",
                     "plugin", "type"}) == "string");
}

TEST_CASE("the reference page has a row for each key and a section for each algorithm") {
    const std::string page = reference_page(tests::catalogue());
    for (const char* line : {
             "## `pipelines[].forecast`\n",
             "| `pipelines` | a list of one or more pipelines | required | ",
             "| `max_memory` | a size such as \"64KB\", from \"1MB\" to \"1000TB\" | `\"2GiB\"` | ",
             "| `ttl` | a duration such as \"10s\" | `\"0s\"` | ",
             "### `wave`\n\nA made-up forecaster.\n",
             "| `alpha`, `smoothing_level` | a number from 0 to 1, or null |  | Weight of the newest value. "
             "|\n",
             "| `season_length`, `period` | an integer from 2 to 1000 (steps of the interval), or a duration "
             "such as "
             "\"1h\" | required | Steps of a season. |\n",
             "| `lags` | a list of 2 integers from 0 to 12, or \"auto\" | `[1,2]` | Steps back to two waves. "
             "|\n",
             "### `limit`\n\nA made-up detector.\n",
             "| `memory` | an integer from 2 to 1000 (steps of the interval), or a duration such as \"1h\" | "
             "`\"1h\"` | How many points it remembers. |\n",
         })
        CHECK_MESSAGE(page.find(line) != std::string::npos, line);
}

}  // namespace
