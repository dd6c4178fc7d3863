// A word directly behind the state of a series, which a plugin that writes too far destroys.
//
// Threads: those of the state.
#ifndef FORECASTD_PLUGIN_GUARD_HPP
#define FORECASTD_PLUGIN_GUARD_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace forecastd::plugin {

inline constexpr std::uint64_t guard_word =
    0x7ff4'f0ca'57d0'9a5d;  // as a double, a NaN that no computation gives
inline constexpr std::size_t guard_bytes = sizeof guard_word;

// size: of the state, of any alignment; there is room for guard_bytes behind it.
inline void set_guard(void* state, std::size_t size) {
    std::memcpy(static_cast<char*>(state) + size, &guard_word, guard_bytes);
}
inline bool guard_is_intact(const void* state, std::size_t size) {
    std::uint64_t found = 0;
    std::memcpy(&found, static_cast<const char*>(state) + size, guard_bytes);
    return found == guard_word;
}

inline constexpr const char* wrote_too_far = "wrote behind the end of its state";

}  // namespace forecastd::plugin

#endif
