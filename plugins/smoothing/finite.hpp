// Small helpers that keep numbers finite and steps within bounds.
#ifndef FORECASTD_PLUGINS_SMOOTHING_FINITE_HPP
#define FORECASTD_PLUGINS_SMOOTHING_FINITE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>

namespace smoothing {

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

// The nearest finite number: sums and products of huge values may overflow, what leaves a plugin may not.
inline double saturate(double value) {
    constexpr double greatest = std::numeric_limits<double>::max();
    return std::min(std::max(value, -greatest), greatest);
}

// The nearest positive finite number, for levels and ratios that must stay above 0.
inline double positive(double value) {
    return std::min(std::max(value, std::numeric_limits<double>::min()), std::numeric_limits<double>::max());
}

// Throws std::domain_error unless value > 0: what `parameter` makes multiplicative cannot be learned
// otherwise.
inline void require_positive(double value, const char* parameter) {
    if (value > 0) return;
    throw std::domain_error("found a value that is not above 0, expected values above 0 alone since " +
                            std::string(parameter) + " is \"mul\"; set it to \"add\"");
}

// How many steps lie between two places on the grid; also right where the difference overflows an int64.
inline std::uint64_t steps_between(std::int64_t from, std::int64_t to) {
    return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

// The step `count` after another; wraps around where the sum overflows an int64.
inline std::int64_t step_after(std::int64_t step, std::uint64_t count) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(step) + count);
}

// The place within a season of season_length >= 1 steps; steps before 1970 are negative.
inline std::size_t phase_of(std::int64_t local_step, std::size_t season_length) {
    const auto length = static_cast<std::int64_t>(season_length);
    const std::int64_t remainder = local_step % length;
    return static_cast<std::size_t>(remainder < 0 ? remainder + length : remainder);
}

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_FINITE_HPP
