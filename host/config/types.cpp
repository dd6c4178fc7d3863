#include "config/types.hpp"

#include <algorithm>

#include "config/simple_type.hpp"
#include "config/units.hpp"

namespace forecastd::config {
namespace {

// " from 1 to 10", " of at least 1", " of at most 10" or "": null is no limit.
std::string range_in_words(const Value& min, const Value& max) {
    if (!min.is_null() && !max.is_null()) return " from " + to_text(min) + " to " + to_text(max);
    if (!min.is_null()) return " of at least " + to_text(min);
    if (!max.is_null()) return " of at most " + to_text(max);
    return "";
}

Value limit(std::int64_t bound, Value (*write)(const std::int64_t&)) {
    return bound == least_integer || bound == greatest_integer ? Value() : write(bound);
}

Value::Object number_schema(Value type, const Value& min, const Value& max) {
    Value::Object schema{{"type", std::move(type)}};
    if (!min.is_null()) schema.push_back({"minimum", min});
    if (!max.is_null()) schema.push_back({"maximum", max});
    return schema;
}

Value write_duration(const std::int64_t& ns) { return format_duration(ns); }
Value write_size(const std::int64_t& bytes) { return format_size(bytes); }

bool in_range(std::int64_t value, std::int64_t min, std::int64_t max) { return min <= value && value <= max; }

Expected<std::int64_t> read_duration(const Value& found) {
    if (!found.string()) return fail("");
    return parse_duration(*found.string());
}

Value::Object duration_schema() { return {{"type", "string"}, {"pattern", duration_pattern}}; }

std::string duration_in_words(std::int64_t min, std::int64_t max) {
    const Value low = min == 0 ? Value() : limit(min, write_duration);
    const std::string range = range_in_words(low, limit(max, write_duration));
    return "a duration such as \"10s\"" + (range.empty() ? "" : "," + range);
}

}  // namespace

Type<bool> boolean() {
    return simple<bool>(
        "true or false", {{"type", "boolean"}},
        [](const Value& found) { return only_if(found.boolean(), found.boolean() && *found.boolean()); },
        as_it_is<bool>);
}

Type<std::int64_t> integer(std::int64_t min, std::int64_t max) {
    const Value low = limit(min, as_it_is), high = limit(max, as_it_is);
    return simple<std::int64_t>(
        "an integer" + range_in_words(low, high), number_schema("integer", low, high),
        [min, max](const Value& found) -> Expected<std::int64_t> {
            const auto* value = found.integer();
            if (!value) return fail("");
            return only_if(in_range(*value, min, max), *value);
        },
        as_it_is<std::int64_t>);
}

Type<double> real(double min, double max) {
    return simple<double>(
        "a number" + range_in_words(min, max), number_schema("number", min, max),
        [min, max](const Value& found) -> Expected<double> {
            const auto value = found.number();
            return only_if(value && min <= *value && *value <= max, value.value_or(0));
        },
        as_it_is<double>);
}

Type<double> real_or_null(double min, double max, double null) {
    return simple<double>(
        "a number" + range_in_words(min, max) + ", or null",
        number_schema(Value::List{"number", "null"}, min, max),
        [min, max, null](const Value& found) -> Expected<double> {
            if (found.is_null()) return null;
            const auto value = found.number();
            return only_if(value && min <= *value && *value <= max, value.value_or(0));
        },
        as_it_is<double>);
}

Type<double> percent() {
    return simple<double>(
        "a percentage above 0 and below 100",
        {{"type", "number"}, {"exclusiveMinimum", 0}, {"exclusiveMaximum", 100}},
        [](const Value& found) -> Expected<double> {
            const auto value = found.number();
            return only_if(value && 0 < *value && *value < 100, value.value_or(0));
        },
        as_it_is<double>);
}

Type<std::int64_t> duration(std::int64_t min_ns, std::int64_t max_ns) {
    return simple<std::int64_t>(
        duration_in_words(min_ns, max_ns), duration_schema(),
        [min_ns, max_ns](const Value& found) -> Expected<std::int64_t> {
            const auto ns = read_duration(found);
            return ns ? only_if(in_range(*ns, min_ns, max_ns), *ns) : ns;
        },
        write_duration);
}

Type<std::int64_t> interval() {
    return simple<std::int64_t>(
        "\"auto\" or a duration such as \"10s\", of at least \"1ms\"",
        {{"anyOf", Value::List{Value::Object{{"const", "auto"}}, duration_schema()}}},
        [](const Value& found) -> Expected<std::int64_t> {
            constexpr std::int64_t millisecond = 1'000'000;
            if (found == "auto") return 0;
            const auto ns = read_duration(found);
            return ns ? only_if(*ns >= millisecond, *ns) : ns;
        },
        [](const std::int64_t& ns) { return ns == 0 ? Value("auto") : write_duration(ns); });
}

Type<std::int64_t> duration_or_off(std::int64_t min_ns) {
    return simple<std::int64_t>(
        "\"off\" or a duration such as \"30d\", of at least " + in_words(write_duration(min_ns)),
        {{"anyOf", Value::List{Value::Object{{"const", "off"}}, duration_schema()}}},
        [min_ns](const Value& found) -> Expected<std::int64_t> {
            if (found == "off") return 0;
            const auto ns = read_duration(found);
            return ns ? only_if(*ns >= min_ns, *ns) : ns;
        },
        [](const std::int64_t& ns) { return ns == 0 ? Value("off") : write_duration(ns); });
}

Type<std::int64_t> size(std::int64_t min_bytes, std::int64_t max_bytes) {
    const Value::Object as_text{{"type", "string"}, {"pattern", size_pattern}};
    return simple<std::int64_t>(
        "a size such as \"64KB\"," + range_in_words(write_size(min_bytes), write_size(max_bytes)),
        {{"anyOf", Value::List{as_text, number_schema("integer", min_bytes, max_bytes)}}},
        [min_bytes, max_bytes](const Value& found) -> Expected<std::int64_t> {
            if (found.integer())
                return only_if(in_range(*found.integer(), min_bytes, max_bytes), *found.integer());
            if (!found.string()) return fail("");
            const auto bytes = parse_size(*found.string());
            return bytes ? only_if(in_range(*bytes, min_bytes, max_bytes), *bytes) : bytes;
        },
        write_size);
}

Type<Steps> steps(std::int64_t min, std::int64_t max) {
    const Type<std::int64_t> count = integer(min, max);
    return simple<Steps>(
        count.expected + " (steps of the interval), or a duration such as \"1h\"",
        {{"anyOf", Value::List{count.schema, duration_schema()}}},
        [min, max](const Value& found) -> Expected<Steps> {
            if (const auto* given = found.integer())
                return only_if(in_range(*given, min, max), Steps{*given, 0});
            const auto ns = read_duration(found);
            if (!ns) return fail(ns.error().text);
            return only_if(*ns > 0, Steps{0, *ns});
        },
        [](const Steps& value) { return value.ns > 0 ? write_duration(value.ns) : Value(value.count); });
}

Type<Steps> steps_or(const std::string& word, std::int64_t min, std::int64_t max) {
    Type<Steps> type = steps(min, max);
    type.expected += ", or \"" + word + "\"";
    type.schema = Value::Object{{"anyOf", Value::List{type.schema, Value::Object{{"const", word}}}}};
    type.read = [word, read = type.read, expected = type.expected](const Value& found, Steps& into,
                                                                   const Place& place) {
        if (!found.string() || *found.string() != word) return read(found, into, place);
        into = {};
        return true;
    };
    type.write = [word, write = type.write](const Steps& value) {
        return value.count == 0 && value.ns == 0 ? Value(word) : write(value);
    };
    return type;
}

Type<std::size_t> choice(const std::vector<std::string>& names) {
    const auto value_of = [](const std::string& name) {
        return name == "true" || name == "false" ? Value(name == "true") : Value(name);
    };
    std::string expected;
    Value::List every;
    for (std::size_t i = 0; i < names.size(); ++i) {
        every.push_back(value_of(names[i]));
        expected += (i == 0 ? "" : i + 1 < names.size() ? ", " : " or ") + to_text(every.back());
    }
    return simple<std::size_t>(
        expected, {{"enum", every}},
        [names](const Value& found) -> Expected<std::size_t> {
            const auto* const name = found.string();
            const auto* const boolean = found.boolean();
            const std::string word = boolean ? *boolean ? "true" : "false" : name ? *name : "";
            if (name && !boolean && (word == "true" || word == "false")) return fail("");
            const auto place = std::find(names.begin(), names.end(), word);
            return only_if(place != names.end(), static_cast<std::size_t>(place - names.begin()));
        },
        [names, value_of](const std::size_t& index) { return value_of(names.at(index)); });
}

Type<std::vector<std::int64_t>> integers(std::size_t count, std::int64_t min, std::int64_t max,
                                         bool or_auto) {
    using Integers = std::vector<std::int64_t>;
    const Type<std::int64_t> item = integer(min, max);
    const std::string range = range_in_words(limit(min, as_it_is), limit(max, as_it_is));
    const auto length = static_cast<std::int64_t>(count);
    const Value::Object schema{
        {"type", "array"}, {"items", item.schema}, {"minItems", length}, {"maxItems", length}};
    Type<Integers> type;
    type.expected = "a list of " + std::to_string(count) + (count == 1 ? " integer" : " integers") + range +
                    (or_auto ? ", or \"auto\"" : "");
    type.schema = schema;
    if (or_auto)
        type.schema = Value::Object{{"anyOf", Value::List{Value::Object{{"const", "auto"}}, schema}}};
    type.read = [item, count, or_auto, expected = type.expected](const Value& found, Integers& into,
                                                                 const Place& place) {
        const bool automatic = or_auto && found == "auto";
        const auto* values = found.list();
        if (!automatic && (!values || values->size() != count)) {
            place.unexpected(found, expected);
            return false;
        }
        Integers result(automatic ? 0 : count);
        bool good = true;
        for (std::size_t i = 0; i < result.size(); ++i)
            good = item.read((*values)[i], result[i], place.item(i)) && good;
        if (good) into = std::move(result);
        return good;
    };
    type.write = [](const Integers& items) {
        if (items.empty()) return Value("auto");
        return Value(Value::List(items.begin(), items.end()));
    };
    return type;
}

Type<DataRange> data_range() {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const Type<double> low = real_or_null(-infinity, infinity, -infinity);
    const Type<double> high = real_or_null(-infinity, infinity, infinity);
    return simple<DataRange>(
        "a list of two numbers, the lower first; null leaves a side open",
        {{"type", "array"}, {"items", low.schema}, {"minItems", 2}, {"maxItems", 2}},
        [low, high](const Value& found) -> Expected<DataRange> {
            const auto* both = found.list();
            if (!both || both->size() != 2) return fail("");
            std::vector<Problem> ignored;
            DataRange range;
            const bool good = low.read((*both)[0], range.low, Place(ignored)) &&
                              high.read((*both)[1], range.high, Place(ignored)) && range.low < range.high;
            return only_if(good, range);
        },
        [](const DataRange& range) {
            return Value(Value::List{range.low, range.high});
        });
}

}  // namespace forecastd::config
