// The last peaks of a series' score, to tell whether one more like them is news.
//
// Anomalies within 30 steps of each other are one peak. A height that came back in several peaks of the last
// 5,000 steps has, by that, a probability of r / n: r peaks at least about as high, in the n points that the
// series has seen, 5,000 at most. Its score counts no more than that probability would, less a decade.
//
// Only the last eight peaks are remembered: more do not change the answer at any usual limit. Plain data, all
// zero at first.
#ifndef FORECASTD_ENGINE_PEAKS_HPP
#define FORECASTD_ENGINE_PEAKS_HPP

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "base/bytes.hpp"
#include "base/expected.hpp"

namespace forecastd::engine {

class Peaks {
  public:
    static constexpr std::int64_t memory = 5000, width = 30;  // steps
    static constexpr unsigned several = 3;
    static constexpr double same_height = 0.9;  // of a score: from here on it is as high

    // The score of an anomaly as it counts, which is remembered. decade: how much a score grows with a decade
    // of probability. seen: points of the series.
    double add(std::int64_t step, double score, double decade, std::int64_t seen) {
        const auto now = static_cast<std::uint32_t>(step);
        unsigned like_it = 0;
        for (const Peak& peak : peaks_) {
            const std::uint32_t age = now - peak.step;
            like_it += peak.height > 0 && age > width && age <= memory &&
                       static_cast<double>(peak.height) >= same_height * score;
        }
        Peak* last = &peaks_[last_ % size];
        if (last->height == 0 || now - last->step > width) {
            last = &peaks_[++last_ % size];
            *last = {};
        }
        *last = {std::max(last->height, static_cast<float>(score)), now};
        if (like_it < several) return score;
        const auto points = static_cast<double>(std::clamp<std::int64_t>(seen, 1, memory));
        return std::min(score, (std::log10(points / like_it) - 1) * decade);
    }

    void save(ByteWriter& out) const {
        out.put(last_);
        for (const Peak& peak : peaks_) {
            out.put(std::bit_cast<std::uint32_t>(peak.height));
            out.put(peak.step);
        }
    }
    void load(ByteReader& in) {
        last_ = in.take<std::uint32_t>();
        for (Peak& peak : peaks_) {
            peak.height = std::bit_cast<float>(in.take<std::uint32_t>());
            peak.step = in.take<std::uint32_t>();
        }
    }

  private:
    struct Peak {
        float height;        // of its greatest score; 0: there is none
        std::uint32_t step;  // of its last anomaly; ages are differences, so that it may wrap
    };
    static constexpr unsigned size = 8;

    Peak peaks_[size];
    std::uint32_t last_;
};

}  // namespace forecastd::engine

#endif
