// The limit of a point's size, its newline included.
#include <doctest/doctest.h>

#include "unit/lineprotocol/reading.hpp"

namespace forecastd::lineprotocol {

using Events = std::vector<std::string>;

namespace {

const std::string too_long =
    "column 1: expected a point of at most 10 bytes (limits.max_line_bytes), found no end of it there";

// The same in one chunk, byte by byte, and split at every byte.
Events read_all_ways(const std::string& text, std::size_t limit) {
    const Events whole = read(text, {}, limit);
    CHECK(read(text, every(1, text.size()), limit) == whole);
    for (std::size_t cut = 1; cut < text.size(); ++cut) CHECK(read(text, {cut}, limit) == whole);
    return whole;
}

}  // namespace

TEST_CASE("the newline counts: ten bytes fit into ten, eleven do not") {
    CHECK(read_all_ways("m v=12345\nn v=1\n", 10) ==
          Events{"m v=12345 => m|1|v=real:12345|no time newline", "n v=1 => n|1|v=real:1|no time newline"});
    CHECK(read_all_ways("m v=123456\nn v=1\n", 10) ==
          Events{"! line 1, " + too_long, "n v=1 => n|1|v=real:1|no time newline"});
    CHECK(read_all_ways("m v=1234\r\nn v=1\n", 10).size() == 2);
    CHECK(read_all_ways("m v=12345\r\nn v=1\n", 10).front() == "! line 1, " + too_long);
}

TEST_CASE("at the end of input the newline that is not there counts, too") {
    CHECK(read_all_ways("m v=12345", 10) == Events{"m v=12345 => m|1|v=real:12345|no time"});
    CHECK(read_all_ways("m v=123456", 10) == Events{"! line 1, " + too_long});
}

TEST_CASE("blanks and comments before a point do not count") {
    CHECK(read_all_ways("# a long comment\n             m v=12345\n", 10).size() == 1);
}

TEST_CASE("an error within the limit is told as such, one beyond it is not seen") {
    CHECK(read_all_ways("m v=1 x__________\n", 10) ==
          Events{"! line 1, column 7: expected a time in nanoseconds, or the line's end, found 'x'"});
    CHECK(read_all_ways("m v=1 123x\n", 10) ==
          Events{"! line 1, column 10: expected the line's end after the time, found 'x'"});
    CHECK(read_all_ways("m v=1 1234x\n", 10) == Events{"! line 1, " + too_long});
}

TEST_CASE("after the limit it goes on behind the first newline of the point") {
    CHECK(
        read_all_ways("m s=\"aaaa\nbb\" 5\nn v=1\n", 10) ==
        Events{"! line 1, " + too_long,
               "! line 2, column 6: expected '=' and a value after the field key, found the end of the line",
               "n v=1 => n|1|v=real:1|no time newline"});
    CHECK(read_all_ways("m s=\"aaaaa\nn v=1\n", 10) ==
          Events{"! line 1, " + too_long, "n v=1 => n|1|v=real:1|no time newline"});
    CHECK(read_all_ways("m s=\"a\nn v=1\nn v=2\nn v=3", 10) ==
          Events{"! line 1, " + too_long, "n v=1 => n|1|v=real:1|no time newline",
                 "n v=2 => n|1|v=real:2|no time newline", "n v=3 => n|1|v=real:3|no time"});
    // No newline within the limit: the whole line goes.
    CHECK(read_all_ways("m s=\"aaaaaaaaaaaa\" 5 x y z\nn v=1\n", 10) ==
          Events{"! line 1, " + too_long, "n v=1 => n|1|v=real:1|no time newline"});
}

TEST_CASE("an unclosed quote does not fill the memory") {
    constexpr std::size_t limit = 4096;
    Reader reader(limit);
    Points points;
    LineError error;
    std::size_t errors = 0, largest = 0;
    const std::string_view head = "m s=\"";
    std::copy(head.begin(), head.end(), reader.space(head.size()).begin());
    reader.filled(head.size());
    for (int i = 0; i < 1000; ++i) {
        const auto space = reader.space(100);
        largest = std::max(largest, space.size());
        std::fill_n(space.begin(), 100, 'a');
        reader.filled(100);
        if (reader.next(points, error) == Outcome::error) ++errors;
    }
    CHECK(errors == 1);
    CHECK(largest < 4 * limit);
    CHECK(points.points.empty());
}

}  // namespace forecastd::lineprotocol
