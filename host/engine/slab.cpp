#include "engine/slab.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace forecastd::engine {
namespace {

constexpr std::size_t first_block_bytes = std::size_t{16} << 10;
constexpr std::size_t huge_page_bytes = std::size_t{2} << 20;

}  // namespace

Slab::Slab(std::size_t record_size, ClosedPages closed)
    : record_size_((std::max<std::size_t>(record_size, 16) + 15) / 16 * 16), closed_(std::move(closed)) {}

Slab::~Slab() {
    for (const Block& block : blocks_) {
        if (closed_.empty())
            std::free(block.memory);
        else
            ::munmap(block.memory, block.bytes);
    }
}

std::size_t Slab::next_block_bytes() const {
    const std::size_t wanted =
        blocks_.empty() ? first_block_bytes : std::min(2 * blocks_.back().bytes, huge_page_bytes);
    return std::max(wanted, record_size_);
}

std::size_t Slab::count() const {
    std::size_t count = 0;
    for (const Block& block : blocks_)
        for (const std::uint64_t bits : block.in_use) count += static_cast<std::size_t>(std::popcount(bits));
    return count;
}

std::size_t Slab::growth_bytes() const {
    return free_ || (!blocks_.empty() && fresh_ < blocks_.back().count) ? 0 : next_block_bytes();
}

void* Slab::allocate() {
    if (free_) {
        void* const record = free_;
        std::memcpy(&free_, record, sizeof free_);
        clear(static_cast<char*>(record));
        mark(record, true);
        return record;
    }
    if (blocks_.empty() || fresh_ == blocks_.back().count) {
        const std::size_t bytes = next_block_bytes();
        void* const memory = take_block(bytes);
        const std::size_t count = bytes / record_size_;
        blocks_.push_back(
            {static_cast<char*>(memory), count, bytes, std::vector<std::uint64_t>((count + 63) / 64)});
        allocated_bytes_ += bytes;
        fresh_ = 0;
    }
    Block& block = blocks_.back();
    char* const record = block.memory + fresh_ * record_size_;
    if (!closed_.close(record)) throw std::bad_alloc();
    block.in_use[fresh_ / 64] |= std::uint64_t{1} << (fresh_ % 64);
    ++fresh_;
    clear(record);
    return record;
}

// Throws std::bad_alloc.
void* Slab::take_block(std::size_t bytes) const {
    if (!closed_.empty()) {
        void* const mapped =
            ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapped == MAP_FAILED) throw std::bad_alloc();
        return mapped;
    }
    const std::size_t alignment = bytes >= huge_page_bytes ? huge_page_bytes : 64;
    void* const memory = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
    if (!memory) throw std::bad_alloc();
    if (alignment == huge_page_bytes)
        ::madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: refusal costs speed alone
    return memory;
}

void Slab::clear(char* record) const {
    if (closed_.empty())
        std::memset(record, 0, record_size_);
    else
        closed_.zero(record, record_size_);
}

void Slab::copy(void* to, const void* record) const {
    if (closed_.empty())
        std::memcpy(to, record, record_size_);
    else
        closed_.copy(static_cast<char*>(to), static_cast<const char*>(record), record_size_);
}

void Slab::release(void* record) {
    mark(record, false);
    std::memcpy(record, &free_, sizeof free_);
    free_ = record;
}

void Slab::mark(const void* record, bool in_use) {
    const char* const at = static_cast<const char*>(record);
    for (Block& block : blocks_) {
        if (at < block.memory || at >= block.memory + block.bytes) continue;
        const std::size_t i = static_cast<std::size_t>(at - block.memory) / record_size_;
        const std::uint64_t bit = std::uint64_t{1} << (i % 64);
        block.in_use[i / 64] = in_use ? block.in_use[i / 64] | bit : block.in_use[i / 64] & ~bit;
        return;
    }
}

}  // namespace forecastd::engine
