// A point with another timestamp: every other byte of it stays.
#ifndef FORECASTD_RECORDING_STAMP_HPP
#define FORECASTD_RECORDING_STAMP_HPP

#include <cstdint>
#include <string>

#include "lineprotocol/point.hpp"

namespace forecastd::recording {

// Appends the point with that time, in nanoseconds, and a newline.
void append_stamped(std::string& out, const lineprotocol::PointView& point, std::int64_t time_ns);

}  // namespace forecastd::recording

#endif
