// What the plugins know of their series, as lines of the measurement "forecastd_model".
//
//   forecastd_model,algorithm=ets,interval=1h,pipeline=load,role=forecast series=10i,fits=20i,alpha=0.3 <now>
//   forecastd_model,algorithm=ets,family=AAN,interval=1h,pipeline=load,role=forecast series=4i <now>
//
// An integer is the sum over the series, a real the mean over those that know it; each choice in use has a
// line of its own.
#ifndef FORECASTD_OUTPUT_MODEL_METRICS_HPP
#define FORECASTD_OUTPUT_MODEL_METRICS_HPP

#include <cstdint>
#include <map>
#include <string>

#include "engine/cohort.hpp"

namespace forecastd::output {

// By name, as they are to be written.
using Tags = std::map<std::string, std::string>;

// Nothing, if the model has no diagnostics.
void append_model_metrics(std::string& text, const Tags& tags, const engine::Cohort& cohort,
                          const engine::ModelFeed& feed, std::int64_t now_ns);

// "name,tag=value,..."
std::string head_of(std::string_view measurement, const Tags& tags);

}  // namespace forecastd::output

#endif
