// Once its buffers have grown, reading allocates nothing.
#include <doctest/doctest.h>

#include <cstdlib>
#include <new>
#include <string>

#include "lineprotocol/reader.hpp"
#include "unit/counting_new.hpp"

namespace forecastd::lineprotocol {
namespace {

// Feeds text in chunks of 4,096 bytes, which cut points anywhere; returns how many points there were.
std::size_t feed(Reader& reader, Points& points, std::string_view text) {
    std::size_t count = 0;
    LineError error;
    for (std::size_t from = 0; from < text.size(); from += 4096) {
        const std::string_view chunk = text.substr(from, 4096);
        chunk.copy(reader.space(4096).data(), chunk.size());
        reader.filled(chunk.size());
        while (reader.next(points, error) == Outcome::point) ++count;
        points.clear();
    }
    return count;
}

}  // namespace

TEST_CASE("ten thousand lines without an allocation") {
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += "cpu,host=server" + std::to_string(i) + ",zone=a\\ b usage=" + std::to_string(i) +
                ".5,count=12i,up=true,text=\"a\nb\" 17000000000000" + std::to_string(10000 + i) +
                "\r\n# comment\n";
    Reader reader;
    Points points;
    REQUIRE(feed(reader, points, text) == 1000);
    const std::size_t before = allocations;
    std::size_t count = 0;
    for (int i = 0; i < 10; ++i) count += feed(reader, points, text);
    const std::size_t after = allocations;
    CHECK(count == 10'000);
    CHECK(after == before);
    CHECK(before > 0);
}

}  // namespace forecastd::lineprotocol
