// What is kept of forecasts until their value comes: the last value and what all together forecast, in single
// precision; then, in half precision, how far from the last value each member's forecast is, NaN where a
// member is not ready.
#ifndef FORECASTD_PLUGINS_AUTO_SLOT_HPP
#define FORECASTD_PLUGINS_AUTO_SLOT_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "half.hpp"
#include "row.hpp"

namespace automatic {

// Floats of a slot.
constexpr std::size_t slot_size(std::size_t members) { return 2 + (members + 1) / 2; }

// Writes the forecasts of all members, and of all together, to a slot.
template <std::size_t count>
void write_slot(const float* forecasts, float last, float together, float* slot) {
    const Row<count> row(forecasts, 0);
    std::array<FourHalves, row.size> others;
    for (std::size_t i = 0; i < row.size; ++i) others[i] = to_halves(row.four[i] - four(last));
    slot[0] = last;
    slot[1] = together;
    std::memcpy(slot + 2, others.data(), count * sizeof(std::uint16_t));
}
// The members' forecasts; that of all together is slot[1].
template <std::size_t count>
Row<count> read_slot(const float* slot) {
    Row<count> row;
    std::array<FourHalves, row.size> others{};
    std::memcpy(others.data(), slot + 2, count * sizeof(std::uint16_t));
    for (std::size_t i = 0; i < row.size; ++i) row.four[i] = four(slot[0]) + from_halves(others[i]);
    return row;
}

// In other units, z' = by z + shift.
inline void rescale(std::span<float> slot, double by, double shift) {
    for (float& z : slot.first(2)) z = static_cast<float>(by * static_cast<double>(z) + shift);
    const Halves<float> others(slot.subspan(2));
    for (std::size_t i = 0; i < others.size(); ++i)
        others.set(i, static_cast<float>(by * static_cast<double>(others[i])));
}

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_SLOT_HPP
