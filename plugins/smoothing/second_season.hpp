// The values of a second, longer season read off a window, for the recursion to begin with.
//
//   level    the mean of the second season's length around each step, or nearest to it at the ends
//   d        the value less its level
//   first    the mean of d by phase of the first season
//   second   the mean of d - first by phase of the second one, shrunk as noise would be:
//            times 1 - (variance of a mean by chance) / (variance of the means), at least 0
//
// With the few seasons of a window each mean is of two to four values, so half of what it shows may be noise.
#ifndef FORECASTD_PLUGINS_SMOOTHING_SECOND_SEASON_HPP
#define FORECASTD_PLUGINS_SMOOTHING_SECOND_SEASON_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace smoothing {

namespace detail {

// Means of the values by phase, NaN passed over; 0 where there is none. counts: scratch of the same length.
inline void means_by_phase(std::span<const double> values, std::span<double> means,
                           std::span<double> counts) {
    std::fill(means.begin(), means.end(), 0.0);
    std::fill(counts.begin(), counts.end(), 0.0);
    for (std::size_t t = 0, phase = 0; t < values.size(); ++t) {
        if (!std::isnan(values[t])) {
            means[phase] += values[t];
            counts[phase] += 1;
        }
        if (++phase == means.size()) phase = 0;
    }
    for (std::size_t j = 0; j < means.size(); ++j) means[j] = counts[j] > 0 ? means[j] / counts[j] : 0;
}

}  // namespace detail

// Writes the second season by step from the first value on. first: as long as the first season, scratch.
// work: as long as values; counts: as long as the longer season. values: at least second.size() of them.
inline void second_season(std::span<const double> values, std::span<double> first, std::span<double> second,
                          std::span<double> work, std::span<double> counts) {
    const std::size_t n = values.size(), m = second.size();
    double sum = 0, there = 0;
    const auto add = [&](double value, double sign) {
        if (std::isnan(value)) return;
        sum += sign * value;
        there += sign;
    };
    for (std::size_t t = 0; t < m; ++t) add(values[t], 1);
    std::size_t begin = 0;
    for (std::size_t t = 0; t < n; ++t) {
        if (t > begin + m / 2 && begin + m < n) {
            add(values[begin], -1);
            add(values[begin + m], 1);
            ++begin;
        }
        work[t] = values[t] - (there > 0 ? sum / there : 0);
    }
    detail::means_by_phase(work, first, counts.first(first.size()));
    for (std::size_t t = 0, phase = 0; t < n; ++t) {
        work[t] -= first[phase];
        if (++phase == first.size()) phase = 0;
    }
    detail::means_by_phase(work, second, counts.first(m));
    // An analysis of variance: within the phases, and of their means.
    double within = 0, freedom = 0, between = 0, by_chance = 0;
    for (std::size_t t = 0, phase = 0; t < n; ++t) {
        if (!std::isnan(work[t])) within += (work[t] - second[phase]) * (work[t] - second[phase]);
        if (++phase == m) phase = 0;
    }
    for (std::size_t j = 0; j < m; ++j) {
        if (counts[j] > 0) freedom += counts[j] - 1;
        between += second[j] * second[j];
    }
    const double noise = freedom > 0 ? within / freedom : 0;
    for (std::size_t j = 0; j < m; ++j) by_chance += counts[j] > 0 ? noise / counts[j] : 0;
    const double kept = between > by_chance ? 1 - by_chance / between : 0;
    for (double& value : second) value *= kept;
}

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_SECOND_SEASON_HPP
