// The host's own metrics, as lines of the measurement "forecastd".
//
//   forecastd lines_bad=0i,points=100i,...,series=10i,memory_bytes=123i <now>
//   forecastd_plugin,algorithm=holt,pipeline=beer,role=forecast calls=..i,ns_per_call=.. <now>
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

void append_metrics(Buffer& buffer, const engine::Engine& engine, const InputCounters& input, std::int64_t now_ns);

}  // namespace forecastd::output

#endif
