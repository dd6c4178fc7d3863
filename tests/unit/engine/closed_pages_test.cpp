// States between pages that nobody may touch: where they stand, and how records with such pages are handed out.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <set>
#include <vector>

#include "engine/record_layout.hpp"
#include "engine/slab.hpp"

namespace forecastd::engine {
namespace {

constexpr std::size_t page = ClosedPages::page;

// Whether a byte may be read: the system says so without a crash.
class Reader {
  public:
    Reader() { REQUIRE(::pipe(ends_) == 0); }
    ~Reader() {
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    bool can_read(const char* byte) const {
        char read = 0;
        return ::write(ends_[1], byte, 1) == 1 && ::read(ends_[0], &read, 1) == 1;
    }

  private:
    int ends_[2] = {-1, -1};
};

}  // namespace

TEST_CASE("a state ends at a closed page, and its pages begin behind one") {
    const Reader reader;
    for (const std::size_t size : {std::size_t{1}, std::size_t{8}, std::size_t{16}, std::size_t{40}, page - 8,
                                   page, page + 1, 10 * page}) {
        CAPTURE(size);
        RecordLayout layout(RecordLayout::States::between_pages);
        const auto before = layout.add<double>("before");
        const BytesPart state = layout.add_bytes("state", size, 8);
        const auto behind = layout.add<double>("behind");
        CHECK(layout.record_size() % page == 0);
        CHECK(layout.record_size() >= 3 * page + (size + page - 1) / page * page);
        CHECK(state.edge() == (16 - size % 16) % 16);

        Slab slab(layout.record_size(), layout.closed_pages());
        auto& series = *static_cast<Series*>(slab.allocate());
        char* const begin = state.of(series);
        char* const end = begin + size + state.edge();
        CHECK(reinterpret_cast<std::uintptr_t>(begin) % 16 == 0);
        // Pages of the running system may be smaller than those that records are made for.
        CHECK(reinterpret_cast<std::uintptr_t>(end) % static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE)) ==
              0);
        std::memset(begin, 0xee, size + state.edge());
        std::memset(state.guard(series), 0xee, 8);
        before.of(series) = behind.of(series) = 1;
        char* const pages = end - (size + page - 1) / page * page;
        CHECK(reader.can_read(pages));
        CHECK(reader.can_read(end - 1));
        CHECK_FALSE(reader.can_read(pages - 1));
        CHECK_FALSE(reader.can_read(pages - page));
        CHECK_FALSE(reader.can_read(end));
        CHECK_FALSE(reader.can_read(end + page - 1));
        CHECK(reader.can_read(end + page));
    }
}

TEST_CASE("other parts, and states where nothing is asked for, have no closed pages") {
    RecordLayout beside, between(RecordLayout::States::between_pages);
    const BytesPart state = beside.add_bytes("state", 8, 8);
    CHECK(beside.closed_pages().empty());
    alignas(16) char record[96] = {};
    auto& series = *reinterpret_cast<Series*>(record);
    CHECK(state.guard(series) == state.of(series) + 8);
    CHECK(state.edge() == 0);
    between.add_bytes("calibration", 100);
    CHECK(between.closed_pages().empty());
    CHECK(between.record_size() == 48 + 112);
}

TEST_CASE("an empty state is a place that nobody may touch") {
    RecordLayout layout(RecordLayout::States::between_pages);
    const BytesPart state = layout.add_bytes("state", 0, 8);
    Slab slab(layout.record_size(), layout.closed_pages());
    CHECK_FALSE(Reader().can_read(state.of(*static_cast<Series*>(slab.allocate()))));
}

TEST_CASE("records with closed pages are zeroed, walked, copied, released and used again") {
    RecordLayout layout(RecordLayout::States::between_pages);
    const BytesPart first = layout.add_bytes("first", 24, 8), other = layout.add_bytes("second", 5000, 8);
    std::vector<char> copy(layout.record_size());
    auto& copied = *reinterpret_cast<Series*>(copy.data());
    Slab slab(layout.record_size(), layout.closed_pages());
    const auto is_zero = [](const char* from, std::size_t size) {
        return std::all_of(from, from + size, [](char c) { return c == 0; });
    };
    std::set<void*> used;
    std::size_t wrong = 0;
    for (int turn = 0; turn < 2; ++turn) {
        for (std::size_t i = 0; i < 300; ++i) {
            const std::size_t expected = slab.allocated_bytes() + slab.growth_bytes();
            auto& series = *static_cast<Series*>(slab.allocate());
            wrong += slab.allocated_bytes() != expected;
            wrong += !is_zero(first.of(series), 24) || !is_zero(other.of(series), 5000);
            std::memset(first.of(series), 1, 24);
            std::memset(other.of(series), 2, 5000);
            slab.copy(copy.data(), &series);
            wrong += !std::equal(first.of(series), first.of(series) + 24, first.of(copied));
            wrong += !std::equal(other.of(series), other.of(series) + 5000, other.of(copied));
            wrong += turn == 0 ? !used.insert(&series).second : !used.contains(&series);
        }
        CHECK(slab.count() == 300);
        CHECK(slab.allocated_bytes() >= 300 * layout.record_size());
        slab.for_each([&](void* record) { slab.release(record); });
        CHECK(slab.count() == 0);
    }
    CHECK(wrong == 0);
}

}  // namespace forecastd::engine
