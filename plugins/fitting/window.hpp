// The last values of a series, one slot for each step of its grid, in a ring that the host's memory holds.
//
// A step that was lost keeps its slot: it holds NaN, so that a fit knows where the gaps are. A gap as long as
// the ring empties it. The slots are stored behind a plugin's state; this is the small plain part in front.
#ifndef FORECASTD_PLUGINS_FITTING_WINDOW_HPP
#define FORECASTD_PLUGINS_FITTING_WINDOW_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace fitting {

// Thread: any, as the series that it belongs to. Every span holds the same number of slots, at least 1.
struct Window {
    std::int64_t last_step = 0;  // of the newest slot
    std::uint32_t next = 0;      // where the next slot goes
    std::uint32_t filled = 0;    // slots in use, NaN ones included; the oldest of them holds a value

    // Puts the value at a later step into the ring; the steps between become NaN.
    void push(std::span<double> slots, std::int64_t step, double value) {
        if (next >= slots.size() || filled > slots.size()) *this = {};  // bytes that are no state
        const auto distance = static_cast<std::uint64_t>(step) - static_cast<std::uint64_t>(last_step);
        if (filled > 0 && distance > slots.size()) filled = 0;
        if (filled > 0)
            for (std::uint64_t lost = 1; lost < distance; ++lost)
                append(slots, std::numeric_limits<double>::quiet_NaN());
        append(slots, value);
        last_step = step;
        while (std::isnan(slots[oldest(slots.size())])) --filled;
    }

    // The same for local steps, of which some come twice where the clocks are set back: such a value takes
    // the place of the first.
    void push_local(std::span<double> slots, std::int64_t local_step, double value) {
        const auto behind = static_cast<std::uint64_t>(last_step) - static_cast<std::uint64_t>(local_step);
        if (filled == 0 || next >= slots.size() || filled > slots.size() || behind >= filled)
            return push(slots, local_step, value);
        slots[(next + slots.size() - 1 - behind) % slots.size()] = value;
    }

    // Copies the slots, oldest first, to out[0, filled).
    void copy(std::span<const double> slots, double* out) const {
        const std::size_t first = oldest(slots.size());
        const std::size_t to_end = std::min<std::size_t>(filled, slots.size() - first);
        std::copy_n(slots.data() + first, to_end, out);
        std::copy_n(slots.data(), filled - to_end, out + to_end);
    }

    // The value this many steps before the newest; steps < filled.
    [[nodiscard]] double back(std::span<const double> slots, std::size_t steps) const {
        return slots[(next + slots.size() - 1 - steps) % slots.size()];
    }

    // Replaces the value this many steps before the newest, if there is one.
    void replace(std::span<double> slots, std::size_t steps, double value) const {
        if (steps == 0 || steps >= filled) return;
        double& slot = slots[(next + slots.size() - 1 - steps) % slots.size()];
        if (!std::isnan(slot)) slot = value;
    }

  private:
    void append(std::span<double> slots, double value) {
        slots[next] = value;
        next = next + 1 == slots.size() ? 0 : next + 1;
        if (filled < slots.size()) ++filled;
    }
    [[nodiscard]] std::size_t oldest(std::size_t size) const { return (next + size - filled) % size; }
};

}  // namespace fitting

#endif  // FORECASTD_PLUGINS_FITTING_WINDOW_HPP
