// The regular grid that a series stands on: an interval, and a phase, since points seldom come on the full
// interval.
//
// A step counts intervals since 1970, so a season's phase follows from time alone; a lost point shows as a
// jump. The phase is that of the first point (of the median one, if the interval is learned), so jitter of up
// to half an interval to either side does not move a point to another step.
#ifndef FORECASTD_ENGINE_GRID_HPP
#define FORECASTD_ENGINE_GRID_HPP

#include <cstddef>
#include <cstdint>
#include <span>

namespace forecastd::engine {

// Times beyond this (before the year 1824 or after 2115) are not watched, and intervals are no longer than
// that (31 years), so that sums and differences of times stay within 64 bits.
inline constexpr std::int64_t latest_time_ns = 4'600'000'000'000'000'000;
inline constexpr std::int64_t longest_interval_ns = 1'000'000'000'000'000'000;

inline std::int64_t floor_divide(std::int64_t a, std::int64_t b) {  // b > 0
    const std::int64_t quotient = a / b;
    return quotient - (a % b < 0 ? 1 : 0);
}

inline std::int64_t phase_of(std::int64_t time_ns, std::int64_t interval_ns) {
    return time_ns - floor_divide(time_ns, interval_ns) * interval_ns;
}

inline std::int64_t step_of(std::int64_t time_ns, std::int64_t interval_ns, std::int64_t phase_ns) {
    return floor_divide(time_ns - phase_ns + interval_ns / 2, interval_ns);
}

// The time of a step; false if it does not fit into 64 bits.
inline bool time_of(std::int64_t step, std::int64_t interval_ns, std::int64_t phase_ns,
                    std::int64_t& time_ns) {
    return !__builtin_mul_overflow(step, interval_ns, &time_ns) &&
           !__builtin_add_overflow(time_ns, phase_ns, &time_ns);
}

// How many points are held back to learn an interval from: regular ones, and ones with jitter.
inline constexpr std::size_t learning_points = 8;
inline constexpr std::size_t jittered_points = 32;

// Whether points are so regular that a few of them tell their interval: most distances are near their median.
bool is_regular(std::span<const std::int64_t> times_ns);

// The interval of some points, ascending in time, on the nearest round number within one percent (9.98 s is
// 10 s).
//
// If at least half of the distances agree within one percent, it is their median. Otherwise it is the slope
// of the line through the points over their steps, by least squares, and the round number may be two standard
// errors away. With jittered_points or more, the grid on which they lie best is looked for first. Points on
// no grid: the mean of their distances without the gaps, or, of few, the median.
std::int64_t learned_interval(std::span<const std::int64_t> times_ns);

// The phase that lies nearest to most of the points.
std::int64_t learned_phase(std::span<const std::int64_t> times_ns, std::int64_t interval_ns);

}  // namespace forecastd::engine

#endif
