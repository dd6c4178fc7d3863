// The wall clock.
#ifndef FORECASTD_PROCESS_CLOCK_HPP
#define FORECASTD_PROCESS_CLOCK_HPP

#include <chrono>
#include <cstdint>

namespace forecastd::process {

// Nanoseconds since 1970, as in timestamps.
inline std::int64_t wall_clock_ns() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

}  // namespace forecastd::process

#endif
