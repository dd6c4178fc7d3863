#include "config/json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "config/json_offsets.hpp"
#include "config/last_commas.hpp"

namespace forecastd::config {
namespace {

using Library = nlohmann::ordered_json;

// Deep enough for every config, and no danger to the stack of what walks the tree.
constexpr std::size_t max_depth = 64;

std::string_view between(std::string_view text, std::string_view start, std::string_view end) {
    const std::size_t from = text.find(start);
    if (from == std::string_view::npos) return {};
    text.remove_prefix(from + start.size());
    return text.substr(0, text.find(end));
}

// The library's names of tokens, in our words.
std::string token(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 9> words{
        {{"string literal", "a string"},
         {"number literal", "a number"},
         {"true literal", "true"},
         {"false literal", "false"},
         {"null literal", "null"},
         {"'[', '{', or a literal", "a value"},
         {"'}'", "',' or '}'"},
         {"']'", "',' or ']'"},
         {"end of input", "the end of the file"}}};
    const auto* word =
        std::find_if(words.begin(), words.end(), [&](const auto& w) { return w.first == name; });
    return std::string(word == words.end() ? name : word->second);
}

std::string found_token(std::string_view name) {
    return name.starts_with('\'') ? std::string(name)
                                  : token(name);  // only what is expected has alternatives
}

// "syntax error while parsing value - unexpected '}'; expected '[', '{', or a literal" and its like.
std::string explain(std::string_view library) {
    if (const auto number = between(library, "number overflow parsing '", "'"); !number.empty())
        return "the number is too large";
    const std::string_view context = between(library, "while parsing ", " - ");
    const std::string_view detail = between(library, " - ", "; last read: ");
    const std::string_view unexpected = between(library, " - unexpected ", "; expected ");
    const std::size_t expected = library.rfind("; expected ");
    if (detail == "invalid literal")
        return "found a word that is neither a string in quotes, a number, true, false nor null";
    if (unexpected.empty())
        return "found an " + std::string(detail);  // "invalid string: missing closing quote"
    std::string sentence = "found " + found_token(unexpected);
    if (context == "object key")
        sentence += ", expected a key in quotes";
    else if (expected != std::string_view::npos)
        sentence += ", expected " + token(library.substr(expected + 11));
    return sentence;
}

// Builds the tree while the library reads: it keeps order and duplicates, and stops at a depth.
class Builder : public nlohmann::json_sax<Library> {
  public:
    explicit Builder(std::string_view text) : text_(text) {}

    Value take_root() { return std::move(root_); }
    [[nodiscard]] const SyntaxError& error() const { return error_; }

    bool null() override { return add(Value()); }
    bool boolean(bool truth) override { return add(truth); }
    bool number_integer(number_integer_t number) override { return add(number); }
    bool number_unsigned(number_unsigned_t number) override {
        return number <= INT64_MAX ? add(static_cast<std::int64_t>(number))
                                   : add(static_cast<double>(number));
    }
    bool number_float(number_float_t number, const string_t&) override { return add(number); }
    bool string(string_t& text) override { return add(std::move(text)); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(Value(Value::Object{})); }
    bool start_array(std::size_t) override { return open(Value(Value::List{})); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        std::get<Value::Object>(open_.back()->data).push_back({std::move(name), Value()});
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const Library::exception& exception) override {
        error_ = {explain(exception.what()), std::min(position, text_.size() + 1) - (position > 0 ? 1 : 0)};
        return false;
    }

  private:
    // Where the next value belongs: an open container does not grow while one of its values is open, so the
    // pointers hold.
    Value& place() {
        if (open_.empty()) return root_;
        if (auto* list = std::get_if<Value::List>(&open_.back()->data)) return list->emplace_back();
        return std::get<Value::Object>(open_.back()->data).back().value;
    }
    bool add(Value value) {
        place() = std::move(value);
        return true;
    }
    bool open(Value container) {
        if (open_.size() == max_depth) {
            error_ = {"brackets are nested more than " + std::to_string(max_depth) +
                          " deep; a config needs less than ten",
                      std::nullopt};
            return false;
        }
        Value& here = place();
        here = std::move(container);
        open_.push_back(&here);
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    std::string_view text_;
    Value root_;
    std::vector<Value*> open_;
    SyntaxError error_;
};

Library to_library(const Value& value) {
    if (const auto* list = value.list()) {
        Library result = Library::array();
        for (const auto& item : *list) result.push_back(to_library(item));
        return result;
    }
    if (const auto* members = value.object()) {
        Library result = Library::object();
        for (const auto& member : *members) result[member.name] = to_library(member.value);
        return result;
    }
    if (const auto* text = value.string()) return *text;
    if (const auto* truth = value.boolean()) return *truth;
    if (const auto* whole = value.integer()) return *whole;
    if (const auto real = value.number()) return *real;
    return nullptr;
}

}  // namespace

Value::Value() = default;
Value::Value(bool truth) : data(truth) {}
Value::Value(const char* text) : data(std::string(text)) {}
Value::Value(std::string text) : data(std::move(text)) {}
Value::Value(int number) : data(std::int64_t{number}) {}
Value::Value(std::int64_t number) : data(number) {}
Value::Value(List list) : data(std::move(list)) {}
Value::Value(Object members) : data(std::move(members)) {}

Value::Value(double number) {
    constexpr double exact = 9007199254740992.0;  // 2^53: whole doubles up to here are exact
    if (!std::isfinite(number)) return;
    if (std::trunc(number) == number && std::abs(number) <= exact)
        data = static_cast<std::int64_t>(number);
    else
        data = number;
}

std::optional<double> Value::number() const {
    if (const auto* whole = integer()) return static_cast<double>(*whole);
    if (const auto* real = std::get_if<double>(meant())) return *real;
    return std::nullopt;
}

const Value* Value::find(std::string_view name) const {
    if (const auto* members = object())
        for (const auto& member : *members)
            if (member.name == name) return &member.value;
    return nullptr;
}

bool Value::operator==(const Value& other) const { return data == other.data; }

tl::expected<Value, SyntaxError> parse_json(std::string_view given) {
    const std::string text = without_last_commas(given);
    Builder builder(text);
    if (!Library::sax_parse(text, &builder, Library::input_format_t::json, true, true))
        return tl::unexpected<SyntaxError>(builder.error());
    Value root = builder.take_root();
    set_offsets(text, root);
    return root;
}

// Texts of plugins may be anything; what is no UTF-8 in them is replaced.
std::string to_text(const Value& value) {
    return to_library(value).dump(-1, ' ', false, Library::error_handler_t::replace);
}
std::string to_document(const Value& value) {
    return to_library(value).dump(2, ' ', false, Library::error_handler_t::replace) + "\n";
}

std::string in_words(const Value& value) {
    constexpr std::size_t shown = 40;
    std::string whole = to_text(value);
    if (whole.size() <= shown + 2) return whole;  // with quotes
    if (value.list()) return "a list";
    if (value.object()) return "an object";
    const auto* string = value.string();
    if (!string) return whole;
    std::size_t end = std::min(shown, string->size());
    while (end > 0 && end < string->size() && (static_cast<unsigned char>((*string)[end]) & 0xC0) == 0x80)
        --end;  // whole characters
    return to_text(string->substr(0, end) + "...");
}

}  // namespace forecastd::config
