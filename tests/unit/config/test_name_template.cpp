#include <doctest/doctest.h>

#include "config/name_template.hpp"

namespace {

using forecastd::config::measurement_placeholder;
using forecastd::config::NameTemplate;

TEST_CASE("a name with a placeholder") {
    const NameTemplate name("a_{measurement}_b", measurement_placeholder);
    CHECK_FALSE(name.is_plain);
    CHECK(name.with("x") == "a_x_b");
    CHECK(name.match("a_x_b") == "x");
    for (const char* other : {"a_x_c", "b_x_b", "a__b", "a_b", "", "a_"}) CHECK_FALSE(name.match(other));
}

TEST_CASE("a plain name, shorter than the placeholder or longer") {
    for (const char* text : {"b", "a_plain_name_of_some_length"}) {
        const NameTemplate name(text, measurement_placeholder);
        CHECK(name.is_plain);
        CHECK(name.with("x") == text);
        CHECK(name.match(text) == "");
        CHECK_FALSE(name.match(std::string(text) + "x"));
    }
}

}  // namespace
