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

inline constexpr std::array<float, 2> profile_gain{0.1F, 0.3F};
inline constexpr float deviation_memory = 0.999F;

// r above.
inline float persistence(const Deviation& deviation) {
    return deviation.squares > 0 ? std::clamp(deviation.products / deviation.squares, 0.0F, 1.0F) : 0.0F;
}

// n: the number of this value, from 1 on. known: whether it was observed. Thread: any, as its series.
inline void learn(Deviation& deviation, std::span<float> profile, float gain, std::uint64_t n,
                  std::size_t phase, float z, bool known) {
    float& mean = profile[phase];
    if (n <= profile.size()) {
        mean = z;
        return;
    }
    const float found = z - mean;
    deviation.products = deviation_memory * deviation.products + found * deviation.last;
    deviation.squares = deviation_memory * deviation.squares + deviation.last * deviation.last;
    deviation.last = found;
    if (known) mean = numerics::settled_float(mean + gain_at(n, profile.size(), gain) * found);
}

// In other units, z' = by z + shift.
inline void rescale(Deviation& deviation, std::span<float> profile, double by, double shift) {
    deviation.last = moved(deviation.last, by, 0);
    deviation.products = moved(deviation.products, by * by, 0);
    deviation.squares = moved(deviation.squares, by * by, 0);
    for (float& z : profile) z = moved(z, by, shift);
}

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_PROFILE_HPP
