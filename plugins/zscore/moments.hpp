// Mean and variance of a stream of numbers, either exponentially weighted or over a window of the last ones.
//
// Exponentially weighted, with weight w = max(1/n, 1 - 2^(-1/half_life)) at the n-th number:
//
//   d = x - mean;   mean' = mean + w d;   variance' = (1-w) (variance + w d^2)
//
// so it is the plain average at first. Source: T. Finch, Incremental calculation of weighted mean and
// variance, University of Cambridge, 2009, section 9; at first it is B. P. Welford's method, Technometrics 4,
// 1962.
//
// Over a window of N, where x takes the place of the oldest number o:
//
//   mean' = mean + (x - o) / N;   variance' = variance + (x - o) (x - mean' + o - mean) / N
//
// and whenever N numbers were replaced, both are computed afresh, so that rounding errors do not pile up.
#ifndef FORECASTD_PLUGINS_ZSCORE_MOMENTS_HPP
#define FORECASTD_PLUGINS_ZSCORE_MOMENTS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace zscore {

// Plain bytes. Numbers must be within +-1e150, so that their squares are finite.
struct Moments {
    double mean = 0;
    double variance = 0;
    std::uint32_t count = 0;  // numbers learned, or kept in the window
    std::uint32_t next = 0;   // where the next number goes in a window

    // Learns a number whose weight is at least least_weight.
    void weigh(double number, double least_weight) {
        if (count < std::numeric_limits<std::uint32_t>::max()) ++count;
        update(number, count * least_weight < 1 ? 1.0 / count : least_weight);
    }

    // Learns a number in place of the oldest of a window, once that is full.
    void replace(double number, std::span<double> window) {
        const std::size_t place = next < window.size() ? next : 0;
        const double oldest = window[place];
        window[place] = number;
        next = static_cast<std::uint32_t>(place + 1);
        if (count < window.size()) {
            ++count;
            update(number, 1.0 / count);
        } else {
            const double change = number - oldest, before = mean;
            mean += change / count;
            variance = std::max(0.0, variance + change * (number - mean + oldest - before) / count);
        }
        if (next == window.size()) refresh(window);
    }

  private:
    void update(double number, double weight) {
        const double difference = number - mean;
        mean += weight * difference;
        variance = (1 - weight) * (variance + weight * difference * difference);
    }

    void refresh(std::span<const double> window) {
        const auto size = static_cast<double>(window.size());
        mean = variance = 0;
        for (const double number : window) mean += number / size;
        for (const double number : window) variance += (number - mean) * (number - mean) / size;
    }
};

}  // namespace zscore

#endif  // FORECASTD_PLUGINS_ZSCORE_MOMENTS_HPP
