// Copies of every short size.
#include <doctest/doctest.h>

#include <string>

#include "output/text.hpp"

namespace forecastd::output {

TEST_CASE("texts of 0 to 200 bytes, and nothing beside them") {
    std::string source;
    for (int i = 0; i < 200; ++i) source += static_cast<char>('!' + i % 90);
    for (std::size_t size = 0; size <= 200; ++size) {
        const std::string text = source.substr(200 - size);
        std::string memory(240, '\xa5');
        char* const end = put(memory.data() + 20, std::string_view(text));
        CHECK(end == memory.data() + 20 + size);
        CHECK(memory == std::string(20, '\xa5') + text + std::string(220 - size, '\xa5'));
    }
}

TEST_CASE("a literal without its end") {
    char memory[8] = "zzzzzzz";
    CHECK(put(memory, "ab=") == memory + 3);
    CHECK(std::string(memory) == "ab=zzzz");
    CHECK(put(memory, "") == memory);
}

}  // namespace forecastd::output
