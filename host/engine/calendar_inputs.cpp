#include "engine/calendar_inputs.hpp"

#include <limits>
#include <string_view>

#include "engine/grid.hpp"

namespace forecastd::engine {
namespace {

constexpr std::int64_t hour_ns = 3'600'000'000'000, day_ns = 24 * hour_ns;

}  // namespace

CalendarInputs::CalendarInputs(const plugin::Algorithm& algorithm) {
    const char* next = reinterpret_cast<const char*>(algorithm.table->inputs);
    for (std::uint32_t i = 0; i < algorithm.table->input_count; ++i) {
        const std::string_view name = reinterpret_cast<const fcd_input*>(next)->name;
        kinds_.push_back(name == "calendar.hour"      ? Kind::hour
                         : name == "calendar.weekday" ? Kind::weekday
                         : name == "calendar.holiday" ? Kind::holiday
                                                      : Kind::unknown);
        next += algorithm.library->input_size;
    }
}

void CalendarInputs::fill(LocalSteps& local, std::int64_t time_ns, double* values) const {
    const std::int64_t local_ns = local.local_ns(time_ns);
    for (const Kind kind : kinds_) {
        *values = std::numeric_limits<double>::quiet_NaN();
        if (kind == Kind::hour)
            *values = static_cast<double>(phase_of(local_ns, day_ns)) / static_cast<double>(hour_ns);
        else if (kind == Kind::weekday)
            *values =
                static_cast<double>(phase_of(floor_divide(local_ns, day_ns) + 3, 7));  // day 0: a Thursday
        else if (kind == Kind::holiday && local.knows_holidays())
            *values = local.is_holiday(time_ns) ? 1 : 0;
        ++values;
    }
}

}  // namespace forecastd::engine
