// Level, trend and season from two seasons of values, to start the recursion with.
//
// The two seasons are already averaged by phase; growth is what the second lay above the first. The classical
// decomposition of two seasons then has the closed form
//
//   trend b = growth / m,   level at the end of the second season = mean + b (m - 1/2),
//   season's value at place p = average_p - mean - b (p - (m-1)/2),   or the ratio in place of the difference
//
// so that the average over both seasons is known better than one season alone, and sums to none over a
// season. Source: C. C. Holt's and P. R. Winters' start in the form of S. Makridakis, S. C. Wheelwright & R.
// J. Hyndman, Forecasting: Methods and Applications, 3rd edition, 1998, section 4/3.
#ifndef FORECASTD_PLUGINS_HOLT_WINTERS_DECOMPOSITION_HPP
#define FORECASTD_PLUGINS_HOLT_WINTERS_DECOMPOSITION_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "../numerics/finite.hpp"

#include "../smoothing/form.hpp"

namespace holt_winters {

using smoothing::Season;

struct Line {
    double level, trend;
};

// Gives phases that were never seen (NaN) the straight line between their neighbours around the season;
// leaves a season of which nothing was seen as it is.
inline void fill_unseen(std::span<double> season) {
    const std::size_t length = season.size();
    const auto seen = [&](std::size_t place) { return !std::isnan(season[place % length]); };
    std::size_t from = 0;
    while (from < length && !seen(from)) ++from;
    if (from == length) return;
    for (const std::size_t end = from + length; from < end;) {
        std::size_t to = from + 1;
        while (!seen(to)) ++to;
        const double left = season[from % length], right = season[to % length];
        for (std::size_t place = from + 1; place < to; ++place) {
            const double share = static_cast<double>(place - from) / static_cast<double>(to - from);
            season[place % length] = (1 - share) * left + share * right;
        }
        from = to;
    }
}

// Turns averages by phase into a season's values in place; returns level and trend at the end of the second
// season. first_phase: where in the span a season begins. Without a trend, growth only moves the level.
inline Line decompose(std::span<double> season, std::size_t first_phase, double growth, bool with_trend,
                      Season form) {
    fill_unseen(season);
    const auto length = static_cast<double>(season.size());
    double mean = 0, count = 0;
    for (const double average : season) mean += numerics::saturate(average - mean) / ++count;
    // A fall by more than a mean would take the line of a multiplicative season below zero.
    if (form == Season::multiplicative) growth = std::clamp(growth, -0.9 * mean, 0.9 * mean);

    const double trend = with_trend ? growth / length : 0;
    for (std::size_t place = 0; place < season.size(); ++place) {
        double& value = season[(first_phase + place) % season.size()];
        const double line = mean + trend * (static_cast<double>(place) - (length - 1) / 2);
        value =
            form == Season::additive ? numerics::saturate(value - line) : numerics::positive(value / line);
    }
    return {numerics::saturate(mean + (with_trend ? trend * (length - 0.5) : growth / 2)), trend};
}

}  // namespace holt_winters

#endif  // FORECASTD_PLUGINS_HOLT_WINTERS_DECOMPOSITION_HPP
