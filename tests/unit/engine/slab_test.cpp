// Memory of records.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <vector>

#include "engine/slab.hpp"

namespace forecastd::engine {

TEST_CASE("records are aligned, zeroed, apart from each other, and never move") {
    for (const std::size_t size : std::initializer_list<std::size_t>{1, 16, 17, 64, 200, 5000, 3'000'000}) {
        Slab slab(size);
        CHECK(slab.record_size() >= size);
        CHECK(slab.record_size() % 16 == 0);
        std::vector<unsigned char*> records;
        const int count = size > 100'000 ? 5 : 3000;
        std::size_t faults = 0;
        for (int i = 0; i < count; ++i) {
            auto* const record = static_cast<unsigned char*>(slab.allocate());
            faults += reinterpret_cast<std::uintptr_t>(record) % 16 != 0;
            faults +=
                std::any_of(record, record + slab.record_size(), [](unsigned char c) { return c != 0; });
            std::memset(record, i % 255 + 1, slab.record_size());
            records.push_back(record);
        }
        for (int i = 0; i < count; ++i) {
            auto* const record = records[static_cast<std::size_t>(i)];
            faults += std::any_of(record, record + slab.record_size(),
                                  [&](unsigned char c) { return c != i % 255 + 1; });
        }
        CHECK(faults == 0);
        CHECK(slab.allocated_bytes() >= static_cast<std::size_t>(count) * slab.record_size());
    }
}

TEST_CASE("a released record is used again, zeroed") {
    Slab slab(100);
    std::set<void*> first;
    for (int i = 0; i < 1000; ++i) {
        void* const record = slab.allocate();
        std::memset(record, 0xee, slab.record_size());
        first.insert(record);
    }
    const std::size_t bytes = slab.allocated_bytes();
    for (void* const record : first) slab.release(record);
    CHECK(slab.growth_bytes() == 0);
    std::set<void*> others;
    for (int i = 0; i < 1000; ++i) {
        auto* const record = static_cast<unsigned char*>(slab.allocate());
        CHECK(std::all_of(record, record + slab.record_size(), [](unsigned char c) { return c == 0; }));
        others.insert(record);
    }
    CHECK(others == first);
    CHECK(slab.allocated_bytes() == bytes);
}

TEST_CASE("growth is told before it happens") {
    Slab slab(1000);
    std::size_t wrong = 0;
    for (int i = 0; i < 10'000; ++i) {
        const std::size_t expected = slab.allocated_bytes() + slab.growth_bytes();
        slab.allocate();
        wrong += slab.allocated_bytes() != expected;
    }
    CHECK(wrong == 0);
}

TEST_CASE("a walk sees exactly the records in use, also while it releases them") {
    Slab slab(48);
    std::set<void*> used;
    std::vector<void*> all;
    for (int i = 0; i < 5000; ++i) all.push_back(slab.allocate());
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i % 3 == 0)
            slab.release(all[i]);
        else
            used.insert(all[i]);
    }
    std::set<void*> seen;
    slab.for_each([&](void* record) { CHECK(seen.insert(record).second); });
    CHECK(seen == used);

    std::size_t visits = 0;
    slab.for_each([&](void* record) {
        if (++visits % 2 == 0) return;
        used.erase(record);
        slab.release(record);
    });
    CHECK(visits == seen.size());
    seen.clear();
    slab.for_each([&](void* record) { seen.insert(record); });
    CHECK(seen == used);
    slab.for_each([&](void* record) { slab.release(record); });
    slab.for_each([](void*) { FAIL("nothing is in use"); });
}

}  // namespace forecastd::engine
