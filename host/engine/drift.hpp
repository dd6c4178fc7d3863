// Finds slow drifts of one series by the CUSUM of Page (1954), two-sided, on the changes between the means of
// blocks.
//
// A block has at least 100 points and 100 minutes. The change from one mean to the next is standardised by
// the mean and the deviation of the changes so far, so that a lasting slope is normal, and a daily wave, a
// random walk or a level that switches set their own scale. It is clipped to +-3, so that one jump is no
// drift, and divided where changes follow each other on the same side ((1 - r) / (1 + r), r their
// correlation), as those of a wave do. The slack k is 0.5. The limit h is 13, or more if false alarms must be
// rarer: Siegmund's (1985) approximation gives the one for a mean time between them.
//
// Plain data; zeroed for a new series.
#ifndef FORECASTD_ENGINE_DRIFT_HPP
#define FORECASTD_ENGINE_DRIFT_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace forecastd::engine {

struct Drift {
    double sum, last_mean;          // of the current block, and of the one before it
    double mean, variance;          // of the changes
    double covariance, last_error;  // of a change with the one before it
    float up, down;                 // the two sums
    std::uint32_t points;           // of the current block
    std::uint16_t blocks;           // so far, up to `memory`
    std::int8_t side;               // of the drift that was found: 1, -1; 0: none

    static constexpr double slack = 0.5, clip = 3;
    static constexpr std::uint16_t warm_up = 5;  // blocks
    static constexpr std::uint16_t memory = 200;

    // Takes a value; block: how many points a block has.
    void take(double value, std::uint32_t block, double h) {
        sum += value;
        if (++points < block) return;
        const double mean_now = sum / points;
        sum = 0;
        points = 0;
        if (blocks > 0) change(mean_now - last_mean, h);
        if (blocks < memory) ++blocks;
        last_mean = mean_now;
    }

  private:
    void change(double change, double h) {
        double error = change - mean;
        if (blocks >= warm_up) {
            const double deviation = std::sqrt(variance) + 1e-9 * std::abs(last_mean) + 1e-300;
            const double z = std::clamp(error / deviation, -clip, clip);
            error = z * deviation;
            const double r = std::clamp(covariance / (variance + 1e-300), 0.0, 0.95);
            accumulate(z * (1 - r) / (1 + r), h);
        }
        const double weight = 1.0 / blocks;
        mean += weight * error;
        variance += weight * (error * error - variance);
        if (std::max(up, down) < 4) covariance += weight * (error * last_error - covariance);
        last_error = error;
    }
    // The sums do not grow far beyond h, so that the end of a drift is seen soon.
    void accumulate(double z, double h) {
        up = static_cast<float>(std::clamp(up + z - slack, 0.0, 1.5 * h));
        down = static_cast<float>(std::clamp(down - z - slack, 0.0, 1.5 * h));
        if (side == 0) side = static_cast<std::int8_t>(up > h ? 1 : down > h ? -1 : 0);
        if (side != 0 && (side > 0 ? up : down) < h / 2) side = 0;
    }
};

// The limit of a one-sided CUSUM with the slack 0.5 for a mean number of steps between false alarms.
inline double cusum_limit(double steps) {
    double low = 0, high = 60;  // ARL(60) is beyond 1e26
    for (int i = 0; i < 60; ++i) {
        const double h = (low + high) / 2, b = 2 * Drift::slack * (h + 1.166);
        ((std::exp(b) - b - 1) / (2 * Drift::slack * Drift::slack) < steps ? low : high) = h;
    }
    return high;
}

}  // namespace forecastd::engine

#endif
