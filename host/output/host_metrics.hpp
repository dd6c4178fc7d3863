// The host's own metrics, as lines of the measurement "forecastd".
//
//   forecastd bytes=..i,bad_points=0i,points=100i,...,series=10i,memory_bytes=123i <now>
//   forecastd_plugin,algorithm=holt,interval=10s,pipeline=beer,role=forecast points=..i,ns_per_point=.. <now>
//
// The time by plugin is taken on a few calls in a hundred; a call holds up to a batch of points.
#ifndef FORECASTD_OUTPUT_HOST_METRICS_HPP
#define FORECASTD_OUTPUT_HOST_METRICS_HPP

#include <cstdint>

#include "engine/engine.hpp"
#include "output/buffer.hpp"

namespace forecastd::output {

// What the host counts beside the engine.
struct InputCounters {
    std::uint64_t bytes = 0;
    std::uint64_t bad_points = 0;  // rejected by the reader
};

void append_metrics(Buffer& buffer, const engine::Engine& engine, const InputCounters& input,
                    std::int64_t now_ns);

}  // namespace forecastd::output

#endif
