// Where the series in a file of spilled ones stand: 64 bits of a hash to the offset of a block. 16 bytes an entry,
// at a load of three quarters at most.
//
// Thread: one at a time.
#ifndef FORECASTD_STATE_SPILL_INDEX_HPP
#define FORECASTD_STATE_SPILL_INDEX_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace forecastd::state {

class SpillIndex {
  public:
    // In place of an entry of the same hash.
    void put(std::uint64_t hash, std::uint64_t offset) {
        if (4 * (size_ + 1) > 3 * slots_.size()) grow();
        Slot& slot = slots_[place_of(hash)];
        size_ += slot.next == 0;
        slot = {hash, offset + 1};
    }
    [[nodiscard]] std::optional<std::uint64_t> find(std::uint64_t hash) const {
        if (slots_.empty()) return std::nullopt;
        const Slot& slot = slots_[place_of(hash)];
        if (slot.next == 0) return std::nullopt;
        return slot.next - 1;
    }
    void erase(std::uint64_t hash) {
        if (slots_.empty()) return;
        std::size_t hole = place_of(hash);
        if (slots_[hole].next == 0) return;
        // Close the hole: move up each later entry of the run that may stand in it.
        for (std::size_t i = next(hole); slots_[i].next != 0; i = next(i)) {
            if (((i - home(slots_[i].hash)) & mask()) < ((i - hole) & mask())) continue;
            slots_[hole] = slots_[i];
            hole = i;
        }
        slots_[hole] = {};
        --size_;
    }
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    struct Slot {
        std::uint64_t hash = 0, next = 0;  // offset + 1; 0: it is free
    };
    [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }
    [[nodiscard]] std::size_t home(std::uint64_t hash) const { return hash & mask(); }
    [[nodiscard]] std::size_t next(std::size_t i) const { return (i + 1) & mask(); }
    // Of the hash, or where it would stand.
    [[nodiscard]] std::size_t place_of(std::uint64_t hash) const {
        std::size_t i = home(hash);
        while (slots_[i].next != 0 && slots_[i].hash != hash) i = next(i);
        return i;
    }
    void grow() {
        std::vector<Slot> old(slots_.empty() ? 1024 : 2 * slots_.size());
        old.swap(slots_);
        for (const Slot& slot : old)
            if (slot.next != 0) slots_[place_of(slot.hash)] = slot;
    }

    std::vector<Slot> slots_;
    std::size_t size_ = 0;
};

}  // namespace forecastd::state

#endif
