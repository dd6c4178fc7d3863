// Places on the grid of a series: distances between steps, and the phase of a step within a season.
//
// Steps are those of the SDK: int64 numbers of grid intervals. Any int64 is valid; distances are computed
// modulo 2^64, so none of these overflows.
#ifndef FORECASTD_PLUGINS_NUMERICS_STEPS_HPP
#define FORECASTD_PLUGINS_NUMERICS_STEPS_HPP

#include <cstddef>
#include <cstdint>

namespace numerics {

// The number of steps from one place on the grid to a later one; correct also where the difference overflows
// an int64.
inline std::uint64_t steps_between(std::int64_t from, std::int64_t to) {
    return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

// The step `count` after another; wraps around where the sum overflows an int64.
inline std::int64_t step_after(std::int64_t step, std::uint64_t count) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(step) + count);
}

// The place of a local step within a season of season_length >= 1 steps, from 0 to season_length - 1. Steps
// before 1970 are negative.
inline std::size_t phase_of(std::int64_t local_step, std::size_t season_length) {
    const auto length = static_cast<std::int64_t>(season_length);
    const std::int64_t remainder = local_step % length;
    return static_cast<std::size_t>(remainder < 0 ? remainder + length : remainder);
}

// Whether a point is on a day that counts as another one, as a holiday counts as a Sunday: its local step is
// then a week or more away from its step (fcd_point.local_step), which no time zone is. day: in steps; 0:
// there are no holidays.
inline bool is_other_day(std::int64_t step, std::int64_t local_step, std::uint64_t day) {
    const std::uint64_t away = steps_between(step, local_step);
    return day > 0 && away > 2 * day && 0 - away > 2 * day;
}

// The phases of local steps that mostly follow one another: divides only where they do not.
class PhaseWalk {
  public:
    explicit PhaseWalk(std::size_t season_length) : length_(season_length) {}

    // As phase_of(local_step, season_length).
    std::size_t at(std::int64_t local_step) {
        if (begun_ && local_step > last_ && local_step - 1 == last_)
            phase_ = phase_ + 1 == length_ ? 0 : phase_ + 1;
        else
            phase_ = phase_of(local_step, length_);
        begun_ = true;
        last_ = local_step;
        return phase_;
    }

  private:
    std::size_t length_;
    std::size_t phase_ = 0;
    std::int64_t last_ = 0;
    bool begun_ = false;
};

}  // namespace numerics

#endif  // FORECASTD_PLUGINS_NUMERICS_STEPS_HPP
