// The variance of a forecaster's one-step errors, learned as they come.
//
//   variance' = variance + w * (e^2 - variance),   w = max(1/n, 1/100) at the n-th error
//
// so it is the plain mean square at first, and later forgets with a memory of 100 errors: long enough that
// the deviation is known to some 5 %, short enough to follow a series whose noise changes.
//
// Once warm, an error beyond eight deviations counts as eight (a winsorised scale; Huber, Robust Statistics,
// 1981, chapter 5): one misread value must not widen the intervals of the next hundred points. Jumps that
// come back once in 60 errors are not eaten by that: clipped at four deviations, those of a series that
// mostly stands still would shrink the deviation to 0. Noise that truly rose makes errors beyond four
// deviations one after another, so after four of them, not counting those that were made up for by ordinary
// errors, they count in full until they become rare again. After equal values the deviation is 0, and there
// is nothing to clip by.
//
// Squares stay finite: an error beyond 1e150 counts as 1e150. A variance below 1e-200 is 0.
#ifndef FORECASTD_PLUGINS_NUMERICS_ERROR_VARIANCE_HPP
#define FORECASTD_PLUGINS_NUMERICS_ERROR_VARIANCE_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "finite.hpp"

namespace numerics {

// A forecast: mean, and the standard deviation of its error, NaN where unknown.
struct Expected {
    double mean, deviation;
};

class ErrorVariance {
  public:
    static constexpr double least_weight = 0.01;
    static constexpr std::uint32_t warm_after = 12;
    static constexpr double limit_deviations = 4, most_deviations = 8;
    static constexpr std::uint32_t patience = 4;

    // Errors learned so far.
    [[nodiscard]] std::uint32_t count() const { return count_; }
    [[nodiscard]] double variance() const { return variance_; }
    // Whether errors of late were far beyond the deviation, one after another: the series has changed.
    [[nodiscard]] bool overrun() const { return outliers_ == patience; }
    // The standard deviation of an error whose variance is `factor` times that of one step; NaN before the
    // first error.
    [[nodiscard]] double deviation(double factor = 1) const {
        return count_ == 0 ? unknown : saturate(std::sqrt(variance_) * std::sqrt(factor));
    }

    // Learns the error of a forecast whose variance was `factor` times that of one step.
    void learn(double error, double factor = 1) {
        const double bounded = std::min(std::abs(error), 1e150);
        const double square = bounded * bounded;
        const double counted = winsorised(factor == 1 ? square : square / factor);
        if (count_ < std::numeric_limits<std::uint32_t>::max()) ++count_;
        const double weight = count_ * least_weight < 1 ? 1.0 / count_ : least_weight;
        variance_ = numerics::settled(variance_ + weight * (counted - variance_));
    }

    // As after a long life with this variance: past the start.
    [[nodiscard]] static ErrorVariance settled(double variance) {
        ErrorVariance errors;
        errors.variance_ = variance;
        errors.count_ = std::numeric_limits<std::uint32_t>::max();
        return errors;
    }

  private:
    double winsorised(double square) {
        const double limit = limit_deviations * limit_deviations * variance_;
        if (count_ < warm_after || !(variance_ > 0)) return square;
        if (square <= limit) {
            if (outliers_ > 0) --outliers_;
            return square;
        }
        if (outliers_ == patience) return square;
        ++outliers_;
        return std::min(square, most_deviations * most_deviations * variance_);
    }

    double variance_ = 0;
    std::uint32_t count_ = 0;
    std::uint32_t outliers_ = 0;
};

}  // namespace numerics

#endif  // FORECASTD_PLUGINS_NUMERICS_ERROR_VARIANCE_HPP
