// The buffer of what waits to be written.
#include <doctest/doctest.h>

#include <string>

#include "output/buffer.hpp"

namespace forecastd::output {

TEST_CASE("it grows and keeps what it has") {
    Buffer buffer;
    CHECK(buffer.size() == 0);
    CHECK(buffer.view().empty());
    std::string expected;
    for (int i = 0; i < 5000; ++i) {
        const std::string text = "line " + std::to_string(i) + "\n";
        if (i % 2 == 0) {
            buffer.append(text);
        } else {
            char* const to = buffer.reserve(100);
            text.copy(to, text.size());
            buffer.finish(to + text.size());
        }
        expected += text;
    }
    CHECK(buffer.size() == expected.size());
    CHECK(buffer.view() == expected);
}

TEST_CASE("clear keeps the memory") {
    Buffer buffer;
    buffer.append(std::string(100'000, 'x'));
    const char* const data = buffer.view().data();
    buffer.clear();
    CHECK(buffer.size() == 0);
    buffer.append(std::string(100'000, 'y'));
    CHECK(buffer.view().data() == data);
    CHECK(buffer.view() == std::string(100'000, 'y'));
}

TEST_CASE("a large piece at once") {
    Buffer buffer;
    buffer.append("a");
    buffer.append(std::string(10'000'000, 'b'));
    CHECK(buffer.view() == "a" + std::string(10'000'000, 'b'));
}

}  // namespace forecastd::output
