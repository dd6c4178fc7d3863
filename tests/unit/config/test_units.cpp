#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "config/units.hpp"

namespace {

using namespace forecastd::config;

constexpr std::int64_t second = 1'000'000'000;

// The value, or why it was refused.
std::string duration(std::string_view text) {
    const auto ns = parse_duration(text);
    return ns ? std::to_string(*ns) : ns.error().text;
}

std::string size_of(std::string_view text) {
    const auto bytes = parse_size(text);
    return bytes ? std::to_string(*bytes) : bytes.error().text;
}

TEST_CASE("durations are read as in Go, and with d, w and min") {
    const std::vector<std::pair<std::string, std::int64_t>> good{
        {"10s", 10 * second},
        {"1h30m", 5400 * second},
        {"500ms", second / 2},
        {"1us", 1000},
        {"1\u00b5s", 1000},
        {"1\u03bcs", 1000},
        {"1ns", 1},
        {"1.5s", second * 3 / 2},
        {"0.1s", second / 10},
        {"1d", 86400 * second},
        {"2w", 14 * 86400 * second},
        {"5min", 300 * second},
        {"5m", 300 * second},
        {"0", 0},
        {"0s", 0},
        {"1m1m", 120 * second},
        {"1.5d12h", 48 * 3600 * second},
        {"007s", 7 * second},
        {"9223372036854775807ns", std::numeric_limits<std::int64_t>::max()}};
    for (const auto& each : good)
        CHECK_MESSAGE(duration(each.first) == std::to_string(each.second), each.first);
}

TEST_CASE("what is no duration is refused with a sentence") {
    const std::string units = "; the units are ns, us, ms, s, min, m, h, d, w";
    CHECK(duration("") == "it is empty");
    CHECK(duration("10") == "the unit is missing" + units);
    CHECK(duration("1h5") == "the unit is missing" + units);
    CHECK(duration("10 s") == "there is no unit ' s'" + units);
    CHECK(duration("10S") == "there is no unit 'S'" + units);
    CHECK(duration("3 parsecs") == "there is no unit ' parsecs'" + units);
    CHECK(duration("-5s") == "'-5s' does not begin with a number such as 10 or 1.5");
    CHECK(duration("s") == "'s' does not begin with a number such as 10 or 1.5");
    CHECK(duration(".5s") == "'.5s' does not begin with a number such as 10 or 1.5");
    CHECK(duration("1.s") == "'1.s' does not begin with a number such as 10 or 1.5");
    CHECK(duration("99999999999999999999s") == "it is too large");
    CHECK(duration("20000w") == "it is too large");
    CHECK(duration("10000w10000w") == "it is too large");
    CHECK(duration(std::string(65, '1')) == "it is too long");
}

TEST_CASE("durations are written so that they are read back") {
    CHECK(format_duration(0) == "0s");
    CHECK(format_duration(5400 * second) == "1h30m");
    CHECK(format_duration(10 * second) == "10s");
    CHECK(format_duration(86400 * second) == "1d");
    CHECK(format_duration(15 * 86400 * second) == "15d");
    CHECK(format_duration(second * 3 / 2) == "1s500ms");
    for (const std::int64_t ns :
         {std::int64_t{1}, std::int64_t{1'234'567'891'234'567}, std::numeric_limits<std::int64_t>::max()})
        CHECK(duration(format_duration(ns)) == std::to_string(ns));
}

TEST_CASE("sizes count KB in thousands and KiB in 1024s") {
    const std::vector<std::pair<std::string, std::int64_t>> good{{"65536", 65536},
                                                                 {"64KB", 64000},
                                                                 {"64KiB", 65536},
                                                                 {"2GB", 2'000'000'000},
                                                                 {"512MiB", 512 << 20},
                                                                 {"1.5MB", 1'500'000},
                                                                 {"1TiB", std::int64_t{1} << 40},
                                                                 {"10B", 10},
                                                                 {"0", 0}};
    for (const auto& each : good)
        CHECK_MESSAGE(size_of(each.first) == std::to_string(each.second), each.first);
    const std::string units = "; the units are B, KB, KiB, MB, MiB, GB, GiB, TB, TiB";
    CHECK(size_of("2XB") == "there is no unit 'XB'" + units);
    CHECK(size_of("2kb") == "there is no unit 'kb'" + units);
    CHECK(size_of("-1") == "'-1' does not begin with a number such as 10 or 1.5");
    CHECK(size_of("") == "it is empty");
    CHECK(size_of("10000000TiB") == "it is too large");
}

TEST_CASE("sizes are written in the greatest unit that keeps them whole") {
    CHECK(format_size(0) == "0");
    CHECK(format_size(std::int64_t{2} << 30) == "2GiB");
    CHECK(format_size(2'000'000'000) == "2GB");
    CHECK(format_size(65536) == "64KiB");
    CHECK(format_size(64000) == "64KB");
    CHECK(format_size(1234) == "1234");
}

}  // namespace
