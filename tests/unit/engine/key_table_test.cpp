// The table of keys against std::unordered_map.
#include <doctest/doctest.h>

#include <random>
#include <string>
#include <unordered_map>

#include "base/random_seed.hpp"
#include "engine/key_table.hpp"

namespace forecastd::engine {
namespace {

std::string key(std::uint64_t i) { return "cpu,host=server" + std::to_string(i) + std::string(i % 40, 'x'); }

}  // namespace

TEST_CASE("a hundred thousand keys, inserted, found and erased at random") {
    KeyTable table(1);
    std::unordered_map<std::string, KeyRecord*> model;
    std::mt19937_64 random(1);
    std::size_t wrong = 0;
    for (int i = 0; i < 400'000; ++i) {
        const std::string text = key(random() % 100'000);
        KeyRecord* const found = table.find(text);
        const auto expected = model.find(text);
        wrong += found != (expected == model.end() ? nullptr : expected->second);
        if (!found) {
            KeyRecord* const record = table.insert(text);
            wrong += record->text() != text || record->plan || record->series || record->extra ||
                     record->watch_id != 0;
            if (random() % 8 == 0)
                table.set_output(*record, true, text + "longer than a string holds in place", 1, 2);
            model[text] = record;
        } else if (random() % 3 == 0) {
            table.erase(found);
            model.erase(text);
        }
    }
    CHECK(table.size() == model.size());
    for (std::uint64_t i = 0; i < 100'000; ++i) {
        const auto expected = model.find(key(i));
        wrong += table.find(key(i)) != (expected == model.end() ? nullptr : expected->second);
    }
    std::size_t seen = 0;
    table.for_each([&](KeyRecord* record) {
        ++seen;
        const auto found = model.find(std::string(record->text()));
        wrong += found == model.end() || found->second != record;
    });
    CHECK(seen == model.size());
    CHECK(wrong == 0);
}

TEST_CASE("a look-up in three steps gives what one in one step gives, also with a wrong likely record") {
    KeyTable table(1);
    for (std::uint64_t i = 0; i < 20'000; ++i) table.insert(key(i));
    std::size_t wrong = 0;
    for (std::uint64_t i = 0; i < 40'000; ++i) {
        const std::string text = key(i);
        const std::uint64_t hash = table.hash(text);
        table.prefetch_slot(hash);
        KeyRecord* const likely = table.prefetch_record(hash);
        KeyRecord* const found = table.find(text, hash, likely);
        wrong += found != table.find(text) || (found == nullptr) != (i >= 20'000);
        wrong += found != table.find(text, hash, table.find(key(7)));
    }
    CHECK(wrong == 0);
}

TEST_CASE("keys whose hashes share the 16 bits that a slot keeps are told apart") {
    // 60,000 keys have each of the 65,536 tags about once, so that many of them share one.
    std::unordered_map<std::uint64_t, std::string> by_tag;
    KeyTable table(1);
    std::size_t pairs = 0, wrong = 0;
    for (std::uint64_t i = 0; i < 60'000; ++i) {
        const std::string text = key(i);
        const auto [other, is_new] = by_tag.emplace(table.hash(text) >> 48, text);
        if (is_new) continue;
        ++pairs;
        for (const std::string& one : {text, other->second})
            if (!table.find(one)) table.insert(one);
        wrong += table.find(text) == table.find(other->second);
        wrong += table.find(text)->text() != text || table.find(other->second)->text() != other->second;
    }
    CHECK(pairs > 10'000);
    CHECK(wrong == 0);
}

TEST_CASE("the memory of erased keys is used again") {
    KeyTable table(1);
    for (std::uint64_t i = 0; i < 10'000; ++i) table.insert(key(i));
    const std::size_t bytes = table.allocated_bytes();
    for (int round = 0; round < 10; ++round) {
        for (std::uint64_t i = 0; i < 10'000; ++i) table.erase(table.find(key(i)));
        CHECK(table.size() == 0);
        for (std::uint64_t i = 0; i < 10'000; ++i) table.insert(key(i));
    }
    CHECK(table.allocated_bytes() == bytes);
}

TEST_CASE("texts of any size, the empty one too") {
    KeyTable table(1);
    for (const std::size_t size : std::initializer_list<std::size_t>{0, 1, 7, 8, 9, 64'000, 1'000'000}) {
        const std::string text(size, 'k');
        CHECK(table.find(text) == nullptr);
        KeyRecord* const record = table.insert(text);
        CHECK(record->text() == text);
        CHECK(table.find(text) == record);
        CHECK(reinterpret_cast<std::uintptr_t>(record) % 8 == 0);
    }
}

TEST_CASE("passing keys are forgotten all at once, and their memory goes back; the others stay") {
    KeyTable table(1);
    for (std::uint64_t i = 0; i < 1000; ++i) table.insert(key(i));
    const std::size_t bytes = table.allocated_bytes();
    for (int round = 0; round < 3; ++round) {
        for (std::uint64_t i = 1000; i < 50'000; ++i) table.insert(key(i), KeyTable::Kind::passing);
        CHECK(table.size() == 50'000);
        CHECK(table.passing_bytes() > 1'000'000);
        table.erase(table.find(key(2000)));
        table.erase_passing();
        CHECK(table.passing_bytes() == 0);
        CHECK(table.size() == 1000);
        CHECK(table.allocated_bytes() <= bytes);
        std::size_t wrong = 0;
        for (std::uint64_t i = 0; i < 50'000; ++i) wrong += (table.find(key(i)) != nullptr) != (i < 1000);
        CHECK(wrong == 0);
    }
}

TEST_CASE("the next insert takes no more than growth_bytes, which mostly is nothing") {
    KeyTable table(1);
    std::size_t wrong = 0, grown = 0;
    for (std::uint64_t i = 0; i < 20'000; ++i) {
        const auto kind = i % 3 == 0 ? KeyTable::Kind::passing : KeyTable::Kind::watched;
        const std::string text = i % 1000 == 0 ? key(i) + std::string(300'000, 'y') : key(i);
        const std::size_t before = table.allocated_bytes(), growth = table.growth_bytes(text.size(), kind);
        table.insert(text, kind);
        wrong += table.allocated_bytes() - before > growth;
        grown += growth > 0;
    }
    CHECK(grown < 100);
    CHECK(wrong == 0);
}

TEST_CASE("the watches of a key: found in any order, and counted as memory") {
    KeyTable table(1);
    KeyRecord& record = *table.insert("m");
    const std::size_t bytes = table.allocated_bytes();
    const auto series = [](std::uint32_t id) { return reinterpret_cast<Series*>(std::uintptr_t{id} * 64); };
    for (const std::uint32_t id : {7u, 9u, 3u, 5u, 1u, 8u}) table.add_watch(record, id, series(id));
    for (const std::uint32_t id : {1u, 3u, 5u, 7u, 8u, 9u, 9u, 1u, 8u, 3u}) {
        REQUIRE(record.series_of(id) != nullptr);
        CHECK(*record.series_of(id) == series(id));
    }
    for (const std::uint32_t id : {2u, 4u, 10u}) CHECK(record.series_of(id) == nullptr);
    table.remove_watch(record, 7);  // the first
    table.remove_watch(record, 5);
    CHECK(record.series_of(7) == nullptr);
    CHECK(record.series_of(5) == nullptr);
    CHECK(*record.series_of(9) == series(9));
    CHECK(record.is_watched());
    for (std::uint32_t id = 10; id < 1010; ++id) table.add_watch(record, id, series(id));
    CHECK(table.allocated_bytes() - bytes >= 1000 * sizeof(Watch));
    CHECK(table.allocated_bytes() - bytes <= 3000 * sizeof(Watch));
    table.erase(&record);
    CHECK(table.allocated_bytes() <= bytes);
}

TEST_CASE("with another seed the same keys have other hashes") {
    const KeyTable one(1), other(2);
    std::size_t same = 0;
    for (std::uint64_t i = 0; i < 1000; ++i) same += one.hash(key(i)) == other.hash(key(i));
    CHECK(same == 0);
    CHECK(one.hash(key(1)) == KeyTable(1).hash(key(1)));
    CHECK(random_seed() != random_seed());
}

TEST_CASE("what outputs are named by") {
    KeyTable table(1);
    KeyRecord* const record = table.insert("cpu,a=1,host=b");
    record->measurement_size = 3;
    record->split = 7;
    CHECK(record->output_name().measurement == "cpu");
    CHECK(record->output_name().before == ",a=1");
    CHECK(record->output_name().after == ",host=b");
    table.set_output(*record, true, "", 0, 0);
    CHECK(record->output_name().after == ",host=b");
    table.set_output(*record, true, "c,a=2", 1, 5);
    CHECK(record->output_name().measurement == "c");
    CHECK(record->output_name().before == ",a=2");
    CHECK(record->output_name().after == "");
}

}  // namespace forecastd::engine
