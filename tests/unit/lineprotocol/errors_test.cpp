// Each fault of a point: its sentence, its place, and that reading goes on behind it.
#include <doctest/doctest.h>

#include "unit/lineprotocol/reading.hpp"

namespace forecastd::lineprotocol {

using Events = std::vector<std::string>;

namespace {

struct Case {
    const char* text;
    const char* error;
};

// Lines and columns are counted by hand.
const Case cases[] = {
    {"m",
     "line 1, column 2: expected a space and then fields, or a comma and then tags, found the end of the "
     "line"},
    {",a=b v=1", "line 1, column 1: expected a measurement name, found ','"},
    {"m\\\tx v=1",
     "line 1, column 3: expected another byte than a tab or line end after the backslash in the measurement, "
     "found a tab"},
    {"m\rv=1",
     "line 1, column 2: expected a space and then fields, or a comma and then tags, found a carriage return"},
    {"m, v=1",
     "line 1, column 3: expected a tag key after the comma (a comma in a name is written '\\,'), found a "
     "space"},
    {"m,=b v=1",
     "line 1, column 3: expected a tag key after the comma (a comma in a name is written '\\,'), found '='"},
    {"m,a v=1", "line 1, column 4: expected '=' and a value after the tag key, found a space"},
    {"m,a= v=1", "line 1, column 5: expected a tag value after '=', found a space"},
    {"m,a=b=c v=1",
     "line 1, column 6: expected a comma or a space after the tag value ('=' in it is written '\\='), found "
     "'='"},
    {"m,a=b",
     "line 1, column 6: expected a space and then fields, or a comma and another tag, found the end of the "
     "line"},
    {"m,a=\\",
     "line 1, column 6: expected another byte than a tab or line end after the backslash in the tag, "
     "found the end of the line"},
    {"m,a=b ", "line 1, column 7: expected a field key, found the end of the line"},
    {"m ,v=1", "line 1, column 3: expected a field key, found ','"},
    {"m v=1,", "line 1, column 7: expected a field key, found the end of the line"},
    {"m v=1, w=2", "line 1, column 7: expected a field key, found a space"},
    {"m \\\tv=1",
     "line 1, column 4: expected another byte than a tab or line end after the backslash in the field key, "
     "found a tab"},
    {"m v 1", "line 1, column 4: expected '=' and a value after the field key, found a space"},
    {"m v=tru", "line 1, column 5: expected true, t, false, f or their capitals, found 't'"},
    {"m v=x", "line 1, column 5: expected a number, a quoted string, or true or false, found 'x'"},
    {"m v=\x01", "line 1, column 5: expected a number, a quoted string, or true or false, found byte 0x01"},
    {"m v=\xc3\xa4",
     "line 1, column 5: expected a number, a quoted string, or true or false, found byte 0xc3"},
    {"m v=",
     "line 1, column 5: expected a number, a quoted string, or true or false, found the end of the line"},
    {"m v=-.",
     "line 1, column 7: expected a number, a quoted string, or true or false, found the end of the line"},
    {"m v=1e", "line 1, column 7: expected digits after the exponent's 'e', found the end of the line"},
    {"m v=1e400", "line 1, column 10: expected a number below 1.8e308 in size, found the end of the line"},
    {"m v=i", "line 1, column 5: expected digits before the suffix, found 'i'"},
    {"m v=01i", "line 1, column 7: expected an integer without leading zeros, found 'i'"},
    {"m v=-1u", "line 1, column 7: expected an unsigned integer without a sign, found 'u'"},
    {"m v=9223372036854775808i",
     "line 1, column 25: expected an integer from -9223372036854775808 to 9223372036854775807, "
     "found the end of the line"},
    {"m v=18446744073709551616u",
     "line 1, column 26: expected an unsigned integer of at most 18446744073709551615, found the end of the "
     "line"},
    {"m v=\"a\"b",
     "line 1, column 8: expected a comma, a space or the line's end after the field's value, found 'b'"},
    {"m v=1\"",
     "line 1, column 6: expected a comma, a space or the line's end after the field's value, found a quote"},
    {"m v=1 -",
     "line 1, column 8: expected a time in nanoseconds, or the line's end, found the end of the line"},
    {"m v=1 # no", "line 1, column 7: expected a time in nanoseconds, or the line's end, found '#'"},
    {"m v=1 1.0", "line 1, column 8: expected the line's end after the time, found '.'"},
    {"m v=1 12345678901234567890", "line 1, column 26: expected a time of at most 19 digits, found '0'"},
    {"m v=1 9223372036854775808",
     "line 1, column 26: expected a time within 64 bits of nanoseconds, the years 1678 to 2262, "
     "found the end of the line"},
    {"m v=1 -9223372036854775809",
     "line 1, column 27: expected a time within 64 bits of nanoseconds, the years 1678 to 2262, "
     "found the end of the line"},
    {"m v=1 5 x", "line 1, column 9: expected the line's end, found 'x'"},
    {"m v=1 5\rx", "line 1, column 9: expected a newline after the carriage return, found 'x'"},
    {"m v=1 5\r\r",
     "line 1, column 9: expected a newline after the carriage return, found a carriage return"},
    {"\rx", "line 1, column 2: expected a newline after the carriage return, found 'x'"},
    {"  \rx", "line 1, column 4: expected a newline after the carriage return, found 'x'"},
    {"  m",
     "line 1, column 4: expected a space and then fields, or a comma and then tags, found the end of the "
     "line"},
};

}  // namespace

TEST_CASE("each fault has a sentence and a place, and the next line is read") {
    for (const Case& one : cases) {
        CAPTURE(one.text);
        CHECK(read(std::string(one.text) + "\nok v=1 7\n") ==
              Events{std::string("! ") + one.error, "ok v=1 7 => ok|2|v=real:1|7 newline"});
    }
}

TEST_CASE("lines are counted over points, comments, blank lines, strings and bad points") {
    const std::string before = "m v=1\r\n\n# c\n \t\nm s=\"\n\n\"\nbad\n";  // 9 lines
    for (const Case& one : cases) {
        std::string expected = one.error;
        expected.replace(expected.find("line 1,"), 7, "line 9,");
        CHECK(read(before + one.text + "\n").back() == "! " + expected);
    }
}

TEST_CASE("at the end of the input") {
    CHECK(read("m v=") == Events{"! line 1, column 5: expected a number, a quoted string, or true or false, "
                                 "found the end of the input"});
    CHECK(read("m,a=\\") == Events{"! line 1, column 6: expected another byte than a tab or line end after "
                                   "the backslash in the tag, "
                                   "found the end of the input"});
    CHECK(read("m v=1e400") ==
          Events{"! line 1, column 10: expected a number below 1.8e308 in size, found the end of the input"});
    CHECK(
        read("m v=1 9223372036854775808") ==
        Events{"! line 1, column 26: expected a time within 64 bits of nanoseconds, the years 1678 to 2262, "
               "found the end of the input"});
    CHECK(read("m v=tru") ==
          Events{"! line 1, column 5: expected true, t, false, f or their capitals, found 't'"});
}

TEST_CASE("a point over several lines names the line that it began on") {
    CHECK(
        read("\nm s=\"a\nb\" x\nm v=1 5\n") ==
        Events{"! line 3, column 4: expected a time in nanoseconds, or the line's end, found 'x' "
               "(in the point that begins on line 2)",
               "! line 3, column 5: expected '=' and a value after the field key, found the end of the line",
               "m v=1 5 => m|1|v=real:1|5 newline"});
}

TEST_CASE("an unclosed quote is shown where it stands, and the lines behind it are read") {
    const std::string unclosed =
        "column 5: expected a closing quote for the string that begins here, found the end of the input";
    CHECK(read("m v=1\nm s=\"a\nm v=2\n") == Events{"m v=1 => m|1|v=real:1|no time newline",
                                                    "! line 2, " + unclosed,
                                                    "m v=2 => m|1|v=real:2|no time newline"});
    CHECK(read("m s=\"a\\\"") == Events{"! line 1, " + unclosed});
    CHECK(read("m s=\"a\\") == Events{"! line 1, " + unclosed});
}

TEST_CASE("a quote that the next one closes: an error behind it costs the first line alone") {
    CHECK(read("m s=\"a\nm v=1 5\nm t=\"x\" 6\nm v=3 7\n") ==
          Events{"! line 3, column 6: expected a comma, a space or the line's end after the field's value, "
                 "found 'x' (in the point that begins on line 1)",
                 "m v=1 5 => m|1|v=real:1|5 newline", "m t=\"x\" 6 => m|1|t=string:x|6 newline string",
                 "m v=3 7 => m|1|v=real:3|7 newline"});
    // A point with a string of several lines that is wrong behind it: the lines of the string are read, too.
    CHECK(read("m s=\"a\nn\nk v=1 5\n\",x=bad 5\nm v=3 7\n").size() == 5);
}

TEST_CASE("a quote that the next one closes, and what follows fits: one point") {
    CHECK(read("m s=\"a\nm v=1 5\nm t=\" 6\nm v=3 7\n") ==
          Events{"m s=\"a\nm v=1 5\nm t=\" 6 => m|1|s=string:a\nm v=1 5\nm t=|6 newline string",
                 "m v=3 7 => m|1|v=real:3|7 newline"});
}

TEST_CASE("the bytes of bad lines are counted, those of comments and points are not") {
    const auto rejected = [](const std::string& text, std::size_t size, bool at_end) {
        Reader reader(10);
        Points points;
        LineError error;
        for (std::size_t at = 0; at < text.size(); at += size) {
            const std::string part = text.substr(at, size);
            std::copy(part.begin(), part.end(), reader.space(part.size()).begin());
            reader.filled(part.size());
            while (reader.next(points, error) != Outcome::incomplete) points.clear();
        }
        if (at_end) reader.end_of_input();
        while (reader.next(points, error) != Outcome::incomplete) points.clear();
        return reader.rejected_bytes();
    };
    const std::string text = "m v=1\n# bad\n\nbad\nm v=2\n \rbad\r\nm s=\"aaaaaaaa\nm v=1\n\" v=1\nbad";
    for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{7}, text.size()}) {
        CHECK(rejected(text, size, true) == 4 + 6 + 14 + 0 + 6 - 6 + 3);
        CHECK(rejected(text, size, false) == 4 + 6 + 14);
    }
}

TEST_CASE("a bad point leaves nothing behind") {
    Reader reader;
    const std::string_view text = "m a=1,b=2,c=x\nm d=3\n";
    std::copy(text.begin(), text.end(), reader.space(text.size()).begin());
    reader.filled(text.size());
    Points points;
    LineError error;
    CHECK(reader.next(points, error) == Outcome::error);
    CHECK(points.points.empty());
    CHECK(points.fields.empty());
    CHECK(reader.next(points, error) == Outcome::point);
    CHECK(points.fields.size() == 1);
    CHECK(points.fields_of(points.points[0])[0].key == "d");
}

}  // namespace forecastd::lineprotocol
