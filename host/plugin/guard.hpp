// A word directly behind the state of a series, which a plugin that writes too far destroys; and a filling for the bytes
// there, where there are fewer than a word.
//
// Threads: those of the state.
#ifndef FORECASTD_PLUGIN_GUARD_HPP
#define FORECASTD_PLUGIN_GUARD_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace forecastd::plugin {

inline constexpr std::uint64_t guard_word =
    0x7ff4'f0ca'57d0'9a5d;  // as a double, a NaN that no computation gives
inline constexpr std::size_t guard_bytes = sizeof guard_word;

// guard: behind the state, of any alignment; there is room for guard_bytes.
inline void set_guard(void* guard) { std::memcpy(guard, &guard_word, guard_bytes); }
inline bool guard_is_intact(const void* guard) {
    std::uint64_t found = 0;
    std::memcpy(&found, guard, guard_bytes);
    return found == guard_word;
}

inline void fill_edge(char* edge, std::size_t size) { std::memset(edge, 0x5a, size); }
inline bool edge_is_intact(const char* edge, std::size_t size) {
    return std::all_of(edge, edge + size, [](char c) { return c == 0x5a; });
}

inline constexpr const char* wrote_too_far = "wrote behind the end of its state";

}  // namespace forecastd::plugin

#endif
