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
                                                      : Kind::unknown);
        next += algorithm.library->input_size;
    }
}

void CalendarInputs::fill(std::int64_t local_ns, double* values) const {
    for (const Kind kind : kinds_) {
        *values = std::numeric_limits<double>::quiet_NaN();
        if (kind == Kind::hour)
            *values = static_cast<double>(phase_of(local_ns, day_ns)) / static_cast<double>(hour_ns);
        else if (kind == Kind::weekday)
            *values =
                static_cast<double>(phase_of(floor_divide(local_ns, day_ns) + 3, 7));  // day 0: a Thursday
        ++values;
    }
}

}  // namespace forecastd::engine
