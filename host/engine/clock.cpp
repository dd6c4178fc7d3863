#include "engine/clock.hpp"

namespace forecastd::engine {

bool EventClock::advance(std::int64_t time_ns) {
    if (ttl_ns_ == 0) return false;
    if (now_ns_ == never) now_ns_ = next_check_ns_ = time_ns;
    if (time_ns > now_ns_ && time_ns - now_ns_ > ttl_ns_ && ++beyond_ < points_to_jump) return false;
    beyond_ = 0;
    if (time_ns <= now_ns_) return false;
    now_ns_ = time_ns;
    if (now_ns_ < next_check_ns_) return false;
    next_check_ns_ = now_ns_ + ttl_ns_ / 8 + 1;
    return true;
}

}  // namespace forecastd::engine
