// The steps of a grid by the clocks of the pipeline's time zone (fcd_point.local_step): what a local time of day is
// on the grid that a season of a day is counted on.
//
//   local step = step of (time + offset of the zone at that time)
//
// An hour of the grid that is skipped in spring has no local step, and one that comes twice in autumn has the same
// steps twice. Without a time zone a local step is the step itself.
//
// Threads: one at a time.
#ifndef FORECASTD_ENGINE_LOCAL_STEPS_HPP
#define FORECASTD_ENGINE_LOCAL_STEPS_HPP

#include <cstdint>
#include <optional>
#include <string>

#include "base/time_zone.hpp"
#include "engine/grid.hpp"

namespace forecastd::engine {

class LocalSteps {
  public:
    // zone: a name that the config has checked; "": UTC.
    LocalSteps(const std::string& zone, std::int64_t interval_ns) : interval_ns_(interval_ns) {
        if (zone.empty()) return;
        if (auto found = TimeZone::find(zone)) zone_ = *found;
    }

    [[nodiscard]] bool has_zone() const { return zone_.has_value(); }
    // Of a step on the grid with that phase.
    [[nodiscard]] std::int64_t of(std::int64_t step, std::int64_t phase_ns) {
        std::int64_t time_ns = 0;
        if (!zone_ || !time_of(step, interval_ns_, phase_ns, time_ns)) return step;
        return at(time_ns, phase_ns);
    }
    // Of the step that a time is on.
    [[nodiscard]] std::int64_t at(std::int64_t time_ns, std::int64_t phase_ns) {
        return step_of(local_ns(time_ns), interval_ns_, phase_ns);
    }
    // What the clocks of the zone show, as if that were a time in UTC.
    [[nodiscard]] std::int64_t local_ns(std::int64_t time_ns) {
        return zone_ ? time_ns + zone_->offset_ns(time_ns) : time_ns;
    }

  private:
    const std::int64_t interval_ns_;
    std::optional<TimeZone> zone_;
};

}  // namespace forecastd::engine

#endif
