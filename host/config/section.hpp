// An object of the config as a table of its keys. Reading, the checks, the JSON schema and the reference page
// are made from the table.
#ifndef FORECASTD_CONFIG_SECTION_HPP
#define FORECASTD_CONFIG_SECTION_HPP

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/json.hpp"
#include "config/place.hpp"
#include "config/types.hpp"

namespace forecastd::config {

// What there is to know of a key without its struct.
struct KeyInfo {
    std::string name;
    std::string doc;  // a sentence
    std::string expected;
    Value schema;
    Value initial;  // the default, as it would be written; null: none
    bool required = false;
    std::vector<std::string> aliases;

    // Makes it a key that must be given.
    void require() {
        required = true;
        initial = Value();
    }
};

// Whether it is the name of a key, or an alias of it.
bool goes_by(const KeyInfo& key, const std::string& name);

struct SectionInfo {
    std::string path;  // "pipelines[].forecast"
    std::string doc;   // a sentence
    std::vector<KeyInfo> keys;
    std::vector<Value> conditions;  // schemas that an object has to meet besides
    // What to say of a key that is not in the table; "" for the usual sentence. May be empty.
    std::function<std::string(const Value& found, const std::string& name)> explain_unknown;
};

// How a key gets into its struct and back.
template <class S>
struct Access {
    std::function<void(const Value*, S&, const Place&)> read;  // nullptr: not given
    std::function<Value(const S&)> write;
};

template <class S>
struct Section {
    SectionInfo info;
    std::vector<Access<S>> access;  // one for each key
    // What the keys must agree on, asked after they were read, well or not. Adds problems.
    std::function<void(const Value& found, S&, const Place&)> check;

    // A key with a custom access; its default is what a new S holds.
    KeyInfo& add(KeyInfo key, Access<S> how) {
        key.initial = how.write(S{});
        info.keys.push_back(std::move(key));
        access.push_back(std::move(how));
        return info.keys.back();
    }

    // A key that is a member; member: pointer to member, or a function from S& (const or not) to a reference.
    template <class T, class GetMember>
    KeyInfo& key(const char* name, GetMember member, Type<T> type, const char* doc) {
        Access<S> how;
        how.read = [type, member](const Value* found, S& into, const Place& place) {
            if (found) type.read(*found, std::invoke(member, into), place);
        };
        how.write = [type, member](const S& from) { return type.write(std::invoke(member, from)); };
        return add({name, doc, type.expected, type.schema, {}, false, {}}, std::move(how));
    }
};

// A key as the file has it: by the name that was used, with nullptr if it was not given.
struct Given {
    std::string name;
    const Value* value = nullptr;
};

// What was given for each key, in the order of the table; nothing if found is no object. Unknown, repeated
// and missing keys are added as problems.
std::optional<std::vector<Given>> match_keys(const SectionInfo& info, const Value& found, const Place& place);

// Reads what is well formed; adds a problem for each thing that is not. Keys are read in the order of the
// table.
template <class S>
void read_section(const Section<S>& section, const Value& found, S& into, const Place& place) {
    const auto given = match_keys(section.info, found, place);
    if (!given) return;
    for (std::size_t i = 0; i < given->size(); ++i)
        section.access[i].read((*given)[i].value, into, place.key((*given)[i].name));
    if (section.check) section.check(found, into, place);
}

// An object of what is set to something else than its default.
template <class S>
Value changed_keys(const Section<S>& section, const S& from) {
    Value::Object changed;
    for (std::size_t i = 0; i < section.info.keys.size(); ++i) {
        const Value value = section.access[i].write(from);
        if (!(value == section.info.keys[i].initial)) changed.push_back({section.info.keys[i].name, value});
    }
    return changed;
}

// {"type": "object", "properties": ...}: the JSON schema of a section.
Value schema_of(const SectionInfo& info);

// A section within another: each bad key keeps its default.
template <class S>
Type<S> object(std::shared_ptr<const Section<S>> section) {
    Type<S> type;
    type.expected = "an object";
    type.schema = schema_of(section->info);
    type.read = [section](const Value& found, S& into, const Place& place) {
        const std::size_t before = place.problem_count();
        read_section(*section, found, into, place);
        return place.problem_count() == before;
    };
    type.write = [](const S&) { return Value(); };
    return type;
}

// A section that is there or not: with a problem in it, it is not.
template <class S>
Type<std::optional<S>> optional_object(std::shared_ptr<const Section<S>> section) {
    auto type = convert<std::optional<S>>(
        object(section), [](S value) { return std::optional<S>(std::move(value)); },
        [](const std::optional<S>& value) { return *value; });
    type.write = [](const std::optional<S>&) { return Value(); };
    return type;
}

}  // namespace forecastd::config

#endif
