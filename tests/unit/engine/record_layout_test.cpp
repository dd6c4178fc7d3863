// Where the parts of a record stand.
#include <doctest/doctest.h>

#include "engine/record_layout.hpp"

namespace forecastd::engine {
namespace {

struct Small {
    char a;
};
struct Large {
    double a[3];
};

}  // namespace

TEST_CASE("parts stand one behind the other, each aligned to 16") {
    RecordLayout layout;
    const auto small = layout.add<Small>("small");
    const BytesPart state = layout.add_bytes("state", 20);
    const auto large = layout.add<Large>("large");
    REQUIRE(layout.rows().size() == 4);
    CHECK(layout.rows()[0].name == "series");
    CHECK(layout.rows()[1].offset == 48);
    CHECK(layout.rows()[2].offset == 64);
    CHECK(layout.rows()[3].offset == 96);
    CHECK(layout.record_size() == 128);
    CHECK(state.size() == 20);

    alignas(16) char record[128] = {};
    auto& series = *reinterpret_cast<Series*>(record);
    small.of(series).a = 'x';
    state.of(series)[0] = 'y';
    large.of(series).a[0] = 1.5;
    CHECK(record[48] == 'x');
    CHECK(record[64] == 'y');
    CHECK(layout.find<Large>()->of(series).a[0] == 1.5);
}

TEST_CASE("a part is found by its type, or not at all") {
    RecordLayout layout;
    CHECK_FALSE(layout.find<Small>());
    layout.add<Small>("small");
    CHECK(layout.find<Small>());
    CHECK_FALSE(layout.find<Large>());
}

TEST_CASE("a guard takes room only where the alignment leaves none") {
    RecordLayout layout;
    layout.add_bytes("a", 8, 8);
    CHECK(layout.record_size() == 64);
    layout.add_bytes("b", 16, 8);
    CHECK(layout.record_size() == 96);
    CHECK(layout.rows()[2].guard == 8);
    layout.add_bytes("empty", 0);
    CHECK(layout.record_size() == 96);
}

}  // namespace forecastd::engine
