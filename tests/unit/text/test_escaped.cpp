// Text that cannot do anything to a terminal.
#include <doctest/doctest.h>

#include "text/escaped.hpp"

namespace forecastd::text {

TEST_CASE("plain text stays as it is, in every language, with its backslashes") {
    for (const char* const plain :
         {"", "a line of 'text', \\x1b as well", "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x8d\xba", "\xc2\xa0"})
        CHECK(escaped(plain) == plain);
}

TEST_CASE("control characters are written by their bytes") {
    CHECK(escaped("\x1b[2Jx") == "\\x1b[2Jx");
    CHECK(escaped("a\r\nb\tc") == "a\\x0d\\x0ab\\x09c");
    CHECK(escaped(std::string_view("\0\x01\x1f\x7f", 4)) == "\\x00\\x01\\x1f\\x7f");
    // C1, such as CSI, in UTF-8 and as a byte.
    CHECK(escaped("\xc2\x80|\xc2\x9b\x32J|\xc2\x9f") == "\\xc2\\x80|\\xc2\\x9b2J|\\xc2\\x9f");
    CHECK(escaped("\x9b\x32J") == "\\x9b2J");
}

TEST_CASE("bytes that are not UTF-8 are written as such") {
    CHECK(escaped("\xff\xc3(\xe2\x82") == "\\xff\\xc3(\\xe2\\x82");
    CHECK(escaped("\xed\xa0\x80\xc0\x8a") == "\\xed\\xa0\\x80\\xc0\\x8a");
}

TEST_CASE("no byte that a terminal obeys is left") {
    for (int first = 0; first < 256; ++first)
        for (int second = 0; second < 256; ++second) {
            const std::string text{static_cast<char>(first), static_cast<char>(second)};
            const std::string result = escaped(text);
            CHECK(result.size() >= 2);
            for (std::size_t i = 0; i < result.size(); ++i) {
                const auto byte = static_cast<unsigned char>(result[i]);
                if (byte < 0x20 || byte == 0x7f) FAIL_CHECK("control byte");
                if (byte >= 0x80 && byte < 0xa0 &&
                    (i == 0 || static_cast<unsigned char>(result[i - 1]) < 0xc3))
                    FAIL_CHECK("C1");
            }
        }
}

}  // namespace forecastd::text
