// The seasonal naive forecast: the last value at the same phase of the season.
//
//   f(h) = the last value seen at the phase of h,   deviation(h) = sigma * sqrt(floor((h-1)/m) + 1)
//
// where the phase is the local step modulo the season length m, so a lost point leaves all others in place.
// sigma^2 is the mean square of the errors against the season before, as numerics/error_variance.hpp keeps
// it. A phase that was never seen gets the naive forecast; until the first season is over, all do, and sigma
// is that of the naive forecast.
//
// Of two seasons the longer one is repeated, as that of days within weeks is. A phase of it that was never
// seen gets the last value at the same phase of the shorter one, one or more of its lengths before. Source:
// R. J. Hyndman & G. Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, 2021, sections 5.2
// and 5.5.
#ifndef FORECASTD_PLUGINS_NAIVE_SEASONAL_NAIVE_MODEL_HPP
#define FORECASTD_PLUGINS_NAIVE_SEASONAL_NAIVE_MODEL_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"

#include "naive_model.hpp"

namespace seasonal_naive {

using numerics::Expected;

// The state of one series: plain bytes, and beside them a season of values, NaN where none was seen.
struct State {
    naive::State last;
    numerics::ErrorVariance errors;  // against the season before
};

// Marks every phase as not seen.
inline void start(std::span<double> season) { std::fill(season.begin(), season.end(), numerics::unknown); }

// The last value at the phase of a local step; `shorter` is the length of a second, shorter season, or 0. NaN
// if neither has one.
[[nodiscard]] inline double value_at(std::span<const double> season, std::size_t shorter,
                                     std::int64_t local_step) {
    double value = season[numerics::phase_of(local_step, season.size())];
    if (shorter < 2) return value;
    const std::uint64_t furthest = std::min<std::uint64_t>(season.size() - 1, 1000 * std::uint64_t{shorter});
    for (std::uint64_t back = shorter; std::isnan(value) && back <= furthest; back += shorter)
        value = season[numerics::phase_of(numerics::step_after(local_step, -back), season.size())];
    return value;
}

// How many seasons back the last value of the phase lies, if no season was lost.
[[nodiscard]] inline double seasons_ahead(const State& state, std::size_t season_length, std::int64_t step) {
    const std::uint64_t steps = numerics::steps_between(state.last.last_step, step);
    const std::uint64_t seasons = (steps - 1) / season_length + 1;
    return static_cast<double>(seasons);
}

// The forecast of a later step; state has learned a point.
[[nodiscard]] inline Expected expect(const State& state, std::span<const double> season, std::int64_t step,
                                     std::int64_t local_step, std::size_t shorter = 0) {
    const double value = value_at(season, shorter, local_step);
    if (std::isnan(value)) return naive::expect(state.last, step);
    const auto& errors = state.errors.count() > 0 ? state.errors : state.last.errors;
    return {value, errors.deviation(seasons_ahead(state, season.size(), step))};
}

inline void learn(State& state, std::span<double> season, std::int64_t step, std::int64_t local_step,
                  double value, std::size_t shorter = 0) {
    const double before = value_at(season, shorter, local_step);
    if (!std::isnan(before))
        state.errors.learn(numerics::saturate(value - before), seasons_ahead(state, season.size(), step));
    naive::learn(state.last, step, value);
    season[numerics::phase_of(local_step, season.size())] = value;
}

}  // namespace seasonal_naive

#endif  // FORECASTD_PLUGINS_NAIVE_SEASONAL_NAIVE_MODEL_HPP
