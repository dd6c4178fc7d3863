// The words of FORECASTD_DEBUG.
#include <doctest/doctest.h>

#include "process/debug.hpp"

namespace forecastd::process {

TEST_CASE("words in any order, and none") {
    CHECK_FALSE(debug_words("")->crashes);
    CHECK(debug_words("crashes")->crashes);
    CHECK_FALSE(debug_words("crashes")->guards);
    const auto both = debug_words("guards,crashes,");
    REQUIRE(both);
    CHECK(both->crashes);
    CHECK(both->guards);
    CHECK(warnings(*both).size() == 2);
    CHECK(warnings({}).empty());
}

TEST_CASE("a word that is not known is named, with those that are") {
    const auto wrong = debug_words("guards,crashed");
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().text ==
          "FORECASTD_DEBUG: there is no word 'crashed', did you mean 'crashes'? Known: crashes, guards; "
          "several "
          "have commas between them");
    CHECK_FALSE(debug_words(" guards"));
}

}  // namespace forecastd::process
