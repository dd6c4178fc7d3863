// Values at the edges of their ranges.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "lineprotocol/values.hpp"

namespace forecastd::lineprotocol {
namespace {

FieldView field(FieldType type, std::string_view value) { return {"v", value, type}; }

}  // namespace

TEST_CASE("integers to the edges of 64 bits") {
    CHECK(fits(field(FieldType::integer, "9223372036854775807")));
    CHECK(fits(field(FieldType::integer, "-9223372036854775808")));
    CHECK_FALSE(fits(field(FieldType::integer, "9223372036854775808")));
    CHECK_FALSE(fits(field(FieldType::integer, "-9223372036854775809")));
    CHECK_FALSE(fits(field(FieldType::integer, "99999999999999999999999")));
    CHECK(fits(field(FieldType::uinteger, "18446744073709551615")));
    CHECK_FALSE(fits(field(FieldType::uinteger, "18446744073709551616")));
    CHECK(to_integer(field(FieldType::integer, "-9223372036854775808")) ==
          std::numeric_limits<std::int64_t>::min());
    CHECK(to_integer(field(FieldType::integer, "9223372036854775807")) ==
          std::numeric_limits<std::int64_t>::max());
    CHECK(to_integer(field(FieldType::integer, "-0")) == 0);
    CHECK(to_uinteger(field(FieldType::uinteger, "18446744073709551615")) ==
          std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("reals to the edges of a double, in every form") {
    using limits = std::numeric_limits<double>;
    CHECK(to_real(field(FieldType::real, "1.7976931348623157e308")) == limits::max());
    CHECK(to_real(field(FieldType::real, "-1.7976931348623157E+308")) == -limits::max());
    CHECK(to_real(field(FieldType::real, "2.2250738585072014e-308")) == limits::min());
    CHECK(to_real(field(FieldType::real, "4.9406564584124654e-324")) == limits::denorm_min());
    CHECK(to_real(field(FieldType::real, "1e-400")) == 0);
    CHECK(to_real(field(FieldType::real, ".5")) == 0.5);
    CHECK(to_real(field(FieldType::real, "-.5")) == -0.5);
    CHECK(to_real(field(FieldType::real, "1.")) == 1);
    CHECK(to_real(field(FieldType::real, "01")) == 1);
    CHECK(to_real(field(FieldType::real, ".5e5")) == 50'000);
    CHECK(std::signbit(to_real(field(FieldType::real, "-0"))));
    // 2^53 + 1 lies between two doubles; the even one is taken.
    CHECK(to_real(field(FieldType::real, "9007199254740993")) == 9007199254740992.0);
    // 5e-324 as Telegraf sends it, without an exponent.
    CHECK(to_real(field(FieldType::real, "0." + std::string(323, '0') + "5")) == limits::denorm_min());
}

TEST_CASE("what overflows is not finite; what underflows is") {
    CHECK(is_finite("1.7976931348623157e308"));
    CHECK(is_finite("1.7976931348623158e308"));  // rounds to the greatest double
    CHECK_FALSE(is_finite("1.7976931348623159e308"));
    CHECK_FALSE(is_finite("1e309"));
    CHECK_FALSE(is_finite("-1e400"));
    CHECK(is_finite("1e-400"));
    CHECK(is_finite("0e999999999"));
}

TEST_CASE("booleans: ten forms and no other") {
    for (const char* form : {"t", "T", "true", "True", "TRUE", "f", "F", "false", "False", "FALSE"}) {
        CHECK(is_boolean(form));
        CHECK(to_boolean(field(FieldType::boolean, form)) == (form[0] == 't' || form[0] == 'T'));
    }
    for (const char* form : {"", "tr", "tRUE", "TRue", "truee", "yes", "no", "0", "1"})
        CHECK_FALSE(is_boolean(form));
}

TEST_CASE("numbers of three kinds as a double") {
    CHECK(to_number(field(FieldType::real, "1.5")) == 1.5);
    CHECK(to_number(field(FieldType::integer, "-3")) == -3);
    CHECK(to_number(field(FieldType::integer, "-9223372036854775808")) == -0x1p63);
    CHECK(to_number(field(FieldType::uinteger, "18446744073709551615")) == 0x1p64);
    CHECK(std::isnan(to_number(field(FieldType::boolean, "true"))));
    CHECK(std::isnan(to_number(field(FieldType::string, "5"))));
    CHECK(is_number(FieldType::real));
    CHECK(is_number(FieldType::integer));
    CHECK(is_number(FieldType::uinteger));
    CHECK_FALSE(is_number(FieldType::boolean));
    CHECK_FALSE(is_number(FieldType::string));
}

}  // namespace forecastd::lineprotocol
