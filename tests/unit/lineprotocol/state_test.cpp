// A reader that is given another one's state and rest goes on as that one would.
#include <doctest/doctest.h>

#include <type_traits>

#include "unit/lineprotocol/reading.hpp"

namespace forecastd::lineprotocol {
namespace {

static_assert(std::is_trivially_copyable_v<Reader::State>);

const std::string text =
    "m v=1\r\n# a \"comment\n  m v=2 5\nbad line v=1 \" 17\nm s=\"a\nb\" 7\nm s=\"x\nm v=3\nm s=\"a\nm "
    "v=4\n\" x\n\rx\nm "
    "v=5";

void feed(Reader& reader, std::string_view part) {
    std::copy(part.begin(), part.end(), reader.space(part.size()).begin());
    reader.filled(part.size());
}

void take(Reader& reader, std::vector<std::string>& events) {
    Points points;
    LineError error;
    for (;;) {
        const Outcome outcome = reader.next(points, error);
        if (outcome == Outcome::incomplete) return;
        events.push_back(outcome == Outcome::error ? "! " + error.text()
                                                   : text_of(points, points.points.back()));
    }
}

}  // namespace

TEST_CASE("another reader goes on, wherever the first one stopped") {
    for (const std::size_t limit : {no_limit, std::size_t{12}}) {
        const std::vector<std::string> expected = read(text, {}, limit);
        Reader whole(limit);
        feed(whole, text);
        std::vector<std::string> ignored;
        take(whole, ignored);
        whole.end_of_input();
        take(whole, ignored);
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            CAPTURE(cut);
            std::vector<std::string> events;
            Reader first(limit);
            feed(first, std::string_view(text).substr(0, cut));
            take(first, events);
            Reader second(limit);
            second.resume(first.state());
            feed(second, first.rest());
            take(second, events);
            feed(second, std::string_view(text).substr(cut));
            take(second, events);
            second.end_of_input();
            take(second, events);
            CHECK(events == expected);
            CHECK(second.lines() == whole.lines());
            CHECK(second.rejected_bytes() == whole.rejected_bytes());
        }
    }
}

TEST_CASE("the rest of a bad line is no point") {
    Reader first;
    Points points;
    LineError error;
    feed(first, "m v=x,");
    CHECK(first.next(points, error) == Outcome::error);
    CHECK(first.next(points, error) == Outcome::incomplete);
    CHECK(first.rest().empty());
    CHECK(first.state().skipping == Reader::Skipping::bad_line);
    Reader second;
    second.resume(first.state());
    feed(second, "w=1 5\nm v=2 6\n");
    CHECK(second.next(points, error) == Outcome::point);
    CHECK(points.points.back().time_ns == 6);
    CHECK(second.rejected_bytes() == 12);
}

TEST_CASE("what a cut input leaves is dropped, whatever it looks like") {
    struct Case {
        std::string text;
        std::size_t dropped;
    };
    const std::string whole = "m v=1 5\n";
    for (const Case& one : std::initializer_list<Case>{{"", 0},
                                                       {"m v=12.5 17000000", 17},
                                                       {"m s=\"a\nm v=1 5\nb", 16},
                                                       {"m", 1},
                                                       {" \t", 0},
                                                       {"\r", 0},
                                                       {"# comment", 0},
                                                       {"m v=1 5\r", 8}}) {
        CAPTURE(one.text);
        Reader reader;
        std::vector<std::string> events;
        feed(reader, whole + one.text);
        take(reader, events);
        CHECK(events.size() == 1);
        CHECK(reader.drop_unfinished() == one.dropped);
        CHECK(reader.rejected_bytes() == one.dropped);
        CHECK(reader.rest().empty());
        reader.end_of_input();
        take(reader, events);
        CHECK(events.size() == 1);
    }
}

}  // namespace forecastd::lineprotocol
