// The types of the config's values. Each knows how to read itself, how to be written, what to call itself in
// a sentence, and its JSON schema; so checks, schema and reference page cannot disagree.
#ifndef FORECASTD_CONFIG_TYPES_HPP
#define FORECASTD_CONFIG_TYPES_HPP

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "config/glob.hpp"
#include "config/json.hpp"
#include "config/place.hpp"

namespace forecastd::config {

template <class T>
struct Type {
    std::string expected;  // "a duration such as \"10s\"": ends the sentence "expected ..."
    Value schema;
    // Writes to T, or adds a problem at the place, returns false and leaves T alone.
    std::function<bool(const Value&, T&, const Place&)> read;
    // As the user would write it; null: there is nothing to write.
    std::function<Value(const T&)> write;
};

// The type From, kept as To.
template <class To, class From, class Forth, class Back>
Type<To> convert(Type<From> from, Forth forth, Back back) {
    Type<To> type;
    type.expected = from.expected;
    type.schema = from.schema;
    type.read = [from, forth](const Value& found, To& into, const Place& place) {
        From value{};
        if (!from.read(found, value, place)) return false;
        into = forth(std::move(value));
        return true;
    };
    type.write = [from, back](const To& value) { return from.write(back(value)); };
    return type;
}

constexpr std::int64_t least_integer = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t greatest_integer = std::numeric_limits<std::int64_t>::max();

// Ranges are inclusive.
Type<bool> boolean();
Type<std::string> text();       // not empty
Type<std::string> time_zone();  // a name of the time zone database, or "" for UTC
Type<std::string> tag_value();  // a name that is written as a tag's value
Type<std::int64_t> integer(std::int64_t min, std::int64_t max = greatest_integer);
Type<double> real(double min, double max);
Type<double> real_or_null(double min, double max, double null);  // null in the config is `null` in memory
Type<double> percent();                                          // between 0 and 100, exclusively
Type<std::int64_t> duration(std::int64_t min_ns, std::int64_t max_ns = greatest_integer);
Type<std::int64_t> interval();                            // ns; "auto" is 0
Type<std::int64_t> duration_or_off(std::int64_t min_ns);  // "off" is 0
Type<std::int64_t> size(std::int64_t min_bytes, std::int64_t max_bytes);
Type<Steps> steps(std::int64_t min, std::int64_t max);
Type<Steps> steps_or(const std::string& word, std::int64_t min, std::int64_t max);  // the word: neither
Type<std::size_t> choice(
    const std::vector<std::string>& names);  // an index; "true" is written true, not "true"
// A list of `count` integers; "auto", if it may be, is an empty one.
Type<std::vector<std::int64_t>> integers(std::size_t count, std::int64_t min, std::int64_t max, bool or_auto);
Type<DataRange> data_range();              // [low, high]; null: open
Type<std::string> measurement_template();  // with {measurement}, or a plain name
Type<std::string> field_template();        // with {field}, or a plain name
Type<std::string> glob();
Type<std::optional<GlobList>> globs();
Type<std::vector<std::pair<std::string, GlobList>>> tag_globs();
// Tags with their values, for lines that have the tags `taken` of their own.
Type<std::vector<std::pair<std::string, std::string>>> tags(std::vector<std::string> taken);

// An enum with values 0, 1, ... in the order of the names.
template <class Enum>
Type<Enum> choice_of(const std::vector<std::string>& names) {
    return convert<Enum>(
        choice(names), [](std::size_t index) { return static_cast<Enum>(index); },
        [](Enum value) { return static_cast<std::size_t>(value); });
}

// A value that may be left out.
template <class T>
Type<std::optional<T>> optional_value(Type<T> type) {
    auto result = convert<std::optional<T>>(
        type, [](T value) { return std::optional<T>(std::move(value)); },
        [](const std::optional<T>& value) { return *value; });
    result.write = [write = type.write](const std::optional<T>& value) {
        return value ? write(*value) : Value();
    };
    return result;
}

// A list; items: "percentages", for the sentence.
template <class T>
Type<std::vector<T>> list(Type<T> item, const std::string& items, bool may_be_empty) {
    Type<std::vector<T>> type;
    type.expected = (may_be_empty ? "a list of " : "a list of one or more ") + items;
    type.schema =
        Value::Object{{"type", "array"}, {"items", item.schema}, {"minItems", may_be_empty ? 0 : 1}};
    type.read = [item, may_be_empty, expected = type.expected](const Value& found, std::vector<T>& into,
                                                               const Place& place) {
        const auto* values = found.list();
        if (!values || (values->empty() && !may_be_empty)) {
            place.unexpected(found, expected);
            return false;
        }
        std::vector<T> result(values->size());
        bool good = true;
        for (std::size_t i = 0; i < values->size(); ++i)
            good = item.read((*values)[i], result[i], place.item(i)) && good;
        if (good) into = std::move(result);
        return good;
    };
    type.write = [item](const std::vector<T>& values) {
        Value::List result;
        for (const auto& value : values) result.push_back(item.write(value));
        return Value(std::move(result));
    };
    return type;
}

}  // namespace forecastd::config

#endif
