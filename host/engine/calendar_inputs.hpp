// The inputs that an algorithm declares, as far as the calendar knows them: see fcd_input in plugin.h. Any
// other is NaN.
//
// Hours, days and holidays are those of the pipeline's time zone.
#ifndef FORECASTD_ENGINE_CALENDAR_INPUTS_HPP
#define FORECASTD_ENGINE_CALENDAR_INPUTS_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/local_steps.hpp"
#include "plugin/catalogue.hpp"

namespace forecastd::engine {

class CalendarInputs {
  public:
    explicit CalendarInputs(const plugin::Algorithm& algorithm);

    [[nodiscard]] std::size_t count() const { return kinds_.size(); }
    // Writes count() values.
    void fill(LocalSteps& local, std::int64_t time_ns, double* values) const;

  private:
    enum class Kind : std::uint8_t { hour, weekday, holiday, unknown };
    std::vector<Kind> kinds_;
};

}  // namespace forecastd::engine

#endif
