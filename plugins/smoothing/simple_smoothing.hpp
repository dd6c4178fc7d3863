// Simple exponential smoothing, perhaps with a drift: how a level moves.
//
//   f = l + d;   l' = f + alpha (y - f)          one step, with the drift d (0: none) and the error y - f
//   h steps ahead: l + h d, with the error's variance v_h = 1 + (h-1) alpha^2 in units of one step's
//
// Sources: R. G. Brown, Statistical Forecasting for Inventory Control, 1959; variance: R. J. Hyndman, A. B.
// Koehler, J. K. Ord & R. D. Snyder, Forecasting with Exponential Smoothing, 2008, table 6.1 (ETS(A,N,N));
// drift: R. J. Hyndman & B. Billah, Unmasking the Theta method, Int. J. Forecasting 19, 2003.
//
// A point h steps after the last one holds the errors of the h-1 lost ones too. The level takes over
// gain = Cov(level, error) / v_h = (alpha + (h-1) alpha^2) / v_h of it (2008 book, section 12.1): alpha
// without a gap, nearly all behind a long one.
#ifndef FORECASTD_PLUGINS_SMOOTHING_SIMPLE_SMOOTHING_HPP
#define FORECASTD_PLUGINS_SMOOTHING_SIMPLE_SMOOTHING_HPP

#include <cmath>
#include <cstdint>

#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"

namespace smoothing {

// How a level of smoothing alpha in [0, 1] takes a point `steps` >= 1 after its last.
struct SimpleGain {
    double gain, variance;

    static SimpleGain of(double alpha, std::uint64_t steps) {
        if (steps <= 1) return {alpha, 1};
        const double lost = static_cast<double>(steps - 1) * alpha * alpha;
        return {(alpha + lost) / (1 + lost), 1 + lost};
    }
};

// The state of one series: plain bytes.
struct SimpleLevel {
    double level = numerics::unknown;  // NaN until the first point
    double drift = 0;                  // a step's
    double alpha = 0;
    numerics::ErrorVariance errors;
    std::int64_t last_step = 0;

    [[nodiscard]] bool begun() const { return !std::isnan(level); }

    // The forecast of a step behind the last.
    [[nodiscard]] numerics::Expected expect(std::int64_t step) const {
        const std::uint64_t steps = numerics::steps_between(last_step, step);
        return {numerics::saturate(level + static_cast<double>(steps) * drift),
                errors.deviation(SimpleGain::of(alpha, steps).variance)};
    }

    // Learns the value at a later step. least_gain: the level takes over at least this much of the error.
    void learn(std::int64_t step, double value, double least_gain = 0) {
        if (begun()) {
            const std::uint64_t steps = numerics::steps_between(last_step, step);
            const double expected = numerics::saturate(level + static_cast<double>(steps) * drift);
            const double error = numerics::saturate(value - expected);
            const SimpleGain share = SimpleGain::of(alpha, steps);
            level = numerics::saturate(expected + std::max(share.gain, least_gain) * error);
            errors.learn(error, share.variance);
        } else {
            level = value;
        }
        last_step = step;
    }

    // What the level takes over at least while few errors were seen, so that a first value that was far off
    // is soon forgotten: it is the mean of the first points. Fades out after a thousand.
    [[nodiscard]] double haste() const { return errors.count() < 1000 ? 1 / (errors.count() + 2.0) : 0; }
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_SIMPLE_SMOOTHING_HPP
