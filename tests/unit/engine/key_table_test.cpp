// The table of keys against std::unordered_map.
#include <doctest/doctest.h>

#include <random>
#include <string>
#include <unordered_map>

#include "engine/key_table.hpp"

namespace forecastd::engine {
namespace {

std::string key(std::uint64_t i) { return "cpu,host=server" + std::to_string(i) + std::string(i % 40, 'x'); }

}  // namespace

TEST_CASE("a hundred thousand keys, inserted, found and erased at random") {
    KeyTable table;
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
            if (random() % 8 == 0) record->extra = new KeyExtra;
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
    KeyTable table;
    for (std::uint64_t i = 0; i < 20'000; ++i) table.insert(key(i));
    std::size_t wrong = 0;
    for (std::uint64_t i = 0; i < 40'000; ++i) {
        const std::string text = key(i);
        const std::uint64_t hash = KeyTable::hash(text);
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
    KeyTable table;
    std::size_t pairs = 0, wrong = 0;
    for (std::uint64_t i = 0; i < 60'000; ++i) {
        const std::string text = key(i);
        const auto [other, is_new] = by_tag.emplace(KeyTable::hash(text) >> 48, text);
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
    KeyTable table;
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
    KeyTable table;
    for (const std::size_t size : std::initializer_list<std::size_t>{0, 1, 7, 8, 9, 64'000, 1'000'000}) {
        const std::string text(size, 'k');
        CHECK(table.find(text) == nullptr);
        KeyRecord* const record = table.insert(text);
        CHECK(record->text() == text);
        CHECK(table.find(text) == record);
        CHECK(reinterpret_cast<std::uintptr_t>(record) % 8 == 0);
    }
}

TEST_CASE("what outputs are named by") {
    KeyTable table;
    KeyRecord* const record = table.insert("cpu,a=1,host=b");
    record->measurement_size = 3;
    record->split = 7;
    CHECK(record->output_name().measurement == "cpu");
    CHECK(record->output_name().before == ",a=1");
    CHECK(record->output_name().after == ",host=b");
    record->extra = new KeyExtra;
    CHECK(record->output_name().after == ",host=b");
    record->extra->output_text = "c,a=2";
    record->extra->output_measurement_size = 1;
    record->extra->output_split = 5;
    CHECK(record->output_name().measurement == "c");
    CHECK(record->output_name().before == ",a=2");
    CHECK(record->output_name().after == "");
}

}  // namespace forecastd::engine
