#include "process/memory.hpp"

#include <unistd.h>

#include <fstream>

namespace forecastd::process {

std::uint64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");  // in pages: the whole, then what is resident
    std::uint64_t whole = 0, resident = 0;
    if (!(statm >> whole >> resident)) return 0;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace forecastd::process
