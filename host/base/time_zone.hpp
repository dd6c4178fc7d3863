// A time zone of the system's time zone database: how far its clocks are from UTC at a time.
//
// It must not keep a clock of its own, and knows nothing of series. Changes of the clocks that the database
// names for the future count too.
//
// Threads: one at a time for an object, as it keeps where it was asked last. Copies are independent.
#ifndef FORECASTD_BASE_TIME_ZONE_HPP
#define FORECASTD_BASE_TIME_ZONE_HPP

#include <cstdint>
#include <string>

#include "base/expected.hpp"

namespace date {
class time_zone;
}

namespace forecastd {

class TimeZone {
  public:
    // By its name in the database, such as "Europe/Berlin". The error says what is wrong with it, or with the
    // database.
    static Expected<TimeZone> find(const std::string& name);

    // What its clocks show at a time in UTC, less that time; both in nanoseconds.
    [[nodiscard]] std::int64_t offset_ns(std::int64_t time_ns) {
        if (time_ns < begin_ns_ || time_ns >= end_ns_) look_up(time_ns);
        return offset_ns_;
    }

    // Where that offset holds, as it was asked for last: [begin, end), in nanoseconds UTC.
    [[nodiscard]] std::int64_t begin_ns() const { return begin_ns_; }
    [[nodiscard]] std::int64_t end_ns() const { return end_ns_; }

  private:
    explicit TimeZone(const date::time_zone& zone) : zone_(&zone) {}
    void look_up(std::int64_t time_ns);

    const date::time_zone* zone_;                             // of the database, which lasts
    std::int64_t begin_ns_ = 0, end_ns_ = 0, offset_ns_ = 0;  // where the offset holds
};

}  // namespace forecastd

#endif
