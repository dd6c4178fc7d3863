// The least step of a series' value, as a floor of the scale that it is judged by.
//
// A series that mostly stands still and moves by steps, as a coarse sensor or a count does, shows a scale
// near 0 between them. Its least step q is known from four steps on that come after standing still (a steep
// slope moves at each point, and its steps say nothing); 0.29 q, the deviation of rounding to q (q /
// sqrt(12)), is the least scale. The floor halves in four half-lives without a step, so that a step that is
// rare stands out.
//
// Plain bytes.
#ifndef FORECASTD_PLUGINS_NUMERICS_LEAST_STEP_HPP
#define FORECASTD_PLUGINS_NUMERICS_LEAST_STEP_HPP

#include <cmath>
#include <cstdint>
#include <limits>

#include "finite.hpp"

namespace numerics {

class LeastStep {
  public:
    void learn(double value) {
        const double step = std::abs(value - last_);
        last_ = value;
        if (still_ < std::numeric_limits<std::uint16_t>::max()) ++still_;
        if (!(step > rounding * std::abs(value))) return;
        const bool stood = still_ > 1;
        still_ = 0;
        if (steps_ == 0 || step < 0.9 * static_cast<double>(step_)) {
            step_ = static_cast<float>(step);
            steps_ = 0;
        }
        if (stood && steps_ < needed) ++steps_;
    }
    // half_life: points.
    [[nodiscard]] double floor(double half_life) const {
        return steps_ < needed ? 0 : 0.29 * static_cast<double>(step_) / (1 + still_ / (4 * half_life));
    }

  private:
    static constexpr std::uint8_t needed = 4;
    static constexpr double rounding = 1e-9;

    double last_ = unknown;
    float step_ = 0;
    std::uint16_t still_ = 0;  // points since the last step
    std::uint8_t steps_ = 0;   // that were seen, up to 4
};

}  // namespace numerics

#endif
