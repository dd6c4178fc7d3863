// JSON as a plain tree that keeps the order of its keys, and keeps those that come twice. The library that
// reads and writes the text is known to json.cpp alone.
#ifndef FORECASTD_CONFIG_JSON_HPP
#define FORECASTD_CONFIG_JSON_HPP

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/expected.hpp"

namespace forecastd::config {

struct Member;

struct Value {
    using List = std::vector<Value>;
    using Object = std::vector<Member>;

    // A number is an integer if it is whole and fits, however it was written, else a double.
    using Data = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, List, Object>;
    Data data;

    // In the text that it was read from: where the value begins, or for a member of an object, its key.
    std::size_t offset = 0;
    std::uint32_t file = 0;  // which of the config's files that is
    bool faulty = false;     // something in it has a problem that was told: it is passed over
    // Of a string that a variable has given: the number or truth value that it is as well; nullptr: none.
    std::shared_ptr<const Value> meaning;

    Value();  // null
    Value(bool truth);
    Value(const char* text);
    Value(std::string text);
    Value(int number);
    Value(std::int64_t number);
    Value(double number);  // null if it is not finite
    Value(List list);
    Value(Object members);

    [[nodiscard]] bool is_null() const { return std::holds_alternative<std::nullptr_t>(data); }
    // nullptr if it is something else.
    [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(meant()); }
    [[nodiscard]] const std::int64_t* integer() const { return std::get_if<std::int64_t>(meant()); }
    [[nodiscard]] const std::string* string() const { return std::get_if<std::string>(&data); }
    [[nodiscard]] const List* list() const { return std::get_if<List>(&data); }
    [[nodiscard]] const Object* object() const { return std::get_if<Object>(&data); }
    // An integer or a double.
    [[nodiscard]] std::optional<double> number() const;

    // The first member of that name; nullptr if there is none, or if this is no object.
    [[nodiscard]] const Value* find(std::string_view name) const;

    bool operator==(const Value& other) const;

  private:
    [[nodiscard]] const Data* meant() const { return meaning ? &meaning->data : &data; }
};

struct Member {
    std::string name;
    Value value;
    bool operator==(const Member&) const = default;
};

// What is wrong with a text: "found ..., expected ...", and where, unless that is nowhere in particular.
struct SyntaxError {
    std::string text;
    std::optional<std::size_t> offset;
};

// Reads JSON with // and /* */ comments, and commas behind the last item of a list or an object.
tl::expected<Value, SyntaxError> parse_json(std::string_view text);

// As JSON text: on one line, or indented by two spaces with a line's end after it.
std::string to_text(const Value& value);
std::string to_document(const Value& value);

// How a sentence shows a value that was found: -1, "text", [3,1]; what is long is cut, or is "a list".
std::string in_words(const Value& value);

}  // namespace forecastd::config

#endif
