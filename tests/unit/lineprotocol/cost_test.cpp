// Bad input costs no more than good input of the same size, up to a factor: no line is scanned for each of
// the lines before it.
#include <doctest/doctest.h>

#include <ctime>
#include <random>

#include "unit/lineprotocol/reading.hpp"

namespace forecastd::lineprotocol {
namespace {

constexpr std::size_t limit = std::size_t{64} << 10;
constexpr std::size_t text_bytes = std::size_t{1} << 20;

// Processor time for all points and errors of a text, in seconds, and how many there were.
double cost_of(const std::string& text, std::size_t& count) {
    Reader reader(limit);
    std::copy(text.begin(), text.end(), reader.space(text.size()).begin());
    reader.filled(text.size());
    reader.end_of_input();
    Points points;
    LineError error;
    count = 0;
    const std::clock_t begin = std::clock();
    for (; reader.next(points, error) != Outcome::incomplete; ++count) points.clear();
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

std::string repeated(const std::string& piece, std::size_t bytes = text_bytes) {
    std::string text;
    while (text.size() < bytes) text += piece;
    return text;
}

// Lines of pieces that open, close and hide quotes; many lines look right from more than one beginning.
std::string random_text(unsigned seed) {
    static const char* const pieces[] = {"m",    "m\"",    ",x=1", ",t=\"", " a=\"", ",b=\"", "\"",
                                         "\\\"", "\",c=1", "\\",   "\n",    "\n",    " 5\n",  " v=1\n"};
    std::mt19937 random(seed);
    std::string text;
    while (text.size() < text_bytes) text += pieces[random() % std::size(pieces)];
    return text;
}

}  // namespace

TEST_CASE("bad lines are scanned a bounded number of times") {
    std::size_t lines = 0, count = 0;
    const double plain = cost_of(repeated("m v=1 5\n"), lines);
    CHECK(lines == text_bytes / 8);
    // Scanning up to the limit for each line would cost some thousand times as much.
    const double most = 100 * plain;

    CHECK(cost_of(repeated("m s=\"ab\n"), count) < most);
    CHECK(cost_of("m s=\"\n" + repeated("m v=1 5\n"), count) < most);
    CHECK(count == lines + 1);
    CHECK(cost_of(repeated("m s=\"\n" + repeated("m v=1 5\n", limit / 2) + "\" bad\n"), count) < most);
    CHECK(cost_of(repeated("m a=\"\n" + repeated("\",b=\"\n", limit / 2) + "\" bad\n"), count) < most);
    CHECK(cost_of(repeated("m\",t=\" a=\",b=\"\n"), count) < most);
    CHECK(cost_of(repeated("m s=\"\\\"\n"), count) < most);
    for (unsigned seed = 1; seed <= 8; ++seed) CHECK(cost_of(random_text(seed), count) < most);
}

}  // namespace forecastd::lineprotocol
