// Values brought near 1, so that neither sums of squares of huge ones nor squares of tiny ones are lost.
#ifndef FORECASTD_PLUGINS_FITTING_SCALE_HPP
#define FORECASTD_PLUGINS_FITTING_SCALE_HPP

#include <algorithm>
#include <cmath>
#include <span>

namespace fitting {

// Divides the values by a power of two, which loses nothing, such that the greatest size lies in [1/2, 1);
// returns it. NaN stays. 1 where all are 0.
inline double bring_near_one(std::span<double> values) {
    double greatest = 0;
    for (const double value : values) greatest = std::max(greatest, std::abs(value));  // passes NaN over
    if (!(greatest > 0)) return 1;
    int exponent = 0;
    std::frexp(greatest, &exponent);
    const double scale = std::ldexp(1.0, std::clamp(exponent, -1021, 1023));
    for (double& value : values) value /= scale;
    return scale;
}

}  // namespace fitting

#endif  // FORECASTD_PLUGINS_FITTING_SCALE_HPP
