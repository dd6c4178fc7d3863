// Levels beside an additive season, and a trend that counts half.
//
//   level   e = y - l - s[phase];  l' = l + a e;  s[phase]' = s[phase] + g (1 - a) e
//           a = .1, g = max(.1, 1/visits)
//   slow    the mean of y - s[phase], with weight max(.02, 1/n) for the newest
//   drift   d = y - s[phase];  k' = k + max(.3, 1/n) (d - k);  forecast k + h b/2 + s[phase]
//           b: the slope of a line through d by least squares, older values forgotten by .99 a step
//
// The first season gives s, less its mean, and the levels. Without a season s is 0 and drift alone is left:
// the theta method with fixed weights. The first weights of the level are 1/n, at most a half.
//
// Sources: R. J. Hyndman & G. Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, 2021,
// section 8.3; R. J. Hyndman & B. Billah, Unmasking the Theta method, International Journal of Forecasting
// 19, 2003.
#ifndef FORECASTD_PLUGINS_AUTO_LEVEL_HPP
#define FORECASTD_PLUGINS_AUTO_LEVEL_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "state.hpp"

namespace automatic {

inline constexpr float level_gain = 0.1F, slow_gain = 0.02F, drift_gain = 0.3F, season_gain = 0.1F;
inline constexpr float slope_memory = 0.99F;

// Of the line through the values less their season; 0 before six of them.
inline double slope(const Levels& levels) {
    const double count = levels.count, time = levels.time;
    const double spread = count * static_cast<double>(levels.time_squared) - time * time;
    if (!(count > 5 && spread > 0)) return 0;
    return (count * static_cast<double>(levels.time_sum) - time * static_cast<double>(levels.sum)) / spread;
}

namespace detail {

// Adds a value at time 0; those before it are a step older than they were.
inline void follow_line(Levels& levels, float value) {
    const float f = slope_memory;
    levels.time_squared = f * (levels.time_squared - 2 * levels.time + levels.count);
    levels.time_sum = f * (levels.time_sum - levels.sum);
    levels.time = f * (levels.time - levels.count);
    levels.count = f * levels.count + 1;
    levels.sum = f * levels.sum + value;
}

// The first season's values are there: takes their mean out of them.
inline void begin(Levels& levels, std::span<float> season) {
    double mean = 0;
    for (const float value : season) mean += static_cast<double>(value);
    mean /= static_cast<double>(season.size());
    for (float& value : season) value = static_cast<float>(static_cast<double>(value) - mean);
    levels = {};
    levels.level = levels.slow = levels.drift = static_cast<float>(mean);
}

}  // namespace detail

// n: the number of this value, from 1 on. season is empty without one. Thread: any, as its series.
inline void learn(Levels& levels, std::span<float> season, std::uint64_t n, std::size_t phase, float z) {
    float seasonal = 0;
    if (!season.empty()) {
        if (n <= season.size()) season[phase] = z;
        if (n < season.size()) return;
        const std::uint64_t since = n - season.size();
        if (since == 0) {
            detail::begin(levels, season);
        } else {
            const auto count = static_cast<float>(since);
            const float before = season[phase];
            const float gain = since < 20 ? std::max(level_gain, std::min(0.5F, 1 / count)) : level_gain;
            const float error = z - levels.level - before;
            levels.level += gain * error;
            levels.slow += std::max(slow_gain, 1 / (count + 1)) * (z - before - levels.slow);
            season[phase] =
                numerics::settled_float(before + gain_at(n, season.size(), season_gain) * (1 - gain) * error);
        }
        seasonal = season[phase];
        n = since + 1;
    }
    const float value = z - seasonal;
    detail::follow_line(levels, value);
    if (season.empty() || n > 1)
        levels.drift += std::max(drift_gain, 1 / static_cast<float>(n)) * (value - levels.drift);
}

// In other units, z' = by z + shift. n: values learned.
inline void rescale(Levels& levels, std::span<float> season, std::uint64_t n, double by, double shift) {
    // While the first season comes in, it holds values, later deviations from a level.
    const double season_shift = n < season.size() ? shift : 0;
    for (float& z : season) z = moved(z, by, season_shift);
    for (float* const level : {&levels.level, &levels.slow, &levels.drift}) *level = moved(*level, by, shift);
    levels.time_sum = moved(levels.time_sum, by, shift * static_cast<double>(levels.time));
    levels.sum = moved(levels.sum, by, shift * static_cast<double>(levels.count));
}

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_LEVEL_HPP
