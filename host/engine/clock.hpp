// The time that the data has reached, by their own timestamps: what a time to live is measured by.
//
// One point from the far future must not expire everything: a jump of more than the time to live counts only once so
// many points in a row have come from beyond it.
#ifndef FORECASTD_ENGINE_CLOCK_HPP
#define FORECASTD_ENGINE_CLOCK_HPP

#include <cstdint>
#include <limits>

namespace forecastd::engine {

class EventClock {
  public:
    explicit EventClock(std::int64_t ttl_ns) : ttl_ns_(ttl_ns) {}

    // Whether it is time to look for what has expired; then now_ns() tells the time.
    bool advance(std::int64_t time_ns);
    [[nodiscard]] std::int64_t now_ns() const { return now_ns_; }

  private:
    static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();
    static constexpr unsigned points_to_jump = 1000;
    const std::int64_t ttl_ns_;
    std::int64_t now_ns_ = never;
    std::int64_t next_check_ns_ = never;
    unsigned beyond_ = 0;
};

}  // namespace forecastd::engine

#endif
