#include "backtest/results.hpp"

#include <algorithm>
#include <cmath>

namespace forecastd::backtest {

void ErrorBins::add(double error) {
    if (std::isnan(error)) return;
    const double place = (error - from) / (to - from) * static_cast<double>(counts.size());
    const double last = static_cast<double>(counts.size() - 1);
    ++counts[static_cast<std::size_t>(std::clamp(std::floor(place), 0.0, last))];
}

std::size_t Results::find_or_add(std::size_t pipeline, std::string_view key, std::string_view field) {
    name_.assign(std::to_string(pipeline)).append(1, '\0').append(key).append(1, '\0').append(field);
    const auto [found, is_new] = numbers_.try_emplace(name_, series_.size());
    if (!is_new) return found->second;
    SeriesResult& series = series_.emplace_back();
    series.pipeline = pipeline;
    series.key = key;
    series.field = field;
    while (buckets_a_series_ > least_buckets && series_.size() * buckets_a_series_ > curve_buckets)
        buckets_a_series_ /= 2;
    return found->second;
}

void Results::make_season(SeriesResult& series, std::int64_t steps) {
    const auto size = static_cast<std::size_t>(std::max<std::int64_t>(steps, 0));
    season_bytes_ -= series.season.size() * sizeof(float);
    series.season.clear();
    if (size == 0) return;
    if (season_bytes_ + size * sizeof(float) > season_bytes) {
        ++without_season_;
        return;
    }
    season_bytes_ += size * sizeof(float);
    series.season.assign(size, std::numeric_limits<float>::quiet_NaN());
}

}  // namespace forecastd::backtest
