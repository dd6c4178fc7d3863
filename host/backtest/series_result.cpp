#include "backtest/series_result.hpp"

#include <algorithm>

namespace forecastd::backtest {
namespace {

std::size_t place_of(std::int64_t step, std::size_t size) {
    const auto season = static_cast<std::int64_t>(size);
    return static_cast<std::size_t>((step % season + season) % season);
}

}  // namespace

// A forecast further ahead than a season repeats the last value that has the same phase.
double SeriesResult::seasonal(std::int64_t step) const {
    if (season.empty()) return nan;
    return season[place_of(step, season.size())];
}

void SeriesResult::fill_season(std::int64_t step, double y) {
    if (season.empty()) return;
    const auto size = static_cast<std::int64_t>(season.size());
    // What is missing is not known, rather than what it was a season before.
    for (std::int64_t missing = std::max(season_step + 1, step - size); missing < step; ++missing)
        season[place_of(missing, season.size())] = std::numeric_limits<float>::quiet_NaN();
    season[place_of(step, season.size())] = static_cast<float>(y);
    season_step = step;
}

}  // namespace forecastd::backtest
