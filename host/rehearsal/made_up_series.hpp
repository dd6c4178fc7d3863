// A series that a pipeline may be tried on: a level with a wave and noise, without gaps, and a spike where one is
// wanted, or a value outside of data_range. All others lie in it, and the spike exceeds the least deviations. The same config gives the same values.
//
// In units of the noise's deviation, the level is 100, the wave goes 10 up and down, and the spike is 40; the level
// is lower where a least deviation is given in percent of it. The wave has the season of the first model that has
// one, else it takes a day.
//
// Threads: any number at once.
#ifndef FORECASTD_REHEARSAL_MADE_UP_SERIES_HPP
#define FORECASTD_REHEARSAL_MADE_UP_SERIES_HPP

#include <cstddef>
#include <cstdint>
#include <optional>

#include "config/config.hpp"

namespace forecastd::rehearsal {

class MadeUpSeries {
  public:
    MadeUpSeries(const config::Pipeline& pipeline, std::int64_t interval_ns);

    // In how many points in a row a fault has to come, so that it can raise an alarm.
    [[nodiscard]] std::size_t fault_points() const { return fault_points_; }

    // What is wrong with a value.
    enum class Fault { none, spike, outside };  // outside: of data_range
    [[nodiscard]] bool can_be_outside() const { return outside_.has_value(); }

    [[nodiscard]] double value(std::size_t point, Fault fault) const;

    static constexpr std::int64_t begin_ns = 1'700'000'000'000'000'000;

  private:
    double unit_ = 1, level_ = 100, spike_ = 40;
    double season_ = 0;              // in points
    std::optional<double> outside_;  // a value; nothing: every value can be
    std::size_t fault_points_ = 1;
};

}  // namespace forecastd::rehearsal

#endif
