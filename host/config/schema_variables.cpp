#include "config/schema_variables.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace forecastd::config {
namespace {

// What limits a single value.
constexpr std::array<std::string_view, 9> limits{"type",
                                                 "enum",
                                                 "pattern",
                                                 "not",
                                                 "minLength",
                                                 "minimum",
                                                 "maximum",
                                                 "exclusiveMinimum",
                                                 "exclusiveMaximum"};

bool is_limit(std::string_view name) { return std::find(limits.begin(), limits.end(), name) != limits.end(); }

Value* find(Value::Object& object, std::string_view name) {
    for (Member& member : object)
        if (member.name == name) return &member.value;
    return nullptr;
}

Value reference() { return Value::Object{{"$ref", "#/definitions/variable"}}; }

// Whether a schema is that of objects or lists, whose parts may have variables.
bool has_parts(Value::Object& schema) {
    return std::any_of(schema.begin(), schema.end(), [](const Member& member) {
        return member.name == "properties" || member.name == "items" || member.name == "additionalProperties";
    });
}

void allow_in_parts(Value::Object& schema) {
    if (Value* const properties = find(schema, "properties"))
        if (auto* const members = std::get_if<Value::Object>(&properties->data))
            for (Member& property : *members) allow_variables(property.value);
    for (const char* const name : {"items", "additionalProperties", "then", "else"})
        if (Value* const part = find(schema, name)) allow_variables(*part);
    if (Value* const conditions = find(schema, "allOf"))
        if (auto* const list = std::get_if<Value::List>(&conditions->data))
            for (Value& condition : *list)
                if (auto* const members = std::get_if<Value::Object>(&condition.data))
                    if (Value* const then = find(*members, "then")) allow_variables(*then);
}

// The alternatives of a value, such as an integer or a duration. Those of objects are about their keys.
void allow_beside(Value::List& alternatives) {
    bool is_of_values = false;
    for (Value& one : alternatives) {
        auto* const members = std::get_if<Value::Object>(&one.data);
        if (!members) continue;
        if (has_parts(*members))
            allow_variables(one);
        else
            is_of_values =
                is_of_values || std::any_of(members->begin(), members->end(),
                                            [](const Member& each) { return is_limit(each.name); });
    }
    if (is_of_values) alternatives.push_back(reference());
}

// A schema of a single value: what limits it becomes one of two alternatives.
void allow_instead(Value::Object& schema) {
    Value::Object limited, rest;
    for (Member& member : schema) (is_limit(member.name) ? limited : rest).push_back(std::move(member));
    if (!limited.empty()) {
        const bool is_any_text =
            limited.size() == 1 && limited.front().name == "type" && limited.front().value == "string";
        if (is_any_text)
            rest.push_back(std::move(limited.front()));
        else
            rest.push_back({"anyOf", Value::List{Value(std::move(limited)), reference()}});
    }
    schema = std::move(rest);
}

}  // namespace

void allow_variables(Value& schema) {
    auto* const members = std::get_if<Value::Object>(&schema.data);
    if (!members) return;
    if (Value* const alternatives = find(*members, "anyOf")) {
        if (auto* const list = std::get_if<Value::List>(&alternatives->data)) allow_beside(*list);
        allow_in_parts(*members);
    } else if (has_parts(*members) || find(*members, "then")) {
        allow_in_parts(*members);
    } else if (const Value* const type = find(*members, "type"); !type || !(*type == "object")) {
        allow_instead(*members);
    }
}

Value variable_definition() {
    return Value::Object{
        {"variable", Value::Object{{"description",
                                    "A text with a variable of the environment in it, such as ${HOST:-db1}."},
                                   {"type", "string"},
                                   {"pattern", "\\$\\{[A-Za-z_]"}}}};
}

}  // namespace forecastd::config
