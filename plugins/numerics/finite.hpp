// Numbers that stay finite: what leaves a plugin must be neither infinite nor NaN, whatever the values were.
#ifndef FORECASTD_PLUGINS_NUMERICS_FINITE_HPP
#define FORECASTD_PLUGINS_NUMERICS_FINITE_HPP

#include <algorithm>
#include <cmath>
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

// A number that decays, such as a mean of errors where there are none any more, ends as 0 before it is
// subnormal: a processor takes a hundred times as long for those.
inline double settled(double value) {
    constexpr double least = 1e-290;
    return std::abs(value) < least ? 0.0 : value;
}
inline float settled_float(double value) {
    constexpr double least = 1e-30;
    return std::abs(value) < least ? 0.0F : static_cast<float>(value);
}

}  // namespace numerics

#endif  // FORECASTD_PLUGINS_NUMERICS_FINITE_HPP
