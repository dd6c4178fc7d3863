// Memory between two pages that nobody may touch, as an object: see forecastd/detail/guarded_memory.h.
//
// Threads: any, one at a time for an object.
#ifndef FORECASTD_VERIFY_GUARDED_MEMORY_HPP
#define FORECASTD_VERIFY_GUARDED_MEMORY_HPP

#include <forecastd/detail/guarded_memory.h>

#include <cstddef>
#include <new>

namespace forecastd::verify {

using Against = fcd_against;

class GuardedMemory {
  public:
    // Zeroed. Throws std::bad_alloc.
    GuardedMemory(std::size_t bytes, Against against) : memory_(fcd_guarded_new(bytes, against)) {
        if (!memory_.bytes) throw std::bad_alloc();
    }
    ~GuardedMemory() { fcd_guarded_free(&memory_); }
    GuardedMemory(const GuardedMemory&) = delete;
    GuardedMemory& operator=(const GuardedMemory&) = delete;

    [[nodiscard]] char* data() const { return reinterpret_cast<char*>(memory_.bytes); }
    // Whether what is beside it, up to the pages, is as it was.
    [[nodiscard]] bool is_intact() const { return fcd_guarded_intact(&memory_) != 0; }

  private:
    fcd_guarded memory_;
};

}  // namespace forecastd::verify

#endif
