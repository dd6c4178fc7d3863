// Eight digits at once against one at a time.
#include <doctest/doctest.h>

#include <random>
#include <string>

#include "lineprotocol/bytes.hpp"

namespace forecastd::lineprotocol {
namespace {

bool same_as_a_loop(const char* text) {
    bool digits = true;
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) {
        digits = digits && text[i] >= '0' && text[i] <= '9';
        number = number * 10 + static_cast<std::uint64_t>(text[i] - '0');
    }
    return are_eight_digits(text) == digits && (!digits || eight_digits(text) == number);
}

}  // namespace

TEST_CASE("every byte in every place among digits") {
    for (const char* around : {"00000000", "99999999", "12345678", "90909090"})
        for (std::size_t place = 0; place < 8; ++place)
            for (int byte = 0; byte < 256; ++byte) {
                std::string text(around);
                text[place] = static_cast<char>(byte);
                const bool same = same_as_a_loop(text.data());
                if (!same) CHECK_MESSAGE(same, text);
            }
}

TEST_CASE("every pair of bytes side by side") {
    for (std::size_t place = 0; place < 7; ++place)
        for (int first = 0; first < 256; ++first)
            for (int second = 0; second < 256; ++second) {
                std::string text("59059059");
                text[place] = static_cast<char>(first);
                text[place + 1] = static_cast<char>(second);
                const bool same = same_as_a_loop(text.data());
                if (!same) CHECK_MESSAGE(same, text);
            }
}

TEST_CASE("random digits and random bytes") {
    std::mt19937_64 random(1);
    std::size_t different = 0;
    for (int i = 0; i < 1'000'000; ++i) {
        char digits[8], bytes[8];
        for (char& c : digits) c = static_cast<char>('0' + random() % 10);
        const std::uint64_t any = random();
        std::memcpy(bytes, &any, sizeof bytes);
        different += !same_as_a_loop(digits) + !same_as_a_loop(bytes);
    }
    CHECK(different == 0);
}

TEST_CASE("classes of bytes") {
    const std::string blank = " \t\v\f", forbidden = "\t\n\v\f\r";
    for (int i = 0; i < 256; ++i) {
        const auto c = static_cast<char>(i);
        CHECK(is_digit(c) == (i >= '0' && i <= '9'));
        CHECK(is_blank(c) == (blank.find(c) != std::string::npos));
        CHECK(is_forbidden_in_name(c) == (forbidden.find(c) != std::string::npos));
        const bool stops = is_forbidden_in_name(c) || c == ' ' || c == ',' || c == '\\';
        CHECK(stops_measurement(c) == stops);
        CHECK(stops_name(c) == (stops || c == '='));
    }
}

}  // namespace forecastd::lineprotocol
