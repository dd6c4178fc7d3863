#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "config/json.hpp"

namespace {

using namespace forecastd::config;

// The text again, or the error.
std::string parsed(const std::string& text) {
    const auto value = parse_json(text);
    if (value) return to_text(*value);
    if (!value.error().offset) return value.error().text;
    const std::string before = text.substr(0, *value.error().offset);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    return "line " + std::to_string(line) + ", column " +
           std::to_string(before.size() - (before.rfind('\n') + 1) + 1) + ": " + value.error().text;
}

TEST_CASE("JSON is read with comments, and keeps the order of its keys") {
    CHECK(parsed("{\"b\": 1, /* two */ \"a\": [true, null, -2.5, \"x\"]} // end") ==
          "{\"b\":1,\"a\":[true,null,-2.5,\"x\"]}");
    CHECK(parsed("\xef\xbb\xbf{}") == "{}");
    CHECK(parsed("1e3") == "1000");
    CHECK(parsed("18446744073709551615") == "1.8446744073709552e+19");
}

TEST_CASE("a comma may stand behind the last item") {
    CHECK(parsed("{\n  \"a\": [1, 2,], // ]\n  \"b\": {\"c\": \"x,]\",}, /* , */\n}") ==
          "{\"a\":[1,2],\"b\":{\"c\":\"x,]\"}}");
    CHECK(parsed("[[],{},]") == "[[],{}]");
    CHECK(parsed("[\"\\\",]\",]") == "[\"\\\",]\"]");
    const auto value = parse_json("[1, ] ");
    REQUIRE(value);
    CHECK(value->list()->front().offset == 1);
}

TEST_CASE("keys that come twice are kept") {
    const auto value = parse_json("{\"a\": 1, \"a\": 2}");
    REQUIRE(value);
    REQUIRE(value->object()->size() == 2);
    CHECK(*value->find("a") == Value(1));
}

TEST_CASE("each value knows where it begins") {
    const std::string text =
        "\xef\xbb\xbf // {\n{ /* \" */ \"a\\\"b\" : [1, // ]\n  {\"c\":\"x]\\\\\"}, [] , {}],\n\"d\":true}";
    const auto value = parse_json(text);
    REQUIRE(value);
    const Value& list = (*value->object())[0].value;
    CHECK(value->offset == text.find("{ /*"));
    CHECK(list.offset == text.find("\"a"));
    CHECK((*list.list())[0].offset == text.find("1, //"));
    CHECK((*list.list())[1].offset == text.find("{\"c"));
    CHECK((*list.list())[1].find("c")->offset == text.find("\"c"));
    CHECK((*list.list())[2].offset == text.find("[]"));
    CHECK((*list.list())[3].offset == text.find("{}]"));
    CHECK(value->find("d")->offset == text.find("\"d"));
}

TEST_CASE("what is no JSON is explained with line and column") {
    const std::string word =
        "found a word that is neither a string in quotes, a number, true, false nor null";
    const std::vector<std::pair<std::string, std::string>> faults{
        {"{", "line 1, column 2: found the end of the file, expected a key in quotes"},
        {"{\"a\" 1}", "line 1, column 6: found a number, expected ':'"},
        {"{\"a\":1 \"b\":2}", "line 1, column 10: found a string, expected ',' or '}'"},
        {"[1 2]", "line 1, column 4: found a number, expected ',' or ']'"},
        {"[1,,]", "line 1, column 4: found ',', expected a value"},
        {"[,]", "line 1, column 2: found ',', expected a value"},
        {"{,}", "line 1, column 2: found ',', expected a key in quotes"},
        {"[tru]", "line 1, column 5: " + word},
        {"{'a': 1}", "line 1, column 2: " + word},
        {"{} {}", "line 1, column 4: found '{', expected the end of the file"},
        {"// nothing", "line 1, column 11: found the end of the file, expected a value"},
        {"\"a", "line 1, column 3: found an invalid string: missing closing quote"},
        {"\"\xff\"", "line 1, column 2: found an invalid string: ill-formed UTF-8 byte"},
        {"\"\n\"",
         "line 1, column 2: found an invalid string: control character U+000A (LF) must be escaped to "
         "\\u000A or \\n"},
        {"[-]", "line 1, column 3: found an invalid number; expected digit after '-'"},
        {"[1e999]", "line 1, column 6: the number is too large"},
        {"/* x", "line 1, column 5: found an invalid comment; missing closing '*/'"},
    };
    for (const auto& fault : faults) CHECK_MESSAGE(parsed(fault.first) == fault.second, fault.first);
}

TEST_CASE("brackets without end are refused, whatever their number") {
    const std::string error = "brackets are nested more than 64 deep; a config needs less than ten";
    CHECK(parsed(std::string(100'000, '[')) == error);
    CHECK(parsed(std::string(65, '[') + std::string(65, ']')) == error);
    const std::string deepest = std::string(64, '[') + std::string(64, ']');
    CHECK(parsed(deepest) == deepest);
    std::string objects;
    for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
    CHECK(parsed(objects) == error);
}

TEST_CASE("sentences show a value briefly") {
    CHECK(in_words(-1) == "-1");
    CHECK(in_words(2.5) == "2.5");
    CHECK(in_words(Value()) == "null");
    CHECK(in_words("text") == "\"text\"");
    CHECK(in_words(Value::List{3, 1}) == "[3,1]");
    CHECK(in_words(Value::List(50, 1)) == "a list");
    CHECK(in_words(Value::Object{{"key", std::string(50, 'x')}}) == "an object");
    const auto cut = [](std::size_t shown) { return '"' + std::string(shown, 'x').append("...\""); };
    CHECK(in_words(std::string(50, 'x')) == cut(40));
    CHECK(in_words(std::string(39, 'x').append("\u00b5\u00b5")) == cut(39));
    CHECK(in_words(std::string("\xff")) == "\"\xef\xbf\xbd\"");
}

TEST_CASE("a document is indented, and ends in a line's end") {
    CHECK(to_document(Value::Object{{"a", Value::List{1}}}) == "{\n  \"a\": [\n    1\n  ]\n}\n");
}

}  // namespace
