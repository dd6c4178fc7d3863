// A pipeline in words, for `forecastd check`. Each returns one line, without its end.
#ifndef FORECASTD_CONFIG_DESCRIBE_HPP
#define FORECASTD_CONFIG_DESCRIBE_HPP

#include <string>
#include <vector>

#include "config/config.hpp"

namespace forecastd::config {

// "measurements cpu*, not cpu-total; all fields; tags host=a*"
std::string describe(const Selection& selection);

// What is set to something else than its default: "holt, params {"damped_trend":true}, horizon 40"
std::string describe(const Forecast& forecast);
std::string describe(const Detect& detect);
// The same of each detector of a pipeline, in the order of its list.
std::vector<std::string> describe_detectors(const Pipeline& pipeline);
// "any", "all", "majority", "at least 2"
std::string describe(const Combine& combine);

// "holt-winters 144 steps (1d)": the seasons of its models; "" without one, or while the interval is not
// known.
std::string describe_seasons(const Pipeline& pipeline);
// "clocks of Europe/Berlin; 12 holidays, each as a sunday"; "" for UTC without holidays.
std::string describe_calendar(const Pipeline& pipeline);

// "originals, {measurement}_forecast, {measurement}_anomaly"
std::string describe_output(const Pipeline& pipeline);

}  // namespace forecastd::config

#endif
