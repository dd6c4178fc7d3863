#include "config/per_field.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "text/did_you_mean.hpp"

namespace forecastd::config {
namespace {

constexpr std::string_view name_of_key = "per_field";
constexpr std::array<std::string_view, 5> settings{"rate", "forecast", "detect", "combine", "alarm"};
constexpr const char* expected_entries =
    R"(an object of fields, as globs, with settings of their own, such as {"usage_idle": {"detect": {...}}})";

bool is_setting(std::string_view name) {
    return std::find(settings.begin(), settings.end(), name) != settings.end();
}

bool is_plain(std::string_view pattern) { return pattern.find_first_of("*?[{\\") == std::string_view::npos; }

// ---- Values ----------------------------------------------------------------------------------------------------------

Value* find(Value& object, std::string_view name) {
    for (Member& member : std::get<Value::Object>(object.data))
        if (member.name == name) return &member.value;
    return nullptr;
}

void erase(Value& object, std::string_view name) {
    std::erase_if(std::get<Value::Object>(object.data),
                  [&](const Member& member) { return member.name == name; });
}

// Puts settings in the place of others: objects key by key, all else as a whole. The parameters of another plugin do not
// stay.
void put_over(Value& value, const Value& over) {
    if (!value.object() || !over.object()) {
        value = over;
        return;
    }
    const Value* const plugin = over.find("plugin");
    if (plugin && value.find("plugin") && !(*plugin == *value.find("plugin"))) erase(value, "params");
    for (const auto& [name, setting] : *over.object()) {
        if (Value* const there = find(value, name))
            put_over(*there, setting);
        else
            std::get<Value::Object>(value.data).push_back({name, setting});
    }
}

// A pipeline with the settings of an entry; null leaves one out.
Value copy_of(const Value& pipeline, const Value& entry) {
    Value copy = pipeline;
    erase(copy, name_of_key);
    put_over(copy, entry);
    for (const std::string_view name : settings)
        if (const Value* const setting = entry.find(name); setting && setting->is_null()) erase(copy, name);
    return copy;
}

// ---- Checks ----------------------------------------------------------------------------------------------------------

bool check_entry(const Value& entry, const Place& place) {
    if (!entry.object()) {
        place.unexpected(entry, "an object with settings of these fields");
        return false;
    }
    bool good = true;
    for (const auto& [name, value] : *entry.object()) {
        if (is_setting(name)) continue;
        const std::string hint = text::did_you_mean(name, {settings.begin(), settings.end()});
        place.key(name).problem(
            "there is no such key" +
            (hint.empty() ? ", expected one of rate, forecast, detect, combine, alarm" : hint));
        good = false;
    }
    return good;
}

bool check_entries(const Value& found, const Place& place) {
    if (!found.object()) {
        place.unexpected(found, expected_entries);
        return false;
    }
    bool good = true;
    const Value::Object& entries = *found.object();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto& [fields, entry] = entries[i];
        const bool is_second =
            std::any_of(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(i),
                        [&name = fields](const Member& other) { return other.name == name; });
        const Place here = place.key(fields, is_second ? 1 : 0);
        const std::string fault = fields.empty() ? "it is empty" : glob_fault(fields);
        if (is_second) here.problem("the key is given twice, expected once");
        if (!fault.empty()) here.problem("expected fields as a glob such as \"usage_*\": " + fault);
        good = check_entry(entry, here) && fault.empty() && !is_second && good;
    }
    return good;
}

// The fields of an entry, of those that the pipeline takes; the error says why there are none.
Expected<GlobList> fields_of(const std::string& fields, const Selection& selection) {
    if (!selection.fieldpass) return GlobList({fields});
    const std::vector<std::string>& taken = selection.fieldpass->patterns();
    if (std::find(taken.begin(), taken.end(), fields) != taken.end()) return GlobList({fields});
    std::vector<std::string> both;
    if (is_plain(fields)) {
        if (selection.fieldpass->match(fields)) both.push_back(fields);
    } else if (std::all_of(taken.begin(), taken.end(), is_plain)) {
        for (const std::string& one : taken)
            if (glob_match(fields, one)) both.push_back(one);
    } else {
        return fail(
            "it has a wildcard, and so has 'fieldpass', so it cannot be told which fields both take: "
            "expected a name "
            "of one field, or a pattern of 'fieldpass'");
    }
    if (both.empty()) return fail("'fieldpass' takes no such field, expected one that it takes");
    return GlobList(std::move(both));
}

GlobList with(const std::optional<GlobList>& globs, const std::vector<std::string>& more) {
    std::vector<std::string> patterns = globs ? globs->patterns() : std::vector<std::string>{};
    patterns.insert(patterns.end(), more.begin(), more.end());
    return GlobList(std::move(patterns));
}

// Those of a copy that the pipeline does not have as well; the paths of both begin in their places.
void add_own_problems(const std::vector<Problem>& of_pipeline, const Place& place,
                      std::vector<Problem> of_copy, const Place& here) {
    const auto is_shared = [&](const Problem& problem) {
        return std::any_of(of_pipeline.begin(), of_pipeline.end(), [&](const Problem& other) {
            return other.message == problem.message &&
                   other.path.substr(place.path().size()) == problem.path.substr(here.path().size());
        });
    };
    for (Problem& problem : of_copy)
        if (!is_shared(problem)) here.add(std::move(problem));
}

// ---- Schema ----------------------------------------------------------------------------------------------------------

// A section in which nothing is required, and that may be null.
Value relaxed(Value schema) {
    if (!schema.object()) return schema;
    erase(schema, "required");
    if (Value* const otherwise = find(schema, "else")) *otherwise = relaxed(std::move(*otherwise));
    if (Value* const conditions = find(schema, "allOf"))
        for (Value& condition : std::get<Value::List>(conditions->data))
            if (Value* const then = find(condition, "then")) erase(*then, "required");
    if (Value* const type = find(schema, "type"); type && *type == "object")
        *type = Value::List{"object", "null"};
    return schema;
}

}  // namespace

void add_per_field_key(Section<Pipeline>& section) {
    Value::Object properties;
    for (const KeyInfo& key : section.info.keys)
        if (is_setting(key.name)) properties.push_back({key.name, relaxed(key.schema)});
    const Value entry = Value::Object{
        {"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
    section.add(
        {std::string(name_of_key),
         "Fields with settings of their own, in the place of those of the pipeline: rate, forecast, detect, "
         "combine and alarm, of which null leaves one out. Of several that match a field, the first counts.",
         expected_entries,
         Value::Object{{"type", "object"}, {"additionalProperties", entry}},
         {},
         false,
         {}},
        {[](const Value* found, Pipeline&, const Place& place) {
             if (found) check_entries(*found, place);
         },
         [](const Pipeline&) { return Value(); }});
}

std::vector<Pipeline> read_with_copies(const Section<Pipeline>& section, const Value& found,
                                       Pipeline& pipeline, const Place& place) {
    const Pipeline blank = pipeline;
    std::vector<Problem> of_pipeline;
    read_section(section, found, pipeline, place.into(of_pipeline));
    for (const Problem& problem : of_pipeline) place.add(problem);
    const Value* const entries = found.find(name_of_key);
    std::vector<Problem> ignored;  // they are among those of the pipeline
    std::vector<Pipeline> copies;
    std::vector<std::string> left_to_copies;
    if (entries && check_entries(*entries, place.into(ignored))) {
        for (const auto& [fields, entry] : *entries->object()) {
            const Place here = place.key(name_of_key).key(fields);
            std::vector<Problem> of_copy;
            Pipeline copy = blank;
            read_section(section, copy_of(found, entry), copy, here.into(of_copy));
            auto taken = fields_of(fields, pipeline.selection);
            if (!taken) here.into(of_copy).problem(taken.error().text);
            if (of_copy.empty()) {
                copy.name = pipeline.name + "/" + fields;
                copy.was = pipeline.name;
                copy.selection.fieldpass = std::move(*taken);
                copy.selection.fielddrop = with(pipeline.selection.fielddrop, left_to_copies);
                copies.push_back(std::move(copy));
            }
            add_own_problems(of_pipeline, place, std::move(of_copy), here);
            left_to_copies.push_back(fields);
        }
        pipeline.selection.fielddrop = with(pipeline.selection.fielddrop, left_to_copies);
    }
    if (!of_pipeline.empty()) return {};
    copies.insert(copies.begin(), pipeline);
    return copies;
}

}  // namespace forecastd::config
