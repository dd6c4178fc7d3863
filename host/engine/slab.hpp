// Memory for many records of one size that never move: blocks of them, side by side, and a list of free ones.
//
// A record is zeroed when it is handed out and aligned to 16. Blocks double in size up to 2 MiB, so a handful
// of series costs little and a million of them few page-table entries. Walking the records of a slab, block
// by block, is how a snapshot is taken.
//
// Records may have pages that nobody may touch (closed_pages.hpp). Such records begin a page, in blocks of their own, and
// their pages are closed when they are handed out for the first time. Zeroing, walking and releasing pass over them.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_SLAB_HPP
#define FORECASTD_ENGINE_SLAB_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/closed_pages.hpp"

namespace forecastd::engine {

class Slab {
  public:
    explicit Slab(std::size_t record_size, ClosedPages closed = {});
    ~Slab();
    Slab(const Slab&) = delete;
    Slab& operator=(const Slab&) = delete;

    void* allocate();  // throws std::bad_alloc
    void release(void* record);

    [[nodiscard]] std::size_t record_size() const { return record_size_; }
    // Copies a record to as many bytes; what nobody may touch is left out.
    void copy(void* to, const void* record) const;
    [[nodiscard]] std::size_t count() const;  // records in use
    [[nodiscard]] std::size_t allocated_bytes() const { return allocated_bytes_; }
    // What the next allocate() will take from the system: 0 while there is a free record.
    [[nodiscard]] std::size_t growth_bytes() const;

    // Calls visit(void*) for each record in use; visit may release the one that it is given.
    template <class Visit>
    void for_each(Visit&& visit) {
        for (Block& block : blocks_)
            for (std::size_t i = 0; i < block.count; ++i)
                if (block.in_use[i / 64] >> (i % 64) & 1) visit(block.memory + i * record_size_);
    }
    // The same with visit(const void*).
    template <class Visit>
    void for_each(Visit&& visit) const {
        for (const Block& block : blocks_)
            for (std::size_t i = 0; i < block.count; ++i)
                if (block.in_use[i / 64] >> (i % 64) & 1)
                    visit(static_cast<const void*>(block.memory + i * record_size_));
    }

    // A place among the records.
    struct Cursor {
        std::size_t block = 0, record = 0;
    };
    // Visits the next records in use, at most `left` of them, which it counts down, and moves the cursor on;
    // visit may change no record's place. Whether it came to the end; then the cursor is at the begin again.
    template <class Visit>
    bool visit_some(Cursor& cursor, std::size_t& left, Visit&& visit) {
        for (; cursor.block < blocks_.size(); ++cursor.block, cursor.record = 0) {
            const Block& block = blocks_[cursor.block];
            for (; cursor.record < block.count; ++cursor.record) {
                if (!(block.in_use[cursor.record / 64] >> (cursor.record % 64) & 1)) continue;
                if (left == 0) return false;
                --left;
                visit(static_cast<void*>(block.memory + cursor.record * record_size_));
            }
        }
        cursor = {};
        return true;
    }

  private:
    struct Block {
        char* memory;
        std::size_t count;  // records that it holds
        std::size_t bytes;
        std::vector<std::uint64_t> in_use;  // a bit for each
    };
    [[nodiscard]] std::size_t next_block_bytes() const;
    [[nodiscard]] void* take_block(std::size_t bytes) const;
    void clear(char* record) const;
    void mark(const void* record, bool in_use);

    const std::size_t record_size_;
    const ClosedPages closed_;
    std::size_t allocated_bytes_ = 0;
    std::vector<Block> blocks_;
    std::size_t fresh_ = 0;  // records of the last block that were never used begin here
    void* free_ = nullptr;   // a released record begins with the address of the next one
};

}  // namespace forecastd::engine

#endif
