// The values of fields, from their text.
#ifndef FORECASTD_LINEPROTOCOL_VALUES_HPP
#define FORECASTD_LINEPROTOCOL_VALUES_HPP

#include <cstdint>
#include <string_view>

#include "lineprotocol/point.hpp"

namespace forecastd::lineprotocol {

// Whether a decimal number does not overflow a double. text has the form of a number.
bool is_finite(std::string_view text);

// Whether an integer fits its type's 64 bits.
bool fits(const FieldView& field);

// Whether text is one of the ten forms of a boolean.
bool is_boolean(std::string_view text);

// Numbers of the three kinds as a double; NaN for booleans and strings, which cannot be forecast.
double to_number(const FieldView& field);

inline bool is_number(FieldType type) {
    return type == FieldType::real || type == FieldType::integer || type == FieldType::uinteger;
}

// Exact values, for what needs them. The field is of that type.
double to_real(const FieldView& field);
std::int64_t to_integer(const FieldView& field);
std::uint64_t to_uinteger(const FieldView& field);
bool to_boolean(const FieldView& field);

}  // namespace forecastd::lineprotocol

#endif
