// A mean for each step of a season, and what is left of the last deviation from it.
//
//   d = y - p[phase];   p[phase]' = p[phase] + g d,   g = max(G, 1/visits)
//   forecast p[phase] + r^h d,   r = sum d_t d_(t-1) / sum d_(t-1)^2 within [0, 1]
//
// G is .1, and .3 of the longer season. Older terms of r are forgotten by .999 a step.
//
// Source: G. E. P. Box, G. M. Jenkins & G. C. Reinsel, Time Series Analysis, 3rd edition, 1994, section 3.2
// (AR(1)).
#ifndef FORECASTD_PLUGINS_AUTO_PROFILE_HPP
#define FORECASTD_PLUGINS_AUTO_PROFILE_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "state.hpp"

namespace automatic {

inline constexpr std::array<double, 2> profile_gain{0.1, 0.3};
inline constexpr double deviation_memory = 0.999;

// r above.
inline double persistence(const Deviation& deviation) {
    return deviation.squares > 0 ? std::clamp(deviation.products / deviation.squares, 0.0, 1.0) : 0.0;
}

// n: the number of this value, from 1 on. known: whether it was observed. Thread: any, as its series.
inline void learn(Deviation& deviation, std::span<float> profile, double gain, std::uint64_t n,
                  std::size_t phase, double z, bool known) {
    const std::uint64_t visits = (n - 1) / profile.size() + 1;
    if (visits == 1) {
        profile[phase] = static_cast<float>(z);
        return;
    }
    const double found = z - static_cast<double>(profile[phase]);
    deviation.products = deviation_memory * deviation.products + found * deviation.last;
    deviation.squares = deviation_memory * deviation.squares + deviation.last * deviation.last;
    deviation.last = found;
    if (known)
        profile[phase] = numerics::settled_float(static_cast<double>(profile[phase]) +
                                                 std::max(gain, 1 / static_cast<double>(visits)) * found);
}

// In other units, z' = by z + shift.
inline void rescale(Deviation& deviation, std::span<float> profile, double by, double shift) {
    deviation.last *= by;
    deviation.products *= by * by;
    deviation.squares *= by * by;
    for (float& z : profile) z = static_cast<float>(by * static_cast<double>(z) + shift);
}

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_PROFILE_HPP
