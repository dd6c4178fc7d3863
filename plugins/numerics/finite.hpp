// Numbers that stay finite: what leaves a plugin must be neither infinite nor NaN, whatever the values were.
#ifndef FORECASTD_PLUGINS_NUMERICS_FINITE_HPP
#define FORECASTD_PLUGINS_NUMERICS_FINITE_HPP

#include <algorithm>
#include <limits>

namespace numerics {

// Stands for a number that is not known.
inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

// The nearest finite number. Sums and products of huge values may overflow. NaN stays NaN.
inline double saturate(double value) {
    constexpr double greatest = std::numeric_limits<double>::max();
    return std::min(std::max(value, -greatest), greatest);
}

// The nearest positive finite number, for levels and ratios that must stay above 0.
inline double positive(double value) {
    return std::min(std::max(value, std::numeric_limits<double>::min()), std::numeric_limits<double>::max());
}

}  // namespace numerics

#endif  // FORECASTD_PLUGINS_NUMERICS_FINITE_HPP
