// The new times of recorded points.
#ifndef FORECASTD_RECORDING_RESTAMPER_HPP
#define FORECASTD_RECORDING_RESTAMPER_HPP

#include <cstdint>
#include <optional>

namespace forecastd::recording {

class Restamper {
  public:
    // Points from start_ns on, one interval apart; or, with keep_spacing, as far from the first one as they
    // were.
    Restamper(std::int64_t start_ns, std::int64_t interval_ns, bool keep_spacing)
        : next_ns_(start_ns), interval_ns_(interval_ns), keep_spacing_(keep_spacing) {}

    // The new time of a point that had the time old_ns, which counts with keep_spacing alone. None: 64 bits
    // do not hold it.
    std::optional<std::int64_t> next(std::int64_t old_ns) {
        if (keep_spacing_) {
            if (!begun_) first_old_ns_ = old_ns;
            begun_ = true;
            std::int64_t distance_ns = 0;
            std::int64_t time_ns = 0;
            if (__builtin_sub_overflow(old_ns, first_old_ns_, &distance_ns) ||
                __builtin_add_overflow(next_ns_, distance_ns, &time_ns))
                return std::nullopt;
            return time_ns;
        }
        if (spent_) return std::nullopt;
        const std::int64_t time_ns = next_ns_;
        spent_ = __builtin_add_overflow(next_ns_, interval_ns_, &next_ns_);
        return time_ns;
    }

  private:
    std::int64_t next_ns_;
    const std::int64_t interval_ns_;
    const bool keep_spacing_;
    std::int64_t first_old_ns_ = 0;
    bool begun_ = false;
    bool spent_ = false;
};

}  // namespace forecastd::recording

#endif
