// The host's own metrics, as lines of the measurement "forecastd" and its kin.
//
//   forecastd bytes_in=..i,points=100i,...,series=10i,memory_bytes=123i <now>
//   forecastd_plugin,algorithm=holt,interval=10s,pipeline=beer,role=forecast points=..i,ns_per_point=.. <now>
//   forecastd_accuracy,algorithm=holt,interval=10s,pipeline=beer points=..i,mae=..,mase=..,coverage_95=..
//   <now>
//
// metrics_table.hpp has their fields.
#ifndef FORECASTD_OUTPUT_HOST_METRICS_HPP
#define FORECASTD_OUTPUT_HOST_METRICS_HPP

#include <cstdint>

#include "engine/engine.hpp"
#include "output/buffer.hpp"
#include "output/metrics_table.hpp"
#include "output/model_metrics.hpp"

namespace forecastd::output {

// Each call takes some weight from the accuracy measured before it; see engine/accuracy.hpp.
// `own`: tags of all lines, as they are to be written.
void append_metrics(Buffer& buffer, const engine::Engine& engine, const HostCounters& host, const Tags& own,
                    std::int64_t now_ns);

}  // namespace forecastd::output

#endif
