#include "engine/arena.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace forecastd::engine {
namespace {

constexpr std::size_t first_block_bytes = std::size_t{16} << 10;
constexpr std::size_t largest_block_bytes = std::size_t{256} << 10;
constexpr std::size_t page_bytes = 4096;

}  // namespace

Arena::~Arena() { clear(); }

std::size_t Arena::next_block_bytes(std::size_t bytes) const {
    const std::size_t wanted =
        blocks_.empty() ? first_block_bytes
                        : std::clamp(2 * blocks_.back().bytes, first_block_bytes, largest_block_bytes);
    return (std::max(wanted, bytes) + page_bytes - 1) / page_bytes * page_bytes;
}

std::size_t Arena::growth_bytes(std::size_t bytes) const {
    return has_free(bytes / 8) || left_ >= bytes ? 0 : next_block_bytes(bytes);
}

void* Arena::take(std::size_t bytes) {
    const std::size_t kind = bytes / 8;
    if (has_free(kind)) {
        void* const memory = free_[kind];
        std::memcpy(&free_[kind], memory, sizeof(void*));
        return memory;
    }
    if (left_ < bytes) {
        const std::size_t block = next_block_bytes(bytes);
        if (blocks_.size() == blocks_.capacity()) blocks_.reserve(2 * blocks_.size() + 8);
        // Mapped, so that clear() gives it back to the system whatever stands beside it.
        void* const memory =
            ::mmap(nullptr, block, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw std::bad_alloc();
        blocks_.push_back({memory, block});
        next_ = static_cast<char*>(memory);
        left_ = block;
        allocated_bytes_ += block;
    }
    void* const memory = next_;
    next_ += bytes;
    left_ -= bytes;
    return memory;
}

void Arena::give_back(void* memory, std::size_t bytes) {
    const std::size_t kind = bytes / 8;
    if (kind >= free_.size()) free_.resize(kind + 1, nullptr);
    std::memcpy(memory, &free_[kind], sizeof(void*));
    free_[kind] = memory;
}

void Arena::clear() {
    for (const Block& block : blocks_) ::munmap(block.memory, block.bytes);
    blocks_.clear();
    free_.clear();
    next_ = nullptr;
    left_ = allocated_bytes_ = 0;
}

}  // namespace forecastd::engine
