// Values counted in mean absolute deviations from their mean, so that one strength of the ridge fits every
// series.
#ifndef FORECASTD_PLUGINS_LAG_UNITS_HPP
#define FORECASTD_PLUGINS_LAG_UNITS_HPP

#include <algorithm>
#include <cmath>
#include <span>

#include "../numerics/finite.hpp"

namespace lag {

struct Units {
    // Of values none of which is NaN. A scale of 0: they are all the same.
    static Units of(std::span<const double> values) {
        const double center = mean(values, [](double value) { return value; });
        return {center, mean(values, [center](double value) {
                    return std::abs(numerics::saturate(value - center));
                })};
    }
    // Within greatest, so that squares and their sums stay far from the ends of a double.
    [[nodiscard]] double operator()(double value) const {
        return std::clamp(numerics::saturate(value - center) / scale, -greatest, greatest);
    }

    static constexpr double greatest = 1e6;
    double center = 0, scale = 0;

  private:
    template <class Size>
    static double mean(std::span<const double> values, Size size_of) {
        double mean = 0, count = 0;
        for (const double value : values) mean += numerics::saturate(size_of(value) - mean) / ++count;
        return mean;
    }
};

}  // namespace lag

#endif  // FORECASTD_PLUGINS_LAG_UNITS_HPP
