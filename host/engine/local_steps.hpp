// Steps by local time (fcd_point.local_step): those of the clocks of the pipeline's time zone, with its
// holidays as another day of the week.
//
//   local step = the step of time + offset of the zone there + days to the day that a holiday counts as
//
// An hour of the grid that is skipped in spring has no local step, and one that comes twice in autumn has the
// same steps twice. A holiday has the steps of the day of the week that it counts as, of the week behind the
// next such day: so it is never less than eight days away, by which models tell it from a change of the
// clocks.
//
// Where the model's season is no whole number of intervals, and the interval does not divide a day, local
// steps stand on a grid of their own, on which the season is a whole number of them: some are then left out,
// or come twice, once in a while.
//
// Without a time zone, holidays and such a season, a local step is the step itself.
//
// Threads: one at a time.
#ifndef FORECASTD_ENGINE_LOCAL_STEPS_HPP
#define FORECASTD_ENGINE_LOCAL_STEPS_HPP

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "base/time_zone.hpp"
#include "config/config.hpp"
#include "engine/grid.hpp"

namespace forecastd::engine {

class LocalSteps {
  public:
    // Of a pipeline whose config was checked. season: of the model, if it is no whole number of intervals.
    LocalSteps(const config::Pipeline& pipeline, std::int64_t interval_ns,
               const config::OddSeason& season = {});

    // Whether any local step may be another than the step.
    [[nodiscard]] bool differ() const { return differ_; }
    [[nodiscard]] bool knows_holidays() const { return !holidays_.empty(); }
    // Whether a day of the calendar is a whole number of steps.
    [[nodiscard]] bool divides_days() const;
    // Of a step on the grid with that phase.
    [[nodiscard]] std::int64_t of(std::int64_t step, std::int64_t phase_ns) {
        std::int64_t time_ns = 0;
        if (!differ_ || !time_of(step, interval_ns_, phase_ns, time_ns)) return step;
        if (!is_near(time_ns)) look_up(time_ns);
        return season_.steps > 0 ? on_season(time_ns - phase_ns) : step + steps_away_;
    }
    // Of the step that a time is on.
    [[nodiscard]] std::int64_t at(std::int64_t time_ns, std::int64_t phase_ns) {
        if (!differ_) return step_of(time_ns, interval_ns_, phase_ns);
        if (!is_near(time_ns)) look_up(time_ns);
        if (season_.steps > 0) return on_season(time_ns - phase_ns);
        return step_of(time_ns + away_ns_, interval_ns_, phase_ns);
    }
    // As of(), with a holiday's steps in the week of the holiday: what came a season before it is then what
    // came one before the day that it counts as.
    [[nodiscard]] std::int64_t recurring(std::int64_t step, std::int64_t phase_ns) {
        const std::int64_t local = of(step, phase_ns);
        return is_holiday_ && holiday_counts_ ? local - week_steps_ : local;
    }
    // What the clocks of the zone show, as if that were a time in UTC.
    [[nodiscard]] std::int64_t local_ns(std::int64_t time_ns) {
        if (!differ_) return time_ns;
        if (!is_near(time_ns)) look_up(time_ns);
        return time_ns + offset_ns_;
    }
    [[nodiscard]] bool is_holiday(std::int64_t time_ns) {
        if (!is_near(time_ns)) look_up(time_ns);
        return is_holiday_;
    }

  private:
    [[nodiscard]] bool is_near(std::int64_t time_ns) const {
        return begin_ns_ <= time_ns && time_ns < end_ns_;
    }
    void look_up(std::int64_t time_ns);
    [[nodiscard]] std::int64_t on_season(std::int64_t time_ns) const;

    std::int64_t interval_ns_, week_steps_;
    std::optional<TimeZone> zone_;
    std::vector<std::int64_t> holidays_;  // days since 1970, ascending
    std::int64_t counts_as_;              // 0 (Monday) to 6
    config::OddSeason season_;
    bool differ_;
    // Where what follows holds.
    std::int64_t begin_ns_ = 0, end_ns_ = 0;
    std::int64_t offset_ns_ = 0, away_ns_ = 0, steps_away_ = 0;
    bool is_holiday_ = false, holiday_counts_ = false;
};

}  // namespace forecastd::engine

#endif
