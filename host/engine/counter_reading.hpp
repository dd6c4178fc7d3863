// The last reading of a counter, kept for a series whose field is one, and the rate that follows from two
// readings.
#ifndef FORECASTD_ENGINE_COUNTER_READING_HPP
#define FORECASTD_ENGINE_COUNTER_READING_HPP

#include <cmath>
#include <cstdint>
#include <limits>

namespace forecastd::engine {

struct CounterReading {
    std::int64_t time_ns = 0;
    double value = std::numeric_limits<double>::quiet_NaN();  // NaN: there is none yet

    // Takes a later reading and returns how much the counter grew in a second since the one before. NaN: this
    // is the first, or the counter began again at 0, as it went back; how far it had come before is not
    // known.
    double rate(std::int64_t at_ns, double reading) {
        const double growth = reading - value;
        const double result = growth >= 0 ? growth / (static_cast<double>(at_ns - time_ns) / 1e9)
                                          : std::numeric_limits<double>::quiet_NaN();
        time_ns = at_ns;
        value = reading;
        return std::isfinite(result) ? result : std::numeric_limits<double>::quiet_NaN();
    }
};

}  // namespace forecastd::engine

#endif
