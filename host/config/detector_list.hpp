// The limit of a list of detectors in a pipeline.
#ifndef FORECASTD_CONFIG_DETECTOR_LIST_HPP
#define FORECASTD_CONFIG_DETECTOR_LIST_HPP

#include <cstddef>

namespace forecastd::config {

inline constexpr std::size_t most_detectors = 8;

}  // namespace forecastd::config

#endif
