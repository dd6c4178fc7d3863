// How far local steps lie from the steps of the grid, now and before the clocks were last changed; and which
// days counted as another one of the week, as a holiday counts as a Sunday.
//
// A lag of a season goes back to the same local time: behind a change of the clocks that is a step more or
// less than the lag says. On a day that counts as another one, a lag goes back to where the other day's lag
// would lead, at most one of the longest season ago: on a holiday on Friday that counts as a Sunday, the lag
// of a day leads to the last Saturday. Later lags must not lead to such a day; see other_day_kept.
#ifndef FORECASTD_PLUGINS_LAG_LOCAL_CLOCK_HPP
#define FORECASTD_PLUGINS_LAG_LOCAL_CLOCK_HPP

#include <cstdint>

#include "../numerics/steps.hpp"

namespace lag {

// Points for which the values of a day that counts as another one are kept: the last values are those of the
// day itself. Behind them the value one of the longest season before takes the place.
inline constexpr std::uint64_t other_day_kept = 5;

// What a model knows of the calendar, in steps.
struct Calendar {
    std::uint64_t day = 0;     // 0: there are no holidays
    std::uint64_t period = 1;  // the longest season; 1: none
};

// Thread: any; part of a series' state. Any int64 is a valid step.
struct LocalClock {
    std::int64_t offset = 0, before = 0;  // local step less step, modulo 2^64
    std::int64_t changed_step = 0;        // the first one with `offset`
    std::int64_t away = 0;  // the same beyond `offset`, if the day counts as another one; else 0
    std::int64_t other_first = 0, other_last = -1;  // steps of the last such days that followed one another

    void begin(std::int64_t step, std::int64_t local_step, const Calendar& calendar) {
        const std::int64_t found = difference(step, local_step);
        offset = found;
        if (numerics::is_other_day(step, local_step, calendar.day)) {  // zones are from 10 h behind UTC on
            const auto day = static_cast<std::int64_t>(calendar.day), west = day * 10 / 24;
            offset = static_cast<std::int64_t>(numerics::phase_of(found, calendar.day));
            if (offset >= day - west) offset -= day;
        }
        before = offset;
        changed_step = step;
        follow(step, local_step, calendar);
    }
    // Takes over the local step of a later step.
    void follow(std::int64_t step, std::int64_t local_step, const Calendar& calendar) {
        const std::int64_t found = difference(step, local_step);
        if (numerics::is_other_day(step, local_step, calendar.day)) {
            const std::int64_t beyond = difference(offset, found);
            const bool was_other = away != 0;
            away = beyond % static_cast<std::int64_t>(calendar.period) == 0 ? 0 : beyond;
            if (away == 0) return;  // no season tells the days apart
            if (!was_other) other_first = step;
            other_last = step;
            return;
        }
        away = 0;
        if (found == offset) return;
        before = offset;
        offset = found;
        changed_step = step;
    }
    // The steps to go back from the step that was followed last, to where local time was `lag` steps earlier.
    [[nodiscard]] std::uint64_t back(std::int64_t step, std::uint64_t lag, const Calendar& calendar) const {
        if (away != 0)  // from 2 to one more than the period
            return 2 +
                   numerics::phase_of(static_cast<std::int64_t>(lag - 2 - static_cast<std::uint64_t>(away)),
                                      calendar.period);
        if (numerics::steps_between(changed_step, step) >= lag) return lag;
        return lag - static_cast<std::uint64_t>(offset) + static_cast<std::uint64_t>(before);
    }
    // Whether that local time was skipped: back() then leads to a time as much too late as the lag itself
    // leads to one that is too early.
    [[nodiscard]] bool was_skipped(std::int64_t step, std::uint64_t lag, const Calendar& calendar) const {
        const std::uint64_t since = numerics::steps_between(changed_step, step);
        return away == 0 && since < lag && back(step, lag, calendar) <= since;
    }
    // Whether a step is on a day that counted as another one, of the last that did.
    [[nodiscard]] bool is_other_day(std::int64_t step) const {
        return other_first <= step && step <= other_last;
    }
    // The step that follows a step by local time, modulo 2^64.
    [[nodiscard]] std::int64_t local(std::int64_t step) const {
        return numerics::step_after(step,
                                    static_cast<std::uint64_t>(offset) + static_cast<std::uint64_t>(away));
    }

  private:
    static std::int64_t difference(std::int64_t step, std::int64_t local_step) {
        return static_cast<std::int64_t>(numerics::steps_between(step, local_step));
    }
};

}  // namespace lag

#endif  // FORECASTD_PLUGINS_LAG_LOCAL_CLOCK_HPP
