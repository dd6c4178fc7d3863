// How far local steps lie from the steps of the grid, now and before the clocks were last changed.
//
// A lag of a season goes back to the same local time: behind a change of the clocks that is a step more or
// less than the lag says.
#ifndef FORECASTD_PLUGINS_LAG_LOCAL_CLOCK_HPP
#define FORECASTD_PLUGINS_LAG_LOCAL_CLOCK_HPP

#include <cstdint>

#include "../numerics/steps.hpp"

namespace lag {

// Thread: any; part of a series' state. Any int64 is a valid step.
struct LocalClock {
    std::int64_t offset = 0, before = 0;  // local step less step, modulo 2^64
    std::int64_t changed_step = 0;        // the first one with `offset`

    void begin(std::int64_t step, std::int64_t local_step) {
        offset = before = difference(step, local_step);
        changed_step = step;
    }
    // Takes over the local step of a later step.
    void follow(std::int64_t step, std::int64_t local_step) {
        const std::int64_t found = difference(step, local_step);
        if (found == offset) return;
        before = offset;
        offset = found;
        changed_step = step;
    }
    // The steps to go back from the step that was followed last, to where local time was `lag` steps earlier.
    [[nodiscard]] std::uint64_t back(std::int64_t step, std::uint64_t lag) const {
        if (numerics::steps_between(changed_step, step) >= lag) return lag;
        return lag - static_cast<std::uint64_t>(offset) + static_cast<std::uint64_t>(before);
    }
    // Whether that local time was skipped: back() then leads to a time as much too late as the lag itself
    // leads to one that is too early.
    [[nodiscard]] bool was_skipped(std::int64_t step, std::uint64_t lag) const {
        const std::uint64_t since = numerics::steps_between(changed_step, step);
        return since < lag && back(step, lag) <= since;
    }

  private:
    static std::int64_t difference(std::int64_t step, std::int64_t local_step) {
        return static_cast<std::int64_t>(numerics::steps_between(step, local_step));
    }
};

}  // namespace lag

#endif  // FORECASTD_PLUGINS_LAG_LOCAL_CLOCK_HPP
