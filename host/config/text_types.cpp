// The types of the config's values that are text: names in the output, and globs.
#include <algorithm>

#include "base/time_zone.hpp"
#include "config/name_template.hpp"
#include "config/simple_type.hpp"
#include "lineprotocol/names.hpp"

namespace forecastd::config {
namespace {

// Whether a name is written in a line as it stands, or must be cleaned first.
using NameFault = std::string (*)(std::string_view);
using CleanName = std::string (*)(std::string_view);

// Why a name cannot be written, and what it would be written as; "" if it can.
std::string unwritable(const std::string& name, NameFault fault, CleanName clean) {
    std::string why = fault(name);
    if (why.empty()) return why;
    const std::string cleaned = clean(name);
    return why + "; it would be written as " + in_words(cleaned.empty() ? "_" : cleaned);
}

std::string clean_field(std::string_view name) {
    return lineprotocol::unescape_name(lineprotocol::FieldKey(name).text());
}
std::string field_fault(std::string_view name) {
    if (auto fault = lineprotocol::name_fault(name); !fault.empty()) return fault;
    return clean_field(name) == name ? "" : "it has a backslash before a separator, which it would escape";
}

// As regular expressions for the schema: no control character, and no backslash at the end.
constexpr const char* writable = R"((?![\s\S]*([\x00-\x1f\x7f]|\\$)))";

// A name in which the placeholder may occur once, and no other brace.
Type<std::string> name_template(std::string_view placeholder, const std::string& expected, NameFault fault,
                                CleanName clean) {
    return simple<std::string>(
        expected, {},
        [placeholder, fault, clean](const Value& found) -> Expected<std::string> {
            if (!found.string() || found.string()->empty()) return fail("");
            const std::string& pattern = *found.string();
            const NameTemplate name(pattern, placeholder);
            if ((name.before + name.after).find_first_of("{}") != std::string::npos)
                return fail(std::string(placeholder) + " may occur in it once, and no other '{' or '}'");
            if (auto why = unwritable(pattern, fault, clean); !why.empty()) return fail(std::move(why));
            return pattern;
        },
        as_it_is<std::string>);
}

// An object with tags as its keys, each once. once: what was expected of one that is there twice. name_fault(name):
// why a tag cannot be taken; "" if it can.
template <class Member, class NameFaultOf>
Type<std::vector<std::pair<std::string, Member>>> by_tag(const Type<Member>& member,
                                                         const std::string& expected, const std::string& once,
                                                         NameFaultOf name_fault) {
    using Tags = std::vector<std::pair<std::string, Member>>;
    Type<Tags> type;
    type.expected = expected;
    type.schema = Value::Object{{"type", "object"}, {"additionalProperties", member.schema}};
    type.read = [=](const Value& found, Tags& into, const Place& place) {
        const auto* members = found.object();
        if (!members) {
            place.unexpected(found, expected);
            return false;
        }
        Tags tags;
        bool good = true;
        const auto refuse = [&](const std::string& name, std::size_t which, const std::string& why) {
            place.key(name, which).problem(why);
            good = false;
        };
        for (const auto& [name, value] : *members) {
            if (std::any_of(tags.begin(), tags.end(),
                            [&wanted = name](const auto& tag) { return tag.first == wanted; }))
                refuse(name, 1, "the tag is given twice, " + once);
            else if (const std::string why = name_fault(name); !why.empty())
                refuse(name, 0, why);
            tags.emplace_back(name, Member{});
            good = member.read(value, tags.back().second, place.key(name)) && good;
        }
        if (good) into = std::move(tags);
        return good;
    };
    type.write = [member](const Tags& tags) {
        Value::Object members;
        for (const auto& [name, value] : tags) members.push_back({name, member.write(value)});
        return members.empty() ? Value() : Value(std::move(members));
    };
    return type;
}

}  // namespace

Type<std::string> text() {
    return simple<std::string>(
        "a string that is not empty", {{"type", "string"}, {"minLength", 1}},
        [](const Value& found) -> Expected<std::string> {
            if (!found.string() || found.string()->empty()) return fail("");
            return *found.string();
        },
        as_it_is<std::string>);
}

Type<std::string> time_zone() {
    return simple<std::string>(
        "a name of the time zone database such as \"Europe/Berlin\"", {{"type", "string"}},
        [](const Value& found) -> Expected<std::string> {
            if (!found.string()) return fail("");
            if (found.string()->empty()) return *found.string();
            if (auto zone = TimeZone::find(*found.string()); !zone) return fail(std::move(zone.error().text));
            return *found.string();
        },
        as_it_is<std::string>);
}

Type<std::string> tag_value() {
    return simple<std::string>(
        "a name that is not empty",
        {{"type", "string"}, {"pattern", std::string("^") + writable + "[\\s\\S]"}},
        [](const Value& found) -> Expected<std::string> {
            if (!found.string() || found.string()->empty()) return fail("");
            auto why = unwritable(*found.string(), lineprotocol::name_fault, lineprotocol::clean_name);
            if (!why.empty()) return fail(std::move(why));
            return *found.string();
        },
        as_it_is<std::string>);
}

Type<std::string> measurement_template() {
    Type<std::string> type =
        name_template(measurement_placeholder, "a name such as \"{measurement}_forecast\" or \"beer\"",
                      lineprotocol::measurement_fault, lineprotocol::clean_measurement);
    type.schema =
        Value::Object{{"type", "string"},
                      {"pattern", std::string("^(?!#)") + writable +
                                      "([^{}]+(\\{measurement\\}[^{}]*)?|\\{measurement\\}[^{}]+)$"}};
    type.read = [read = type.read, expected = type.expected](const Value& found, std::string& into,
                                                             const Place& place) {
        if (found.string() && *found.string() == measurement_placeholder) {
            place.unexpected(found, expected, "alone, the output would mix with the original");
            return false;
        }
        return read(found, into, place);
    };
    return type;
}

Type<std::string> field_template() {
    Type<std::string> type =
        name_template(field_placeholder, "a name such as \"{field}\" or \"mean\"", field_fault, clean_field);
    type.schema = Value::Object{
        {"type", "string"},
        {"pattern", std::string("^") + writable + "([^{}]+(\\{field\\}[^{}]*)?|\\{field\\}[^{}]*)$"}};
    return type;
}

Type<std::string> glob() {
    return simple<std::string>(
        "a glob such as \"cpu*\"", {{"type", "string"}},
        [](const Value& found) -> Expected<std::string> {
            if (!found.string()) return fail("");
            if (auto why = glob_fault(*found.string()); !why.empty()) return fail(std::move(why));
            return *found.string();
        },
        as_it_is<std::string>);
}

Type<std::optional<GlobList>> globs() {
    const auto patterns = list(glob(), "globs such as \"cpu*\"", true);
    auto type = convert<std::optional<GlobList>>(
        patterns, [](std::vector<std::string> list) { return GlobList(std::move(list)); },
        [](const std::optional<GlobList>& list) { return list->patterns(); });
    type.write = [write = type.write](const std::optional<GlobList>& list) {
        return list ? write(list) : Value();
    };
    return type;
}

Type<std::vector<std::pair<std::string, GlobList>>> tag_globs() {
    const auto patterns = convert<GlobList>(
        list(glob(), "globs such as \"cpu*\"", true),
        [](std::vector<std::string> list) { return GlobList(std::move(list)); },
        [](const GlobList& list) { return list.patterns(); });
    return by_tag(patterns, "an object of tags with their globs, such as {\"host\": [\"web*\"]}",
                  "expected once: write all its globs in one list", [](const std::string&) { return ""; });
}

Type<std::vector<std::pair<std::string, std::string>>> tags(std::vector<std::string> taken) {
    return by_tag(tag_value(), "an object of tags with their values, such as {\"host\": \"web1\"}",
                  "expected once", [taken = std::move(taken)](const std::string& name) -> std::string {
                      if (std::find(taken.begin(), taken.end(), name) != taken.end())
                          return "these lines have a tag of that name already, expected another one";
                      if (name.empty()) return "a tag has an empty name, expected one that is not";
                      const auto why = unwritable(name, lineprotocol::name_fault, lineprotocol::clean_name);
                      return why.empty() ? "" : "the tag cannot be written: " + why;
                  });
}

}  // namespace forecastd::config
