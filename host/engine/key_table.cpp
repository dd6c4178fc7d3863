#include "engine/key_table.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace forecastd::engine {
namespace {

constexpr std::size_t first_slots = 256;

std::size_t record_bytes(std::size_t text_size) { return (sizeof(KeyRecord) + text_size + 7) / 8 * 8; }

// What the allocator takes for that number of bytes.
std::size_t heap_bytes(std::size_t bytes) {
    return bytes == 0 ? 0 : std::max<std::size_t>(32, (bytes + 8 + 15) / 16 * 16);
}

std::size_t bytes_of(const KeyExtra& extra) {
    constexpr std::size_t inside = 15;  // bytes that a string holds without memory of its own
    const std::size_t text = extra.output_text.capacity();
    return heap_bytes(sizeof(KeyExtra)) + heap_bytes(extra.watches.capacity() * sizeof(Watch)) +
           (text > inside ? heap_bytes(text + 1) : 0);
}

}  // namespace

Series** KeyRecord::series_of_extra(std::uint32_t id) {
    std::vector<Watch>& watches = extra->watches;
    if (extra->next < watches.size() && watches[extra->next].id == id) return &watches[extra->next++].series;
    const auto found =
        std::lower_bound(watches.begin(), watches.end(), id,
                         [](const Watch& watch, std::uint32_t wanted) { return watch.id < wanted; });
    if (found == watches.end() || found->id != id) return nullptr;
    extra->next = static_cast<std::uint32_t>(found - watches.begin()) + 1;
    return &found->series;
}

KeyTable::KeyTable(std::uint64_t seed) : seed_(seed), slots_(first_slots, 0) {}

KeyTable::~KeyTable() {
    for_each([](KeyRecord* record) { delete record->extra; });
}

std::uint64_t KeyTable::hash(std::string_view text) const {
    return XXH3_64bits_withSeed(text.data(), text.size(), seed_);
}

void KeyTable::prefetch_slot(std::uint64_t hash) const { __builtin_prefetch(&slots_[home(hash)]); }

KeyRecord* KeyTable::prefetch_record(std::uint64_t hash) const {
    for (std::size_t i = home(hash); slots_[i] != 0; i = (i + 1) & (slots_.size() - 1)) {
        if (tag(slots_[i]) != tag(hash)) continue;
        KeyRecord* const record = record_of(slots_[i]);
        __builtin_prefetch(record);
        __builtin_prefetch(reinterpret_cast<const char*>(record) + 64);
        return record;
    }
    return nullptr;
}

KeyRecord* KeyTable::find(std::string_view text, std::uint64_t hash, KeyRecord* likely) const {
    if (likely && likely->text() == text) return likely;
    for (std::size_t i = home(hash); slots_[i] != 0; i = (i + 1) & (slots_.size() - 1)) {
        if (tag(slots_[i]) != tag(hash)) continue;
        KeyRecord* const record = record_of(slots_[i]);
        if (record->text() == text) return record;
    }
    return nullptr;
}

KeyRecord* KeyTable::insert(std::string_view text, Kind kind) {
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    Arena& arena = kind == Kind::passing ? passing_ : watched_;
    auto* const record = ::new (arena.take(record_bytes(text.size()))) KeyRecord();
    record->text_size = static_cast<std::uint32_t>(text.size());
    std::memcpy(record + 1, text.data(), text.size());
    const std::uint64_t h = hash(text);
    place(tag(h) | reinterpret_cast<std::uint64_t>(record) | (kind == Kind::passing ? passing_bit : 0), h);
    ++size_;
    return record;
}

std::size_t KeyTable::growth_bytes(std::size_t text_size, Kind kind) const {
    const bool grows = (size_ + 2) * 4 > slots_.size() * 3;  // an alias may come along
    return (grows ? slots_.size() * sizeof(std::uint64_t) : 0) +
           (kind == Kind::passing ? passing_ : watched_).growth_bytes(record_bytes(text_size));
}

std::size_t KeyTable::watch_growth_bytes(const KeyRecord& record) {
    if (record.watch_id == 0) return 0;
    if (!record.extra) return heap_bytes(sizeof(KeyExtra)) + heap_bytes(sizeof(Watch));
    const std::size_t room = record.extra->watches.capacity();
    return room == record.extra->watches.size() ? heap_bytes(2 * (room + 1) * sizeof(Watch)) : 0;
}

void KeyTable::place(std::uint64_t slot, std::uint64_t hash) {
    std::size_t i = home(hash);
    while (slots_[i] != 0) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = slot;
}

void KeyTable::grow() {
    std::vector<std::uint64_t> old(2 * slots_.size(), 0);
    old.swap(slots_);
    for (const std::uint64_t slot : old)
        if (slot != 0) place(slot, hash(record_of(slot)->text()));
}

void KeyTable::erase(KeyRecord* record) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t hole = home(hash(record->text()));
    while (record_of(slots_[hole]) != record) hole = (hole + 1) & mask;
    const bool is_passing = (slots_[hole] & passing_bit) != 0;
    // Close the hole: move up each later record of the run that may stand in it.
    for (std::size_t i = (hole + 1) & mask; slots_[i] != 0; i = (i + 1) & mask) {
        const std::size_t wanted = home(hash(record_of(slots_[i])->text()));
        if (((i - wanted) & mask) < ((i - hole) & mask)) continue;
        slots_[hole] = slots_[i];
        hole = i;
    }
    slots_[hole] = 0;
    --size_;
    if (record->extra) extra_bytes_ -= bytes_of(*record->extra);
    delete record->extra;
    (is_passing ? passing_ : watched_).give_back(record, record_bytes(record->text_size));
}

void KeyTable::erase_passing() {
    if (passing_.allocated_bytes() == 0) return;
    std::size_t kept = 0;
    for (const std::uint64_t slot : slots_) kept += slot != 0 && (slot & passing_bit) == 0;
    std::size_t wanted = first_slots;
    while (kept * 2 > wanted) wanted *= 2;
    std::vector<std::uint64_t> old(std::min(wanted, slots_.size()), 0);
    old.swap(slots_);
    for (const std::uint64_t slot : old)
        if (slot != 0 && (slot & passing_bit) == 0) place(slot, hash(record_of(slot)->text()));
    size_ = kept;
    passing_.clear();
}

void KeyTable::erase_aliases() {
    std::vector<KeyRecord*> aliases;
    for_each([&](KeyRecord* record) {
        record->has_alias = 0;
        if (!record->plan) aliases.push_back(record);
    });
    for (KeyRecord* const alias : aliases) erase(alias);
}

KeyExtra& KeyTable::extra_of(KeyRecord& record) {
    if (!record.extra) {
        record.extra = new KeyExtra;
        extra_bytes_ += bytes_of(*record.extra);
    }
    return *record.extra;
}

void KeyTable::add_watch(KeyRecord& record, std::uint32_t id, Series* series) {
    if (record.watch_id == 0) {
        record.watch_id = id;
        record.series = series;
        return;
    }
    KeyExtra& extra = extra_of(record);
    const std::size_t before = bytes_of(extra);
    std::vector<Watch>& watches = extra.watches;
    const auto place =
        std::upper_bound(watches.begin(), watches.end(), id,
                         [](std::uint32_t wanted, const Watch& watch) { return wanted < watch.id; });
    watches.insert(place, {id, series});
    extra_bytes_ += bytes_of(extra) - before;
}

void KeyTable::remove_watch(KeyRecord& record, std::uint32_t id) {
    if (record.watch_id == id) {
        record.watch_id = 0;
        record.series = nullptr;
        return;
    }
    std::erase_if(record.extra->watches, [&](const Watch& watch) { return watch.id == id; });
}

void KeyTable::set_output(KeyRecord& record, bool has_field_tag, std::string text,
                          std::uint32_t measurement_size, std::uint32_t split) {
    KeyExtra& extra = extra_of(record);
    extra_bytes_ -= bytes_of(extra);
    extra.has_field_tag = has_field_tag;
    extra.output_text = std::move(text);
    extra.output_measurement_size = measurement_size;
    extra.output_split = split;
    extra_bytes_ += bytes_of(extra);
}

}  // namespace forecastd::engine
