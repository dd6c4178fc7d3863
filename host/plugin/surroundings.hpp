// What a plugin may change for the thread that calls it, and must not: the floating point mode (rounding,
// flushing of tiny numbers, traps) and the locale. Other pipelines would compute and print other digits.
//
// The host runs in the default mode and in the locale "C".
//
// Threads: the one that calls plugins.
#ifndef FORECASTD_PLUGIN_SURROUNDINGS_HPP
#define FORECASTD_PLUGIN_SURROUNDINGS_HPP

#include <locale.h>

#include <cfenv>
#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace forecastd::plugin {

inline bool floating_point_changed() {
#if defined(__SSE2__)
    constexpr unsigned flags = 0x3f, usual = 0x1f80;  // flags only tell what happened
    return (_mm_getcsr() & ~flags) != usual;
#else
    return std::fegetround() != FE_TONEAREST;
#endif
}

inline bool locale_changed() {
    const char* const name = ::setlocale(LC_ALL, nullptr);
    return name[0] != 'C' || name[1] != '\0' || ::uselocale(nullptr) != LC_GLOBAL_LOCALE;
}

// After each call, so it must cost next to nothing.
inline bool surroundings_changed() { return floating_point_changed() || locale_changed(); }

// Puts both back, and reports it once for each plugin and thing.
void restore_surroundings(const char* plugin);

}  // namespace forecastd::plugin

#endif
