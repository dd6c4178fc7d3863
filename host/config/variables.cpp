#include "config/variables.hpp"

#include <algorithm>
#include <utility>

namespace forecastd::config {
namespace {

bool is_name(std::string_view text) {
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9');
    });
}

// What stands between the braces.
Expected<std::string> value_of(std::string_view inside, const Variables& variables) {
    const std::size_t separator = inside.find(":-");
    const std::string name(inside.substr(0, separator));
    const std::string shown = "'${" + std::string(inside) + "}'";
    if (!is_name(name))
        return fail(
            "found " + shown +
            ", expected ${NAME} or ${NAME:-default} with letters, digits and '_' in the name; write $${ for "
            "the characters themselves");
    auto value = variables ? variables(name) : std::nullopt;
    if (separator == std::string_view::npos) {
        if (value) return std::move(*value);
        return fail("the environment variable '" + name +
                    "' is not set; set it where forecastd is started, or write ${" + name + ":-default}");
    }
    if (value && !value->empty()) return std::move(*value);
    return std::string(inside.substr(separator + 2));
}

// What a text is beside a string: a number, true or false; nullptr: nothing else.
std::shared_ptr<const Value> meaning_of(const std::string& text) {
    const bool is_number = !text.empty() && text.find_first_not_of("0123456789+-.eE") == std::string::npos;
    if (!is_number && text != "true" && text != "false") return nullptr;
    auto value = parse_json(text);
    return value ? std::make_shared<const Value>(std::move(*value)) : nullptr;
}

class Walk {
  public:
    explicit Walk(const Variables& variables) : variables_(variables) {}

    // Whether all is well with it.
    bool put(Value& value, const Place& place) {
        if (auto* const text = std::get_if<std::string>(&value.data)) return put_text(value, *text, place);
        bool good = true;
        if (auto* const list = std::get_if<Value::List>(&value.data))
            for (std::size_t i = 0; i < list->size(); ++i) good = put((*list)[i], place.item(i)) && good;
        if (auto* const members = std::get_if<Value::Object>(&value.data))
            for (Member& member : *members) good = put(member.value, place.key(member.name)) && good;
        value.faulty = !good;
        return good;
    }

  private:
    bool put_text(Value& value, const std::string& text, const Place& place) {
        if (text.find("${") == std::string::npos) return true;
        auto result = with_variables(text, variables_);
        if (!result) {
            place.problem(result.error().text);
            value.faulty = true;
            return false;
        }
        if (text.starts_with("${") && text.find('}') == text.size() - 1) value.meaning = meaning_of(*result);
        value.data = std::move(*result);
        return true;
    }

    const Variables& variables_;
};

// Takes out what is faulty and holds nothing but itself.
void take_out_faulty(Value& value) {
    if (!value.faulty) return;
    if (auto* const list = std::get_if<Value::List>(&value.data)) {
        for (Value& item : *list) take_out_faulty(item);
        std::erase_if(*list, [](const Value& item) { return item.faulty && item.string(); });
    }
    if (auto* const members = std::get_if<Value::Object>(&value.data)) {
        for (Member& member : *members) take_out_faulty(member.value);
        std::erase_if(*members,
                      [](const Member& member) { return member.value.faulty && member.value.string(); });
    }
}

}  // namespace

Expected<std::string> with_variables(const std::string& text, const Variables& variables) {
    std::string result;
    std::size_t at = 0;
    for (;;) {
        const std::size_t begin = text.find("${", at);
        if (begin == std::string::npos) break;
        if (begin > at && text[begin - 1] == '$') {
            result.append(text, at, begin - at - 1).append("${");
            at = begin + 2;
            continue;
        }
        const std::size_t end = text.find('}', begin);
        if (end == std::string::npos)
            return fail("found " + in_words(text.substr(begin)) +
                        ", a variable without its '}'; write $${ for the characters themselves");
        auto value = value_of(std::string_view(text).substr(begin + 2, end - begin - 2), variables);
        if (!value) return fail(std::move(value.error().text));
        result.append(text, at, begin - at).append(*value);
        at = end + 1;
    }
    return result.append(text, at);
}

void put_variables(Value& root, const Variables& variables, const Place& top) {
    Walk walk(variables);
    auto* const members = std::get_if<Value::Object>(&root.data);
    if (!members) return;
    for (Member& member : *members) {
        walk.put(member.value, top.key(member.name));
        if (member.name != "pipelines" || !member.value.list()) take_out_faulty(member.value);
        // Of the list of pipelines, the faulty ones are passed over where they are read.
    }
    std::erase_if(*members,
                  [](const Member& member) { return member.value.faulty && member.value.string(); });
}

}  // namespace forecastd::config
