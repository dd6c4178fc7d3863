// Memory for records of many sizes that never move. What is given back is used again for a record of the same
// size; the blocks go back to the system all at once, by clear().
//
// Blocks double up to 256 KiB, so a handful of keys costs little.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_ARENA_HPP
#define FORECASTD_ENGINE_ARENA_HPP

#include <cstddef>
#include <memory>
#include <vector>

namespace forecastd::engine {

class Arena {
  public:
    Arena() = default;
    ~Arena();
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    // bytes: a multiple of 8; the memory is aligned to 8. Throws std::bad_alloc.
    void* take(std::size_t bytes);
    void give_back(void* memory, std::size_t bytes);
    void clear();

    // What the next take() of that size will get from the system: 0 while there is room.
    [[nodiscard]] std::size_t growth_bytes(std::size_t bytes) const;
    [[nodiscard]] std::size_t allocated_bytes() const { return allocated_bytes_; }

  private:
    struct Block {
        void* memory;
        std::size_t bytes;
    };
    [[nodiscard]] std::size_t next_block_bytes(std::size_t bytes) const;
    [[nodiscard]] bool has_free(std::size_t kind) const { return kind < free_.size() && free_[kind]; }

    std::vector<Block> blocks_;
    char* next_ = nullptr;
    std::size_t left_ = 0;
    std::size_t allocated_bytes_ = 0;
    std::vector<void*> free_;  // by size in units of 8 bytes; each record begins with the next one's address
};

}  // namespace forecastd::engine

#endif
