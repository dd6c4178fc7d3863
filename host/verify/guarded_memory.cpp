#include "verify/guarded_memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace forecastd::verify {
namespace {

constexpr std::size_t page = 4096, alignment = 16;
constexpr char filling = '\x5a';

std::size_t rounded(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

}  // namespace

GuardedMemory::GuardedMemory(std::size_t bytes, Against against) : bytes_(bytes) {
    const std::size_t spare = against == Against::nothing ? 2 * page : 0;
    room_ = rounded(std::max<std::size_t>(bytes, 1), page) + spare;
    void* const mapped = ::mmap(nullptr, room_ + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
    mapped_ = static_cast<char*>(mapped);
    char* const begin = mapped_ + page;
    if (::mprotect(begin, room_, PROT_READ | PROT_WRITE) != 0) {
        ::munmap(mapped_, room_ + 2 * page);
        throw std::bad_alloc();
    }
    data_ = against == Against::page_behind   ? begin + room_ - rounded(bytes, alignment)
            : against == Against::page_before ? begin
                                              : begin + page;
    std::memset(begin, filling, room_);
    std::memset(data_, 0, bytes_);
}

GuardedMemory::~GuardedMemory() { ::munmap(mapped_, room_ + 2 * page); }

bool GuardedMemory::is_intact() const {
    const char *const begin = mapped_ + page, *const end = begin + room_;
    const auto is_filling = [](char c) { return c == filling; };
    return std::all_of(begin, static_cast<const char*>(data_), is_filling) &&
           std::all_of(static_cast<const char*>(data_) + bytes_, end, is_filling);
}

}  // namespace forecastd::verify
