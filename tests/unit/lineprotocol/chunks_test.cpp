// What comes out does not depend on where chunks end.
#include <doctest/doctest.h>

#include "unit/lineprotocol/reading.hpp"

namespace forecastd::lineprotocol {
namespace {

const std::string texts[] = {
    "cpu,host=a\\ b,zone=c v=1.5,n=-3i,u=4u,up=True,s=\"x \\\"y\\\\\" 1700000000000000000\ncpu,host=b v=2 "
    "-5\r\nn v=3",
    "m s=\"a\nb\n\",t=\"\\\\\" 5\nm v=1 7\nm s=\"\\\"\n\" \n",
    "# c \"\n\n \t\r\n  # d\nm v=1\n#x\nm v=2 \r",
    "m v=1e400\nm v=1e5\nm v=99999999999999999999i\nm v=9223372036854775807i 9223372036854775808\nm v=1 "
    "12345678901234567890\n",
    "m v=tru\nm v=true\nm v=t\nm v=trueish\nm v=1ii\nm v=01i\nm v=-1u\nm v=i\n",
    "m\nm,\nm,a\nm,a=\nm,a=b\nm,a=b \nm,a=b v\nm,a=b v=\nm,a=b v=1,\nm,a=b v=1 \nm,a=b v=1 -\n",
    "m\\\nm\\ n\\\\ v\\==1\nm,a\\=b=\\\\\\,c v=1\nm,a=b\\\nc v=1\n m v\\\t=1\n",
    "m v=1 5\rx\nm v=1\r\r\n\rm v=1\nm v=1 5 x y z\nm v=1 # c\n",
    "m s=\"a\nm v=1 5\nm t=\"x\" 6\nm v=3 7\n",
    "m s=\"never\nclosed\nm v=1\n",
    "\xff\xfe v=1\n\xc3\xa4,\xc3\xa4=\xc3 \x80=1 1\n#\xff\n",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa v=1\nm v=1\nm s=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nm v=1 "
    "5\n\nm v=2\n",
};

}  // namespace

TEST_CASE("every text split in two at every byte, and byte by byte") {
    for (const std::size_t limit :
         {no_limit, std::size_t{1}, std::size_t{2}, std::size_t{8}, std::size_t{16}, std::size_t{40}}) {
        for (const std::string& text : texts) {
            CAPTURE(text);
            CAPTURE(limit);
            const auto expected = read(text, {}, limit);
            for (std::size_t cut = 1; cut < text.size(); ++cut) CHECK(read(text, {cut}, limit) == expected);
            for (const std::size_t size : std::initializer_list<std::size_t>{1, 2, 3, 5, 7, 11})
                CHECK(read(text, every(size, text.size()), limit) == expected);
        }
    }
}

TEST_CASE("every text followed by every other, split in three") {
    for (const std::string& first : texts)
        for (const std::string& second : texts) {
            const std::string text = first + second;
            const auto expected = read(text);
            for (std::size_t cut = 1; cut + 9 < text.size(); cut += 4) {
                const auto got = read(text, {cut, cut + 5});
                if (got != expected) {
                    CAPTURE(text);
                    CHECK(got == expected);
                }
            }
        }
}

TEST_CASE("every text shortened at every byte: its end of input is the same however it came") {
    for (const std::string& text : texts)
        for (std::size_t size = 0; size < text.size(); ++size) {
            const std::string_view part = std::string_view(text).substr(0, size);
            CHECK(read(part, every(1, size)) == read(part));
        }
}

TEST_CASE("chunks that are empty change nothing") {
    CHECK(read("m s=\"a\n\" 5\n", {0, 0, 4, 4, 7, 7, 7}) == read("m s=\"a\n\" 5\n"));
}

TEST_CASE("comments and bad lines are discarded over many chunks without being kept") {
    Reader reader(64);
    Points points;
    LineError error;
    const auto feed = [&](std::string_view text) {
        const auto space = reader.space(text.size());
        CHECK(space.size() < 4096);
        std::copy(text.begin(), text.end(), space.begin());
        reader.filled(text.size());
        return reader.next(points, error);
    };
    CHECK(feed("# a comment") == Outcome::incomplete);
    for (int i = 0; i < 1000; ++i) CHECK(feed(std::string(100, '"')) == Outcome::incomplete);
    CHECK(feed("\nm v=x") == Outcome::error);
    CHECK(error.line == 2);
    for (int i = 0; i < 1000; ++i) CHECK(feed(std::string(100, '"')) == Outcome::incomplete);
    CHECK(feed("\nm v=1\n") == Outcome::point);
    CHECK(points.points.size() == 1);
    CHECK(feed("x\n") == Outcome::error);
    CHECK(error.line == 4);
    CHECK(error.column == 2);
}

TEST_CASE("columns count from the line's beginning, also when that has left the buffer") {
    const std::string text = "m s=\"" + std::string(50, 'a') + "\n" + std::string(300, 'b') + "\" x\n";
    const std::string expected =
        "! line 2, column 303: expected a time in nanoseconds, or the line's end, found 'x' (in the point "
        "that begins on "
        "line 1)";
    CHECK(read(text).front() == expected);
    CHECK(read(text, every(1, text.size())).front() == expected);
    const std::string blanks = std::string(500, ' ') + "m\n";
    CHECK(read(blanks, every(7, blanks.size())) == read(blanks));
    CHECK(read(blanks).front().substr(0, 24) == "! line 1, column 502: ex");
}

}  // namespace forecastd::lineprotocol
