#include "engine/key_table.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace forecastd::engine {
namespace {

constexpr std::size_t first_slots = 256;
constexpr std::size_t arena_block_bytes = std::size_t{256} << 10;

std::size_t record_bytes(std::size_t text_size) { return (sizeof(KeyRecord) + text_size + 7) / 8 * 8; }

}  // namespace

KeyTable::KeyTable() : slots_(first_slots, 0) {}

KeyTable::~KeyTable() {
    for_each([](KeyRecord* record) { delete record->extra; });
}

std::uint64_t KeyTable::hash(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

void KeyTable::prefetch_slot(std::uint64_t hash) const { __builtin_prefetch(&slots_[home(hash)]); }

KeyRecord* KeyTable::prefetch_record(std::uint64_t hash) const {
    for (std::size_t i = home(hash); slots_[i] != 0; i = (i + 1) & (slots_.size() - 1)) {
        if ((slots_[i] & ~address_mask) != tag(hash)) continue;
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
        if ((slots_[i] & ~address_mask) != tag(hash)) continue;
        KeyRecord* const record = record_of(slots_[i]);
        if (record->text() == text) return record;
    }
    return nullptr;
}

KeyRecord* KeyTable::insert(std::string_view text) {
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    auto* const record = ::new (take(record_bytes(text.size()))) KeyRecord();
    record->text_size = static_cast<std::uint32_t>(text.size());
    std::memcpy(record + 1, text.data(), text.size());
    const std::uint64_t h = hash(text);
    place(tag(h) | reinterpret_cast<std::uint64_t>(record), h);
    ++size_;
    return record;
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
    // Close the hole: move up each later record of the run that may stand in it.
    for (std::size_t i = (hole + 1) & mask; slots_[i] != 0; i = (i + 1) & mask) {
        const std::size_t wanted = home(hash(record_of(slots_[i])->text()));
        if (((i - wanted) & mask) < ((i - hole) & mask)) continue;
        slots_[hole] = slots_[i];
        hole = i;
    }
    slots_[hole] = 0;
    --size_;
    delete record->extra;
    give_back(record, record_bytes(record->text_size));
}

void* KeyTable::take(std::size_t bytes) {
    const std::size_t kind = bytes / 8;
    if (kind < free_.size() && free_[kind]) {
        void* const memory = free_[kind];
        std::memcpy(&free_[kind], memory, sizeof(void*));
        return memory;
    }
    if (arena_left_ < bytes) {
        const std::size_t block = std::max(bytes, arena_block_bytes);
        arena_.push_back(std::make_unique_for_overwrite<char[]>(block));
        arena_next_ = arena_.back().get();
        arena_left_ = block;
        arena_bytes_ += block;
    }
    void* const memory = arena_next_;
    arena_next_ += bytes;
    arena_left_ -= bytes;
    return memory;
}

void KeyTable::give_back(void* memory, std::size_t bytes) {
    const std::size_t kind = bytes / 8;
    if (kind >= free_.size()) free_.resize(kind + 1, nullptr);
    std::memcpy(memory, &free_[kind], sizeof(void*));
    free_[kind] = memory;
}

}  // namespace forecastd::engine
