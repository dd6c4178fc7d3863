#include "engine/value_kind.hpp"

#include <doctest/doctest.h>

#include <functional>

namespace {

using forecastd::engine::ValueKind;

ValueKind of(std::size_t count, const std::function<double(std::size_t)>& value) {
    ValueKind kind;
    for (std::size_t i = 0; i < count; ++i) kind.add(value(i));
    return kind;
}

TEST_CASE("a constant") {
    const auto seven = [](std::size_t) { return 7.5; };
    CHECK(of(50, seven).is_constant());
    CHECK_FALSE(of(49, seven).is_constant());
    CHECK_FALSE(of(50, [](std::size_t i) { return i == 49 ? 8 : 7; }).is_constant());
    CHECK_FALSE(of(50, seven).only_rises());
    CHECK(of(50, seven).few_whole_numbers() == "");
}

TEST_CASE("a counter only rises, but where it begins again") {
    const auto counter = [](std::size_t i) { return static_cast<double>(3 * (i % 150)); };
    CHECK(of(100, counter).only_rises());
    CHECK(of(200, counter).only_rises());  // one fall
    CHECK_FALSE(of(49, counter).only_rises());
    CHECK_FALSE(of(100, counter).falls_often());
    CHECK_FALSE(of(200, [](std::size_t i) { return static_cast<double>(i % 20); }).only_rises());
    CHECK_FALSE(of(200, [](std::size_t i) { return static_cast<double>(i) + 0.5; }).only_rises());  // a level
    CHECK_FALSE(
        of(200, [](std::size_t i) { return static_cast<double>(i / 5); }).only_rises());  // a slow one
    CHECK(of(200, [](std::size_t i) { return static_cast<double>(i % 2); }).falls_often());
}

TEST_CASE("a few whole numbers") {
    const auto code = [](std::size_t i) { return i % 10 == 3 ? 404.0 : i % 7 == 1 ? 301.0 : 200.0; };
    CHECK(of(50, code).few_whole_numbers() == "200, 301, 404");
    CHECK(of(49, code).few_whole_numbers() == "");
    CHECK(of(100, [](std::size_t i) { return static_cast<double>(i % 5) - 2; }).few_whole_numbers() ==
          "-2, -1, 0, 1, 2");
    CHECK(of(100, [](std::size_t i) { return static_cast<double>(i % 6); }).few_whole_numbers() == "");
    CHECK(of(100, [](std::size_t i) { return static_cast<double>(i % 2) / 2; }).few_whole_numbers() == "");
    CHECK(of(100, [](std::size_t i) { return i < 50 ? 1.0 : 2.0; }).few_whole_numbers() ==
          "");  // it may grow on
}

}  // namespace
