// A straight line through the means of blocks, with a profile for each season: robust against blocks that lie
// far off.
//
//   y_i = level + slope i + season(i) + r_i
//
// 1. A first slope: the median of the differences between blocks half a window apart, a whole number of
//    seasons where there are two (H. Theil, 1950, in its incomplete form; R. M. Hirsch, J. R. Slack & R. A.
//    Smith, 1982, for seasons).
// 2. Each profile is the median of what the line leaves at a phase; the line is fitted again to what the
//    profiles leave, by Huber's loss (P. J. Huber, Robust Statistics, 1981, chapter 7); three times in turn.
// 3. A season that leaves no less than chance would is left out.
// 4. What the residuals are: noise of a block, variance tau2, and a random walk, variance q a block. Their
//    variogram E (r_(i+k) - r_i)^2 = 2 tau2 + q k tells (A. C. Harvey, Forecasting, Structural Time Series
//    Models and the Kalman Filter, 1989, section 2.3: local level and drift). The line that was fitted has
//    taken 1.2 k/n of a walk.
// 5. Whether growth has changed: the slope of the last eighth of the blocks is more than three times as far
//    from the line's as that of each other eighth, and five of its deviations. What goes up and down has been
//    as far before.
// 6. The slope's variance follows: 12 tau2 / n^3 of the noise, and 1.2 q / n of the walk.
#ifndef FORECASTD_PLUGINS_TREND_LINE_FIT_HPP
#define FORECASTD_PLUGINS_TREND_LINE_FIT_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "blocks.hpp"

namespace trend {

// At the newest block, number 0; the unit of time is a block.
struct Line {
    double level = 0, slope = 0;
    double noise = 0, walk = 0, slope_variance = 0;  // tau2, q, and that of the slope
    double anchor = 0;                               // how far the series is off the line by the walk
    double gain = 0;                                 // how much of a further residual that takes
    std::uint32_t used = 0;                          // blocks
    std::uint32_t since_break =
        0;  // if growth has changed: of the last blocks, how many to go on with; else 0
    std::uint32_t is_seasonal = 0;
};

// What fits work on; as large as a window, so that a fit allocates nothing.
class LineFit {
  public:
    explicit LineFit(const Blocks& blocks)
        : raw(blocks.count()),
          blocks_(blocks),
          values_(blocks.count()),
          weights_(blocks.count()),
          some_(blocks.count()),
          season_(blocks.phases()),
          short_season_(blocks.short_phases()) {}

    // The means, oldest first, NaN where a block had no point; the caller fills the first `n` of them.
    std::vector<double> raw;

    // Fits the first n >= 4 means, of which the last is that of block `newest`. Writes the profiles, 0 where
    // there is no season. keeps_season: where there are not two seasons, the profiles stay as they are.
    Line fit(std::size_t n, std::int64_t newest, std::span<double> season, std::span<double> short_season,
             bool keeps_season = false);

  private:
    static constexpr std::size_t least_segment = 6;
    static constexpr int rounds = 3, reweightings = 3;
    static constexpr double huber = 1.345, to_deviation = 1.4826;

    [[nodiscard]] static double median(std::span<double> values) {
        if (values.empty()) return 0;
        const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
        std::nth_element(values.begin(), middle, values.end());
        if (values.size() % 2 == 1) return *middle;
        return *std::max_element(values.begin(), middle) / 2 + *middle / 2;
    }
    [[nodiscard]] double time(std::size_t i) const {
        return static_cast<double>(i) - static_cast<double>(n_ - 1);
    }

    // The median step of `values_` from blocks to those `lag` later, by the block.
    double theil(std::size_t lag) {
        std::size_t count = 0;
        for (std::size_t i = lag; i < n_; ++i)
            if (!std::isnan(values_[i]) && !std::isnan(values_[i - lag]))
                some_[count++] = (values_[i] - values_[i - lag]) / static_cast<double>(lag);
        return median(std::span(some_).first(count));
    }
    void center(Line& line) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < n_; ++i)
            if (!std::isnan(values_[i])) some_[count++] = values_[i] - line.slope * time(i);
        line.used = static_cast<std::uint32_t>(count);
        line.level = median(std::span(some_).first(count));
    }
    // The median of `values_` less the line at each phase, less their mean.
    template <class Phase>
    void find_profile(std::span<double> profile, Phase phase_of, const Line& line) {
        double sum = 0;
        for (std::size_t phase = 0; phase < profile.size(); ++phase) {
            std::size_t count = 0;
            const std::size_t first =
                phase_of(0) <= phase ? phase - phase_of(0) : profile.size() + phase - phase_of(0);
            for (std::size_t i = first; i < n_; i += profile.size())
                if (!std::isnan(values_[i])) some_[count++] = values_[i] - line.level - line.slope * time(i);
            profile[phase] = median(std::span(some_).first(count));
            sum += profile[phase];
        }
        for (double& value : profile) value -= sum / static_cast<double>(profile.size());
        for (std::size_t i = 0; i < n_; ++i) values_[i] -= profile[phase_of(i)];
    }
    // Huber's line through `values_`, from a first one on.
    void regress(Line& line) {
        for (int i = 0; i < reweightings; ++i) reweight(line), solve(line);
    }
    double reweight(const Line& line) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < n_; ++i)
            if (!std::isnan(values_[i]))
                some_[count++] = std::abs(values_[i] - line.level - line.slope * time(i));
        const double deviation = to_deviation * median(std::span(some_).first(count)),
                     limit = huber * deviation;
        for (std::size_t i = 0; i < n_; ++i) {
            const double size = std::abs(values_[i] - line.level - line.slope * time(i));
            weights_[i] = std::isnan(size) ? 0 : size <= limit || !(limit > 0) ? 1 : limit / size;
        }
        return deviation;
    }
    void solve(Line& line) const {
        double weight = 0, t = 0, y = 0;  // sums of values near 1: no digits are lost
        for (std::size_t i = 0; i < n_; ++i)
            if (weights_[i] > 0) {
                weight += weights_[i];
                t += weights_[i] * time(i);
                y += weights_[i] * values_[i];
            }
        if (!(weight > 0)) return;
        t /= weight;
        y /= weight;
        double tt = 0, ty = 0;
        for (std::size_t i = 0; i < n_; ++i)
            if (weights_[i] > 0) {
                const double off = weights_[i] * (time(i) - t);
                tt += off * (time(i) - t);
                ty += off * (values_[i] - y);
            }
        if (tt > 0) line.slope = ty / tt;
        line.level = y - line.slope * t;
    }
    // The mean absolute residual.
    [[nodiscard]] double spread(const Line& line) const {
        double sum = 0, count = 0;
        for (std::size_t i = 0; i < n_; ++i)
            if (!std::isnan(values_[i]))
                sum += std::abs(values_[i] - line.level - line.slope * time(i)), ++count;
        return count > 0 ? sum / count : 0;
    }
    void find_walk(Line& line, double cycles) const;
    struct Segment {
        double slope, deviation;
    };
    [[nodiscard]] Segment segment(std::size_t from, std::size_t size) const;
    void find_break(Line& line) const;

    const Blocks& blocks_;
    std::vector<double> values_, weights_, some_, season_, short_season_;
    std::size_t n_ = 0;
};

inline Line LineFit::fit(std::size_t n, std::int64_t newest, std::span<double> season,
                         std::span<double> short_season, bool keeps_season) {
    n_ = n;
    const auto first = static_cast<std::int64_t>(static_cast<std::uint64_t>(newest) - (n - 1));
    const std::size_t phases = blocks_.phases(), short_phases = blocks_.short_phases();
    const std::size_t begin = blocks_.phase(first),
                      short_begin = short_phases ? blocks_.short_phase(first) : 0;
    const auto phase_of = [=](std::size_t i) { return (begin + i) % phases; };
    const auto short_phase_of = [=](std::size_t i) { return (short_begin + i) % short_phases; };
    const double cycles = static_cast<double>(n) / static_cast<double>(phases);
    const bool finds_season = phases > 1 && cycles >= 2;
    keeps_season = keeps_season && !finds_season;
    if (!keeps_season) {
        std::fill(season.begin(), season.end(), 0);
        std::fill(short_season.begin(), short_season.end(), 0);
    }

    const auto restore = [&] {
        std::copy_n(raw.begin(), n, values_.begin());
        if (!keeps_season) return;
        for (std::size_t i = 0; i < n; ++i) values_[i] -= season[phase_of(i)];
        if (short_phases > 0)
            for (std::size_t i = 0; i < n; ++i) values_[i] -= short_season[short_phase_of(i)];
    };
    restore();
    Line plain;
    plain.is_seasonal = keeps_season ? 1 : 0;
    plain.slope = theil(std::max<std::size_t>(1, n / 2));
    center(plain);
    Line seasonal = plain;
    regress(plain);
    if (finds_season) {
        const double without = spread(plain);
        seasonal.is_seasonal = 1;
        seasonal.slope = theil(phases * std::max<std::size_t>(1, static_cast<std::size_t>(cycles / 2)));
        center(seasonal);
        for (int i = 0; i < rounds; ++i) {
            restore();
            if (short_phases > 0) find_profile(short_season_, short_phase_of, seasonal);
            find_profile(season_, phase_of, seasonal);
            regress(seasonal);
        }
        if (spread(seasonal) <= 0.9 * std::sqrt(1 - 1 / cycles) * without) {
            std::copy(season_.begin(), season_.end(), season.begin());
            std::copy(short_season_.begin(), short_season_.end(), short_season.begin());
            find_walk(seasonal, cycles);
            find_break(seasonal);
            return seasonal;
        }
        restore();
        reweight(plain);
    }
    find_walk(plain, 0);
    find_break(plain);
    return plain;
}

// Compares the slope of the last eighth of the window with those of the others, each by least squares.
inline void LineFit::find_break(Line& line) const {
    const std::size_t size = std::max<std::size_t>(least_segment, n_ / 8), segments = n_ / size;
    if (segments < 8) return;
    double furthest = 0;  // of the others' slopes from the line's; the two last ones may be of the new growth
    for (std::size_t i = 2; i < segments; ++i)
        furthest = std::max(furthest, std::abs(segment(n_ - (i + 1) * size, size).slope - line.slope));
    const Segment last = segment(n_ - size, size), half = segment(n_ - size / 2, size / 2);
    const double off = last.slope - line.slope;
    if (std::abs(off) > 3 * furthest && std::abs(off) > 5 * last.deviation &&
        (half.slope - line.slope) * off > 0 && std::abs(half.slope - line.slope) > 0.5 * std::abs(off))
        line.since_break = static_cast<std::uint32_t>(size);
}

inline LineFit::Segment LineFit::segment(std::size_t from, std::size_t size) const {
    double count = 0, t = 0, y = 0, tt = 0, ty = 0, yy = 0;
    for (std::size_t i = from; i < from + size; ++i) {
        if (std::isnan(values_[i])) continue;
        ++count;
        const double off_t = time(i) - t, off_y = values_[i] - y;
        t += off_t / count;
        y += off_y / count;
        tt += off_t * (time(i) - t);
        ty += off_t * (values_[i] - y);
        yy += off_y * (values_[i] - y);
    }
    if (count < 3 || !(tt > 0)) return {0, std::numeric_limits<double>::infinity()};
    const double slope = ty / tt;
    return {slope, std::sqrt(std::max(0.0, yy - slope * ty) / (count - 2) / tt)};
}

// cycles: of the season whose profile was fitted, which took its part of the residuals; 0: none.
inline void LineFit::find_walk(Line& line, double cycles) const {
    const auto n = static_cast<double>(n_);
    const std::size_t furthest = std::max<std::size_t>(2, n_ / 6);
    const auto variogram = [&](std::size_t from, std::size_t to) {
        double sum = 0, weight = 0;
        const std::size_t stride = std::max<std::size_t>(1, (to - from) / 4);
        for (std::size_t lag = from; lag <= to; lag += stride)
            for (std::size_t i = lag; i < n_; ++i) {
                const double weight_of_both = weights_[i] * weights_[i - lag];
                const double pair = weight_of_both * weight_of_both;  // as if outliers were at Huber's limit
                if (!(pair > 0)) continue;
                const double step = values_[i] - values_[i - lag] - line.slope * static_cast<double>(lag);
                weight += pair;
                sum += pair * step * step;
            }
        return weight > 0 ? sum / weight : 0;
    };
    const double taken = cycles > 1 ? cycles / (cycles - 1) : n / (n - 2);
    const std::size_t nearest = (furthest + 1) / 2 + (furthest > 2 ? 0 : 1);
    const double near = taken * variogram(1, 1), far = taken * variogram(nearest, furthest);
    const double lag = static_cast<double>(nearest + furthest) / 2;
    line.walk = std::max(0.0, (far - near) / (lag * (1 - 1.2 * lag / n) - 1));
    if (!(lag * (1 - 1.2 * lag / n) > 1.2)) line.walk = near / 2;  // too few to tell
    line.noise = std::max(0.0, (near - line.walk) / 2);
    line.slope_variance = 12 * line.noise / (n * n * n) + 1.2 * line.walk / n;

    const double ratio = line.noise > 0 ? line.walk / line.noise : line.walk > 0 ? 1e9 : 0;
    line.gain = ratio < 1e6 ? (std::sqrt(ratio * ratio + 4 * ratio) - ratio) / 2 : 1;
    for (std::size_t i = 0; i < n_; ++i)
        if (!std::isnan(values_[i]))
            line.anchor += line.gain * (values_[i] - line.level - line.slope * time(i) - line.anchor);
}

}  // namespace trend

#endif  // FORECASTD_PLUGINS_TREND_LINE_FIT_HPP
