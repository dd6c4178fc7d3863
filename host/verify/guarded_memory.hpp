// Memory between two pages that nobody may touch: a byte read or written beyond it ends the process at once.
//
// As states are aligned to 16, up to 15 bytes may be left between the end of the memory and the page behind it; what
// is written there is found later.
//
// Threads: any, one at a time for an object.
#ifndef FORECASTD_VERIFY_GUARDED_MEMORY_HPP
#define FORECASTD_VERIFY_GUARDED_MEMORY_HPP

#include <cstddef>

namespace forecastd::verify {

class GuardedMemory {
  public:
    // The page that it stands directly against. nothing: there is plenty of room on both sides, which may be
    // written to.
    enum class Against { nothing, page_before, page_behind };

    // Zeroed. Throws std::bad_alloc.
    GuardedMemory(std::size_t bytes, Against against);
    ~GuardedMemory();
    GuardedMemory(const GuardedMemory&) = delete;
    GuardedMemory& operator=(const GuardedMemory&) = delete;

    [[nodiscard]] char* data() const { return data_; }
    // Whether what is beside it, up to the pages, is as it was.
    [[nodiscard]] bool is_intact() const;

  private:
    char* mapped_;
    std::size_t room_;  // between the pages
    char* data_;
    const std::size_t bytes_;
};

}  // namespace forecastd::verify

#endif
