// One of the quantities that are watched, with its tail and the peaks that it has had of late.
//
// Before a tail has shown its shape it counts as slightly heavier than an exponential one (xi_0 = 0.1), since
// most quantities of telemetry are.
//
// A peak that has come back is no news: where at least two earlier peaks of 0.75 to 1.33 times its height
// above the threshold began within the last 5,000 points, r of them, it is told as at least 10 r / 5000
// probable. Peaks are values rarer than 10^-2.5; those within 30 points of each other are one. The last eight
// are kept.
#ifndef FORECASTD_PLUGINS_NOVELTY_CHANNEL_HPP
#define FORECASTD_PLUGINS_NOVELTY_CHANNEL_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "statistics/tail.hpp"

namespace novelty {

struct Channel {
    static constexpr std::size_t kept = 8;
    struct Peak {
        float height;        // above the threshold
        std::uint32_t last;  // the point at which it was last seen, counted from 1; 0: none
    };

    // -log10 of the probability of a value above y, at the point `now`; 0 for NaN.
    [[nodiscard]] double surprise(double y, std::uint32_t now) const {
        const double found = tail.surprise(y, usual_shape);
        if (found < rare) return found;
        const double height = y - tail.threshold();
        int earlier = 0;
        for (const Peak& peak : peaks) {
            const std::uint32_t age = now - peak.last;
            if (peak.last != 0 && age > one_peak && age <= memory && peak.height >= 0.75 * height &&
                peak.height <= 1.33 * height)
                ++earlier;
        }
        return earlier < 2 ? found : std::min(found, std::log10(memory / (10.0 * earlier)));
    }

    void learn(double y, std::uint32_t now) {
        if (std::isnan(y)) return;
        if (tail.surprise(y, usual_shape) >= rare) keep_peak(static_cast<float>(y - tail.threshold()), now);
        tail.observe(y, shape_reach);
    }

    // Whether any value was above the threshold yet. Until then the tail has no width, and all others are
    // infinitely rare.
    [[nodiscard]] bool has_width() const { return tail.is_warm() && tail.mean_excess() > 0; }

    // The greatest y that is learned in full by what averages over many values: 4 mean excesses above the
    // threshold. Infinite while that is not known.
    [[nodiscard]] double greatest_usual() const {
        if (!has_width()) return std::numeric_limits<double>::infinity();
        return tail.threshold() + shape_reach * std::max(tail.mean_excess(), 0.1 * tail.spread());
    }

    forecastd::statistics::Tail tail;
    Peak peaks[kept] = {};  // the latest first

  private:
    static constexpr double rare = 2.5, shape_reach = 4, usual_shape = 0.1;
    static constexpr std::uint32_t one_peak = 30, memory = 5000;

    void keep_peak(float height, std::uint32_t now) {
        if (peaks[0].last != 0 && now - peaks[0].last <= one_peak) {
            peaks[0] = {std::max(peaks[0].height, height), now};
            return;
        }
        for (std::size_t i = kept - 1; i > 0; --i) peaks[i] = peaks[i - 1];
        peaks[0] = {height, now};
    }
};

}  // namespace novelty

#endif  // FORECASTD_PLUGINS_NOVELTY_CHANNEL_HPP
