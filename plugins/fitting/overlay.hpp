// Plain structs that live in a span of doubles, such as the tail behind a plugin's state: copied out, and
// back.
#ifndef FORECASTD_PLUGINS_FITTING_OVERLAY_HPP
#define FORECASTD_PLUGINS_FITTING_OVERLAY_HPP

#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>

namespace fitting {

// The doubles that a struct takes.
template <class Plain>
constexpr std::size_t doubles_of() {
    static_assert(std::is_trivially_copyable_v<Plain> && sizeof(Plain) % sizeof(double) == 0);
    return sizeof(Plain) / sizeof(double);
}

template <class Plain>
Plain load(std::span<const double> from) {
    Plain plain;
    std::memcpy(static_cast<void*>(&plain), from.data(), doubles_of<Plain>() * sizeof(double));
    return plain;
}

template <class Plain>
void store(const Plain& plain, std::span<double> to) {
    std::memcpy(to.data(), &plain, doubles_of<Plain>() * sizeof(double));
}

}  // namespace fitting

#endif  // FORECASTD_PLUGINS_FITTING_OVERLAY_HPP
