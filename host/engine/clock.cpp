#include "engine/clock.hpp"

#include <algorithm>
#include <utility>

namespace forecastd::engine {

bool EventClock::move(std::int64_t time_ns) {
    const bool is_due = look(time_ns);
    is_settled_ = near_ == points_to_jump && far_ == 0;
    return is_due;
}

bool EventClock::look(std::int64_t time_ns) {
    if (now_ns_ == never) {
        near_ = 1;
        next_check_ns_ = time_ns;
        set(time_ns);
        return false;
    }
    const bool ahead = time_ns > now_ns_;
    const auto distance = static_cast<std::uint64_t>(ahead ? time_ns : now_ns_) -
                          static_cast<std::uint64_t>(ahead ? now_ns_ : time_ns);
    const bool is_far = distance > static_cast<std::uint64_t>(ttl_ns_);
    if (!is_far) {
        far_ = 0;
        near_ = std::min(near_ + 1, points_to_jump);
        if (!ahead) return false;
    } else {
        if (far_ == 0 || far_ahead_ != ahead) {
            far_ = 0;
            far_ahead_ = ahead;
            far_time_ns_ = time_ns;
        }
        far_time_ns_ = std::max(far_time_ns_, time_ns);
        // The first points may be the wrong ones, so few others are enough against few.
        if (++far_ < std::clamp(near_, points_to_agree, points_to_jump)) return false;
        near_ = std::exchange(far_, 0);
        if (!ahead) {
            next_check_ns_ = far_time_ns_;
            set(far_time_ns_);
            return false;
        }
    }
    const bool is_due = time_ns >= next_check_ns_;
    set(time_ns);
    return is_due;
}

// Event time is this, and the next look is an eighth of the time to live later, if the last one was due.
void EventClock::set(std::int64_t time_ns) {
    now_ns_ = time_ns;
    if (__builtin_sub_overflow(now_ns_, ttl_ns_, &oldest_near_ns_))
        oldest_near_ns_ = std::numeric_limits<std::int64_t>::min();
    if (now_ns_ >= next_check_ns_) next_check_ns_ = now_ns_ + ttl_ns_ / 8 + 1;
}

std::size_t Timers::add(std::chrono::nanoseconds period, Time now) {
    timers_.push_back({period, period.count() == 0 ? Time::max() : now + period});
    return timers_.size() - 1;
}

bool Timers::is_due(std::size_t timer, Time now) {
    Timer& one = timers_[timer];
    if (now < one.due) return false;
    one.due = now + one.period;
    return true;
}

Timers::Time Timers::next_deadline() const {
    Time first = Time::max();
    for (const Timer& timer : timers_) first = std::min(first, timer.due);
    return first;
}

}  // namespace forecastd::engine
