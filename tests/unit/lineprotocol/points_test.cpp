// What a point is read as.
#include <doctest/doctest.h>

#include "unit/lineprotocol/reading.hpp"

namespace forecastd::lineprotocol {

using Events = std::vector<std::string>;

TEST_CASE("a point with tags, all kinds of fields and a time") {
    CHECK(read("cpu,host=a,zone=b v=1.5,n=-3i,u=4u,up=true,s=\"x y\" 1700000000000000000\n") ==
          Events{"cpu,host=a,zone=b v=1.5,n=-3i,u=4u,up=true,s=\"x y\" 1700000000000000000 => "
                 "cpu,host=a,zone=b|3|v=real:1.5|n=integer:-3|u=uinteger:4|up=boolean:true|s=string:x y|"
                 "1700000000000000000 newline string"});
}

TEST_CASE("times") {
    CHECK(read("m v=1\n") == Events{"m v=1 => m|1|v=real:1|no time newline"});
    CHECK(read("m v=1 -0\n") == Events{"m v=1 -0 => m|1|v=real:1|0 newline"});
    for (const char* time : {"0", "-5", "7", "12345678", "123456789", "1234567890123456", "12345678901234567",
                             "9223372036854775807", "-9223372036854775808", "-1234567890123456789"})
        CHECK(read("m v=1 " + std::string(time) + "\n") ==
              Events{"m v=1 " + std::string(time) + " => m|1|v=real:1|" + time + " newline"});
    CHECK(read("m v=1 0000000000000000012\n").front().find("|12 newline") != std::string::npos);
}

TEST_CASE("blanks between the parts are space, tab, vertical tab and form feed, any number of them") {
    CHECK(read("  \t m \t\v v=1 \f  5 \t\n") == Events{"m \t\v v=1 \f  5 \t => m|1|v=real:1|5 newline"});
    CHECK(read("m v=1 \n") == Events{"m v=1  => m|1|v=real:1|no time newline"});
}

TEST_CASE("blank lines and comments are passed over, also in other shapes") {
    CHECK(read("\n\n \t\n# a \"comment\\\n  # another\nm v=1\n#") ==
          Events{"m v=1 => m|1|v=real:1|no time newline"});
    CHECK(read("").empty());
    CHECK(read("# to the end").empty());
    CHECK(read(" \r\n\r\n").empty());
}

TEST_CASE("line ends: CRLF is left out of the bytes, the last may lack") {
    CHECK(read("m v=1 5\r\nn v=2\r\n") ==
          Events{"m v=1 5 => m|1|v=real:1|5", "n v=2 => n|1|v=real:2|no time"});
    CHECK(read("m v=1 5") == Events{"m v=1 5 => m|1|v=real:1|5"});
    CHECK(read("m v=1") == Events{"m v=1 => m|1|v=real:1|no time"});
    CHECK(read("m v=t") == Events{"m v=t => m|1|v=boolean:t|no time"});
    CHECK(read("m v=1 5\r") == Events{"m v=1 5 => m|1|v=real:1|5"});
    CHECK(read("m v=1\r") == Events{"m v=1 => m|1|v=real:1|no time"});
    CHECK(read("\r").empty());
}

TEST_CASE("a string holds any byte, and escapes stay as they are") {
    const std::string text = "m s=\"a\nb\r\n,= #\\\"\\\\\\n\",v=2i 5\n";
    CHECK(read(text) == Events{"m s=\"a\nb\r\n,= #\\\"\\\\\\n\",v=2i 5 => "
                               "m|1|s=string:a\nb\r\n,= #\\\"\\\\\\n|v=integer:2|5 newline string"});
    CHECK(read("m s=\"\"\n") == Events{"m s=\"\" => m|1|s=string:|no time newline string"});
    const std::string zero("m s=\"\0\"\n", 8);
    CHECK(read(zero) == Events{std::string("m s=\"\0\" => m|1|s=string:\0|no time newline string", 48)});
}

TEST_CASE("backslashes in names") {
    SUBCASE("in measurements and field keys they go in pairs") {
        CHECK(read("a\\\\,t=1 v=1\n").front() == "a\\\\,t=1 v=1 => a\\\\,t=1|3|v=real:1|no time newline");
        CHECK(read("a\\\\\\,t v=1\n").front() == "a\\\\\\,t v=1 => a\\\\\\,t|6|v=real:1|no time newline");
        CHECK(read("m a\\\\=1\n").front() == "m a\\\\=1 => m|1|a\\\\=real:1|no time newline");
        CHECK(read("m a\\ b\\==1\n").front() == "m a\\ b\\==1 => m|1|a\\ b\\==real:1|no time newline");
    }
    SUBCASE("in tags the last one counts") {
        CHECK(read("m,a=x\\\\\\,b v=1\n").front() ==
              "m,a=x\\\\\\,b v=1 => m,a=x\\\\\\,b|1|v=real:1|no time newline");
        CHECK(read("m,a=x\\\\,b=1 v=1\n").front().substr(0, 2) == "! ");
        CHECK(read("m,\\==\\  v=1\n").front() == "m,\\==\\  v=1 => m,\\==\\ |1|v=real:1|no time newline");
    }
    SUBCASE("quotes mean nothing") {
        CHECK(read("m,a=\"x\" v=1\n").front() == "m,a=\"x\" v=1 => m,a=\"x\"|1|v=real:1|no time newline");
    }
    SUBCASE("an equals sign in a measurement is plain") {
        CHECK(read("a=b v=1\n").front() == "a=b v=1 => a=b|3|v=real:1|no time newline");
    }
}

TEST_CASE("bytes that are not UTF-8 and control bytes are taken in names") {
    CHECK(read("\xff\x01,\xfe=\x7f \x80=1\n").front() ==
          "\xff\x01,\xfe=\x7f \x80=1 => \xff\x01,\xfe=\x7f|2|\x80=real:1|no time newline");
}

// Accepted and rejected values: the table of section 2 of the notes on line protocol, made with Telegraf's
// own parser.
TEST_CASE("forms of numbers and booleans") {
    for (const char* good : {"1",
                             "1.",
                             ".5",
                             "-.5",
                             "01",
                             "1e5",
                             "1E+5",
                             ".5e5",
                             "1e-400",
                             "-0",
                             "0i",
                             "-0i",
                             "-1i",
                             "9223372036854775807i",
                             "-9223372036854775808i",
                             "0u",
                             "18446744073709551615u",
                             "t",
                             "T",
                             "true",
                             "True",
                             "TRUE",
                             "f",
                             "F",
                             "false",
                             "False",
                             "FALSE",
                             "1.7976931348623157e308",
                             "000000000000000000000000000000001"})
        CHECK_MESSAGE(read("m v=" + std::string(good) + "\n").front().substr(0, 2) == "m ", good);
    for (const char* bad : {"+1",
                            ".",
                            "-",
                            "1e",
                            "1e+",
                            "1e400",
                            "-1e400",
                            "NaN",
                            "Inf",
                            "0x10",
                            "1_000",
                            "1f",
                            "01i",
                            "+1i",
                            "1.0i",
                            "1e3i",
                            "1I",
                            "-01i",
                            "9223372036854775808i",
                            "-9223372036854775809i",
                            "01u",
                            "-0u",
                            "-1u",
                            "1U",
                            "18446744073709551616u",
                            "tRUE",
                            "yes",
                            "1b",
                            "truee",
                            "--1",
                            "1.2.3",
                            "i",
                            "u",
                            "-i",
                            "1ii"})
        CHECK_MESSAGE(read("m v=" + std::string(bad) + "\n").front().substr(0, 2) == "! ", bad);
    CHECK(read("m v=" + std::string(308, '9') + "\n").front().substr(0, 2) == "m ");
    CHECK(read("m v=" + std::string(310, '9') + "\n").front().substr(0, 2) == "! ");
    CHECK(read("m v=0." + std::string(400, '9') + "\n").front().substr(0, 2) == "m ");
}

}  // namespace forecastd::lineprotocol
