// The memory that the process has.
#ifndef FORECASTD_PROCESS_MEMORY_HPP
#define FORECASTD_PROCESS_MEMORY_HPP

#include <cstdint>

namespace forecastd::process {

// Resident, in bytes; 0 if the system does not tell.
std::uint64_t resident_bytes();

}  // namespace forecastd::process

#endif
