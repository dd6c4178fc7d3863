// Whether a value recurs: the host sets a learn_limit that is infinite where values were unusual one season
// before too (fcd_point.learn_limit).
#ifndef FORECASTD_PLUGINS_GLUE_RECURS_HPP
#define FORECASTD_PLUGINS_GLUE_RECURS_HPP

#include <cmath>
#include <forecastd/plugin.hpp>

namespace glue {

inline bool recurs(const forecastd::Point& point) { return std::isinf(point.learn_limit); }

}  // namespace glue

#endif
