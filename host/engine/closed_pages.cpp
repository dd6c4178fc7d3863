#include "engine/closed_pages.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

namespace forecastd::engine {

bool ClosedPages::close(char* record) const {
    return std::all_of(ranges_.begin(), ranges_.end(), [record](const Range& closed) {
        return ::mprotect(record + closed.offset, closed.size, PROT_NONE) == 0;
    });
}

void ClosedPages::zero(char* record, std::size_t size) const {
    for_each_open(size, [&](std::size_t at, std::size_t bytes) { std::memset(record + at, 0, bytes); });
}

void ClosedPages::copy(char* to, const char* record, std::size_t size) const {
    for_each_open(size, [&](std::size_t at, std::size_t bytes) { std::memcpy(to + at, record + at, bytes); });
}

}  // namespace forecastd::engine
