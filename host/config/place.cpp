#include "config/place.hpp"

#include <algorithm>

namespace forecastd::config {
namespace {

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '$';
}

}  // namespace

std::string one_line(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7F)
            result += c;
        else
            result += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    }
    return result;
}

Place Place::key(std::string_view name, std::size_t occurrence) const {
    Place result = *this;
    result.steps_.push_back({std::string(name), occurrence});
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_plain))
        result.path_ += "[" + one_line(in_words(std::string(name))) + "]";
    else
        result.path_ += (path_.empty() ? "" : ".") + std::string(name);
    return result;
}

Place Place::item(std::size_t index) const {
    Place result = *this;
    result.path_ += "[" + std::to_string(index) + "]";
    result.steps_.push_back({std::nullopt, index});
    return result;
}

void Place::problem(std::string_view message) const {
    problems_->push_back({path_, one_line(message), steps_, {}, {}});
}

void Place::unexpected(const Value& found, std::string_view expected, std::string_view why) const {
    std::string message = "found " + in_words(found) + ", expected " + std::string(expected);
    if (!why.empty()) message += ": " + std::string(why);
    problem(message);
}

}  // namespace forecastd::config
