// What is kept of one series.
#ifndef FORECASTD_PLUGINS_TREND_STATE_HPP
#define FORECASTD_PLUGINS_TREND_STATE_HPP

#include <array>
#include <cstdint>
#include <span>

#include "../numerics/error_variance.hpp"
#include "line_fit.hpp"

namespace trend {

inline constexpr std::array<double, 4> gains{0, 0.2, 0.5, 1};

// A value that moved to another level and stayed there: the blocks before it count as if they had been there
// too.
struct Shift {
    std::int64_t block = 0;         // the first one behind it
    double size = 0;                // 0: none
    std::int64_t recurs_until = 0;  // values that move back and forth are taken as they are
    std::uint32_t recurs = 0;

    std::uint32_t run = 0;  // values one after another that were far off to the same side...
    double sum = 0;         // ... by this, together
};

// The line of some time ago, kept until the series has come to where it was to be judged.
struct Backtest {
    std::int64_t origin = 0, target = 0;  // blocks
    double offset = 0, unit = 1;
    double level = 0, slope = 0, noise = 0, walk = 0, slope_variance = 0;  // as of Line, in those units
    std::uint32_t is_pending = 0;
    std::uint32_t judged = 0;
    double sum = 0, weight = 0;  // of squared errors over their variances
};

// Plain bytes. The means of blocks, and the profiles, follow behind it. Numbers of `line` are in units of
// (value - offset) / unit.
struct State {
    std::int64_t last_step = 0, last_local = 0, block = 0;  // the block that is being filled
    std::uint64_t points = 0;
    double last = 0;
    double mean = 0;                     // the mean of the block that is being filled
    std::uint32_t count = 0;             // its points
    std::uint32_t filled = 0, next = 0;  // the ring of means; the newest is that of block - 1
    std::uint32_t since = 0;             // blocks since the last fit
    std::uint32_t fits = 0;
    Line line;
    double offset = 0, unit = 1;
    std::int64_t begin = 0;       // growth changed there: blocks before it are not looked at...
    std::uint32_t has_begun = 0;  // ... if not 0
    std::uint32_t changes = 0;    // not 0: growth changes again and again...
    double slope_before = 0;      // by the block
    std::int64_t broke_at = 0, changes_until = 0;  // ... so it is not cut off; the block where that was found
    std::int64_t origin = 0;                       // the line's block 0
    std::int64_t fitted_at = 0;                    // the local step of the fit...
    double fitted_time = 0;                   // ... and where that is, in blocks from the middle of block 0
    std::array<double, gains.size()> near{};  // how far the last values are off, by each of the gains...
    std::array<double, gains.size()> near_errors{};  // ... and how wrong that was
    numerics::ErrorVariance errors, far_errors;      // one step ahead, with `near` and without
    Shift shift;
    Backtest backtest;
};

struct Parts {
    std::span<double> means, season, short_season;
};
struct ConstParts {
    std::span<const double> means, season, short_season;
};

}  // namespace trend

#endif  // FORECASTD_PLUGINS_TREND_STATE_HPP
