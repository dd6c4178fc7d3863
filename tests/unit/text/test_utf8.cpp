// The rows of table 3-7 of the Unicode standard, and what lies just outside of each.
#include <doctest/doctest.h>

#include <string>

#include "text/utf8.hpp"

namespace forecastd::text {
namespace {

struct Row {
    unsigned first_low, first_high, second_low, second_high;
    std::size_t length;
};
constexpr Row rows[] = {
    {0x00, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
    {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
    {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

std::size_t by_the_table(unsigned first, unsigned second, unsigned third, unsigned fourth) {
    const auto follows = [](unsigned byte) { return byte >= 0x80 && byte <= 0xbf; };
    for (const Row& row : rows) {
        if (first < row.first_low || first > row.first_high) continue;
        if (row.length == 1) return 1;
        if (second < row.second_low || second > row.second_high) return 0;
        if (row.length >= 3 && !follows(third)) return 0;
        if (row.length == 4 && !follows(fourth)) return 0;
        return row.length;
    }
    return 0;
}

}  // namespace

TEST_CASE("every first two bytes, with good and bad ones behind") {
    std::size_t wrong = 0;
    for (unsigned first = 0; first < 256; ++first)
        for (unsigned second = 0; second < 256; ++second)
            for (const unsigned third : {0x00u, 0x7fu, 0x80u, 0xbfu, 0xc0u, 0xffu})
                for (const unsigned fourth : {0x41u, 0x7fu, 0x80u, 0xbfu, 0xc0u}) {
                    const char text[] = {static_cast<char>(first), static_cast<char>(second),
                                         static_cast<char>(third), static_cast<char>(fourth)};
                    wrong += utf8_length({text, 4}) != by_the_table(first, second, third, fourth);
                }
    CHECK(wrong == 0);
}

TEST_CASE("a sequence that the text's end cuts begins none") {
    for (const std::string whole : {"\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x8d\xba"}) {
        CHECK(utf8_length(whole) == whole.size());
        for (std::size_t size = 1; size < whole.size(); ++size)
            CHECK(utf8_length(whole.substr(0, size)) == 0);
    }
    CHECK(utf8_length("") == 0);
    CHECK(utf8_length(std::string_view("\0", 1)) == 1);
}

}  // namespace forecastd::text
