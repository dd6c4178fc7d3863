#include "config/section.hpp"

#include <algorithm>

#include "text/did_you_mean.hpp"

namespace forecastd::config {
namespace {

std::string unknown_key(const SectionInfo& info, const Value& found, const std::string& name) {
    if (info.explain_unknown)
        if (auto sentence = info.explain_unknown(found, name); !sentence.empty()) return sentence;
    std::vector<std::string> names, all;
    for (const auto& key : info.keys) {
        names.push_back(key.name);
        all.push_back(key.name);
        all.insert(all.end(), key.aliases.begin(), key.aliases.end());
    }
    const std::string hint = text::did_you_mean(name, all);
    if (!hint.empty()) return "there is no such key" + hint;
    std::string list;
    for (const auto& each : names) list += (list.empty() ? "" : ", ") + each;
    return list.empty() ? "there is no such key, expected none here"
                        : "there is no such key, expected one of " + list;
}

Value::Object property(const KeyInfo& key) {
    Value::Object schema{{"description", key.doc}};
    if (const auto* members = key.schema.object())
        schema.insert(schema.end(), members->begin(), members->end());
    if (!key.initial.is_null()) schema.push_back({"default", key.initial});
    return schema;
}

Value requires_key(const std::string& name) { return Value::Object{{"required", Value::List{name}}}; }

// A key and its aliases: no two of them at once, and one of them if it is required.
void add_alias_conditions(const KeyInfo& key, Value::List& conditions) {
    std::vector<std::string> names{key.name};
    names.insert(names.end(), key.aliases.begin(), key.aliases.end());
    Value::List any;
    for (std::size_t i = 0; i < names.size(); ++i) {
        any.push_back(requires_key(names[i]));
        for (std::size_t j = 0; j < i; ++j)
            conditions.emplace_back(
                Value::Object{{"not", Value::Object{{"required", Value::List{names[j], names[i]}}}}});
    }
    if (key.required) conditions.emplace_back(Value::Object{{"anyOf", std::move(any)}});
}

}  // namespace

bool goes_by(const KeyInfo& key, const std::string& name) {
    return key.name == name || std::find(key.aliases.begin(), key.aliases.end(), name) != key.aliases.end();
}

std::optional<std::vector<Given>> match_keys(const SectionInfo& info, const Value& found,
                                             const Place& place) {
    const auto* members = found.object();
    if (!members) {
        place.unexpected(found, "an object");
        return std::nullopt;
    }
    std::vector<Given> given(info.keys.size());
    for (std::size_t i = 0; i < given.size(); ++i) given[i].name = info.keys[i].name;
    for (const auto& [name, value] : *members) {
        const auto key =
            std::find_if(info.keys.begin(), info.keys.end(),
                         [&wanted = name](const KeyInfo& each) { return goes_by(each, wanted); });
        if (key == info.keys.end()) {
            place.key(name).problem(unknown_key(info, found, name));
            continue;
        }
        Given& taken = given[static_cast<std::size_t>(key - info.keys.begin())];
        if (!taken.value)
            taken = {name, &value};
        else if (taken.name == name)
            place.key(name, 1).problem("the key is given twice, expected once");
        else
            place.key(name).problem("the same is given as '" + taken.name +
                                    "' already, expected one of the two");
    }
    for (std::size_t i = 0; i < given.size(); ++i)
        if (info.keys[i].required && !given[i].value)
            place.key(given[i].name).problem("the key is missing, expected " + info.keys[i].expected);
    return given;
}

Value schema_of(const SectionInfo& info) {
    Value::Object properties;
    Value::List required, conditions;
    for (const auto& key : info.keys) {
        properties.push_back({key.name, property(key)});
        for (const auto& alias : key.aliases) {
            Value::Object same = property(key);
            same.front().value = "The same as '" + key.name + "'. " + key.doc;
            properties.push_back({alias, std::move(same)});
        }
        if (!key.aliases.empty())
            add_alias_conditions(key, conditions);
        else if (key.required)
            required.emplace_back(key.name);
    }
    conditions.insert(conditions.end(), info.conditions.begin(), info.conditions.end());
    Value::Object schema{
        {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
    if (!required.empty()) schema.push_back({"required", std::move(required)});
    if (!conditions.empty()) schema.push_back({"allOf", std::move(conditions)});
    return schema;
}

}  // namespace forecastd::config
