// When the first forecast, the first score and the first alarm of a pipeline come, found out by running the
// pipeline: the engine works off a made-up series of its interval, point by point, so what is found is what the
// engine does and no estimate of it. A real series may differ, since warm-up can depend on values.
//
// An alarm is an event, or where the pipeline writes none, an anomaly. It is found by spikes that begin later and later:
// for each of them the series runs again from its first point.
//
// It reads no clock and prints nothing: what plugins say meanwhile is dropped.
//
// Threads: one at a time in a process, as it takes the messages of plugins.
#ifndef FORECASTD_REHEARSAL_REHEARSAL_HPP
#define FORECASTD_REHEARSAL_REHEARSAL_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "config/config.hpp"

namespace forecastd::rehearsal {

// How long to look.
struct Bounds {
    std::size_t points = 200'000;     // of the series
    std::function<bool()> may_go_on;  // asked once in a while; nullptr: always
};

struct Found {
    std::int64_t interval_ns = 0;
    // By the number of the point at which it comes, from 1; nothing: not found.
    std::optional<std::size_t> forecast, score;
    // The first point from which on a spike raises an alarm; where none does, a value outside of data_range.
    std::optional<std::size_t> alarm, outside_alarm;
    std::size_t fault_points = 1;  // the number of its points that this takes
    std::size_t looked_at = 0;     // points, where something was not found
    std::string failure;           // what the engine had to say: a sentence; "": nothing went wrong
};

// config: what surrounds the pipeline, such as limits. interval_ns: that of the series.
Found rehearse(const config::Config& config, const config::Pipeline& pipeline, std::int64_t interval_ns,
               const Bounds& bounds = {});

}  // namespace forecastd::rehearsal

#endif
