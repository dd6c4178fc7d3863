// Two kinds of time, and what is due by them. Event time is what the timestamps of the data say: how long a
// series was not seen is measured by it. Wall time passes by itself: timers run by it.
//
// The clock is fed with the times of points that a pipeline watches, and of no others: our own outputs lie in
// the future and may come back. It never asks the system for the time.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_CLOCK_HPP
#define FORECASTD_ENGINE_CLOCK_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace forecastd::engine {

// The time that the data has reached. A wrong timestamp must neither expire everything nor stop all expiry: a
// time that is further away than the time to live, ahead or behind, counts once enough points in a row were
// that far away on the same side; then event time goes there, forward or back.
class EventClock {
  public:
    // ttl_ns: 0 if nothing expires.
    explicit EventClock(std::int64_t ttl_ns) : ttl_ns_(ttl_ns) {}

    // Whether it is time to look for what has expired; then now_ns() is the time. Eight times in a time to
    // live.
    bool advance(std::int64_t time_ns) {
        if (ttl_ns_ == 0) return false;
        if (time_ns <= now_ns_ && time_ns >= oldest_near_ns_ && is_settled_) return false;
        return move(time_ns);
    }
    [[nodiscard]] std::int64_t now_ns() const { return now_ns_; }
    // Whether a point came.
    [[nodiscard]] bool is_known() const { return now_ns_ != never; }

    static constexpr unsigned points_to_jump = 1000;  // to a time that is far away
    static constexpr unsigned points_to_agree = 20;   // the same, while the clock knows a few points only

  private:
    bool move(std::int64_t time_ns);
    bool look(std::int64_t time_ns);
    void set(std::int64_t time_ns);

    static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max() / 2;
    const std::int64_t ttl_ns_;
    std::int64_t now_ns_ = never;
    std::int64_t next_check_ns_ = never;
    std::int64_t oldest_near_ns_ = never;  // now less the time to live
    bool is_settled_ = false;              // near_ is points_to_jump and far_ is 0
    unsigned near_ = 0;                    // points that were not far away, up to points_to_jump
    unsigned far_ = 0;                     // points in a row that were
    bool far_ahead_ = false;               // on which side
    std::int64_t far_time_ns_ = 0;         // the nearest of them
};

// Timers by the wall clock, of the kind that never goes back. What waits for input waits until
// next_deadline() at most.
class Timers {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // The number of a timer that is due every `period`, first one period after now; 0: never.
    std::size_t add(std::chrono::nanoseconds period, Time now);
    // Whether a timer is due; then it is set again, one period after now.
    bool is_due(std::size_t timer, Time now);
    // When the first of them is due; Time::max(): never.
    [[nodiscard]] Time next_deadline() const;

  private:
    struct Timer {
        std::chrono::nanoseconds period;
        Time due;
    };
    std::vector<Timer> timers_;
};

}  // namespace forecastd::engine

#endif
