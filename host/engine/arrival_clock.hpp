// The clock by which series are waited for: it says how long ago something came, not what time it is. It
// begins at 0 and never goes back.
//
// It follows the timestamps of the points: a point that is later than all before it moves the clock on, by
// one interval of its series at most, so that a pause of all series counts little, and a replay gives the
// same at any speed. A time that is far ahead counts once some points in a row lie there.
//
// While points come whose timestamps are near the wall clock, the data is live. Then the clock goes on by
// itself too, as fast as the wall clock, so that also the last series that stops is missed.
//
// It never asks the system for the time. One thread at a time.
#ifndef FORECASTD_ENGINE_ARRIVAL_CLOCK_HPP
#define FORECASTD_ENGINE_ARRIVAL_CLOCK_HPP

#include <algorithm>
#include <cstdint>
#include <limits>

namespace forecastd::engine {

class ArrivalClock {
  public:
    [[nodiscard]] std::int64_t now_ns() const { return now_ns_; }
    [[nodiscard]] bool is_live() const { return is_live_; }

    // The wall clock, for the points that follow.
    void set_wall(std::int64_t wall_ns) { wall_ns_ = wall_ns; }

    // A point of a series came.
    void point(std::int64_t time_ns, std::int64_t interval_ns) {
        const std::int64_t distance_ns = time_ns - wall_ns_;
        came_ = true;
        came_live_ = came_live_ || (distance_ns < near_ns && distance_ns > -near_ns);
        if (time_ns <= latest_ns_) {
            far_ = 0;
            return;
        }
        move(time_ns, interval_ns);
    }

    // So much time has passed since the last call, by a clock that never goes back.
    void pass(std::int64_t elapsed_ns) {
        if (came_) is_live_ = came_live_;
        came_ = came_live_ = false;
        const std::int64_t moved_ns = now_ns_ - last_pass_ns_;
        if (is_live_ && elapsed_ns > moved_ns) now_ns_ += elapsed_ns - moved_ns;
        last_pass_ns_ = now_ns_;
    }

    // The data was live until now, and will be.
    void resume_live() { is_live_ = true; }

    static constexpr std::int64_t near_ns = 3'600'000'000'000;  // to the wall clock
    static constexpr std::int64_t far_intervals = 16;
    static constexpr unsigned points_to_jump = 4;

  private:
    void move(std::int64_t time_ns, std::int64_t interval_ns) {
        if (latest_ns_ != never) {
            const std::int64_t ahead_ns = time_ns - latest_ns_;
            if (ahead_ns / far_intervals > interval_ns && ++far_ < points_to_jump) return;
            now_ns_ += std::min(ahead_ns, interval_ns);
        }
        far_ = 0;
        latest_ns_ = time_ns;
    }

    static constexpr std::int64_t never = -(std::int64_t{1} << 62);
    std::int64_t now_ns_ = 0;
    std::int64_t latest_ns_ = never;  // of the timestamps so far
    std::int64_t wall_ns_ = 0;
    std::int64_t last_pass_ns_ = 0;  // now_ns_ at the last pass()
    unsigned far_ = 0;               // points in a row that were far ahead
    bool came_ = false,
         came_live_ = false;  // a point came since the last pass(), and one near the wall clock
    bool is_live_ = false;
};

}  // namespace forecastd::engine

#endif
