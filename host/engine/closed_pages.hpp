// Pages of a record that nobody may touch: which they are, and how the other bytes of a record are zeroed and copied.
//
// Threads: those of the records.
#ifndef FORECASTD_ENGINE_CLOSED_PAGES_HPP
#define FORECASTD_ENGINE_CLOSED_PAGES_HPP

#include <cstddef>
#include <vector>

namespace forecastd::engine {

class ClosedPages {
  public:
#ifdef __aarch64__  // its kernels are built with pages of 4, 16 or 64 KiB: a multiple of each
    static constexpr std::size_t page = 65536;
#else
    static constexpr std::size_t page = 4096;
#endif

    // The next ones: whole pages behind those that were added before, not at the begin of the record.
    void add(std::size_t offset, std::size_t size) { ranges_.push_back({offset, size}); }
    [[nodiscard]] bool empty() const { return ranges_.empty(); }

    // Closes them in a record that begins a page. False: the system refuses it, as it does beyond some 65,000 ranges of
    // pages in a process (vm.max_map_count).
    [[nodiscard]] bool close(char* record) const;

    // Zeroes a record of this size, or copies one, without the closed pages.
    void zero(char* record, std::size_t size) const;
    void copy(char* to, const char* record, std::size_t size) const;

  private:
    struct Range {
        std::size_t offset, size;
    };
    // Calls visit(offset, size) for each part of a record that is open.
    template <class Visit>
    void for_each_open(std::size_t size, Visit&& visit) const {
        std::size_t at = 0;
        for (const Range& closed : ranges_) {
            visit(at, closed.offset - at);
            at = closed.offset + closed.size;
        }
        visit(at, size - at);
    }

    std::vector<Range> ranges_;
};

}  // namespace forecastd::engine

#endif
