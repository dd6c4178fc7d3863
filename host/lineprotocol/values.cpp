#include "lineprotocol/values.hpp"

#include <fast_float/fast_float.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace forecastd::lineprotocol {
namespace {

double parse_real(std::string_view text) {
    double value = 0;
    fast_float::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

template <class Integer>
bool parse_integer(std::string_view text, Integer& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

bool is_finite(std::string_view text) { return std::isfinite(parse_real(text)); }

bool fits(const FieldView& field) {
    std::int64_t integer = 0;
    std::uint64_t uinteger = 0;
    return field.type == FieldType::uinteger ? parse_integer(field.value, uinteger)
                                             : parse_integer(field.value, integer);
}

bool is_boolean(std::string_view text) {
    for (const std::string_view form :
         {"true", "false", "True", "False", "TRUE", "FALSE", "t", "f", "T", "F"})
        if (text == form) return true;
    return false;
}

double to_number(const FieldView& field) {
    switch (field.type) {
        case FieldType::real:
            return to_real(field);
        case FieldType::integer:
            return static_cast<double>(to_integer(field));
        case FieldType::uinteger:
            return static_cast<double>(to_uinteger(field));
        default:
            return std::numeric_limits<double>::quiet_NaN();
    }
}

double to_real(const FieldView& field) { return parse_real(field.value); }

std::int64_t to_integer(const FieldView& field) {
    std::int64_t value = 0;
    parse_integer(field.value, value);
    return value;
}

std::uint64_t to_uinteger(const FieldView& field) {
    std::uint64_t value = 0;
    parse_integer(field.value, value);
    return value;
}

bool to_boolean(const FieldView& field) { return field.value[0] == 't' || field.value[0] == 'T'; }

}  // namespace forecastd::lineprotocol
