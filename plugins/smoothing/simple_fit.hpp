// Fits simple exponential smoothing to a window: the alpha and the first level that make the one-step errors
// least.
//
//   e_t = y_t - l_(t-1),   l_t = l_(t-1) + g_t e_t
//   g_t and v_t: gain and variance over a gap; v_t = 1 without one
//   minimise  S(alpha, l_0) = sum e_t^2 / v_t * (product of v_t)^(1/n)
//
// the likelihood of normal errors at the best variance; without a gap it is the sum of squares. At a given
// alpha the errors are linear in the first level, e_t = a_t - b_t l_0, so the best l_0 = sum(a b / v) /
// sum(b^2 / v) is exact. Source: R. J. Hyndman, A. B. Koehler, J. K. Ord & R. D. Snyder, Forecasting with
// Exponential Smoothing, 2008, section 5.1 and chapter 12.
//
// What is left is a function of one parameter on [0, 1]. It may have several minima, and is cheap, so no
// optimiser is called: 16 trials, denser towards 0, find the valleys; then the two lowest valleys are
// narrowed by 8 trials at once, five times, each time to 2/9 of their width (alpha is known to some 1e-4 of a
// valley's width, the sum of squares to some 1e-8 of itself). Eight trials at once fill the processor's
// vectors, where a lone one waits for its own last step. At most 96 trials are made.
#ifndef FORECASTD_PLUGINS_SMOOTHING_SIMPLE_FIT_HPP
#define FORECASTD_PLUGINS_SMOOTHING_SIMPLE_FIT_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"

#include "simple_smoothing.hpp"

namespace smoothing {

struct SimpleFit {
    double alpha = 0, first_level = 0;
    double objective = 0;  // S
    std::uint32_t trials = 0;
};

namespace detail {

inline constexpr std::size_t lanes = 8;
using Trials = std::array<double, lanes>;

// Some alphas, tried on the same values.
struct SimpleTrials {
    Trials alpha, first_level, objective;

    // values: NaN where a step was lost; the first is not NaN. Their greatest size is near 1.
    void run(std::span<const double> values) {
        // As if y were measured from its first value: then nothing cancels in the sums.
        const double origin = values.empty() ? 0 : values[0];
        Trials level{}, share, errors{}, products{}, shares{}, logs{};
        share.fill(1);
        std::uint64_t steps = 1;
        double count = 0;
        for (const double value : values) {
            if (std::isnan(value)) {
                ++steps;
                continue;
            }
            const double height = value - origin;
            if (steps == 1) {
                for (std::size_t i = 0; i < lanes; ++i) {
                    const double error = height - level[i];
                    errors[i] += error * error;
                    products[i] += error * share[i];
                    shares[i] += share[i] * share[i];
                    level[i] += alpha[i] * error;
                    share[i] -= alpha[i] * share[i];
                }
            } else {
                for (std::size_t i = 0; i < lanes; ++i) {
                    const auto [gain, variance] = SimpleGain::of(alpha[i], steps);
                    const double error = height - level[i];
                    errors[i] += error * error / variance;
                    products[i] += error * share[i] / variance;
                    shares[i] += share[i] * share[i] / variance;
                    level[i] += gain * error;
                    share[i] -= gain * share[i];
                    logs[i] += std::log(variance);
                }
                steps = 1;
            }
            ++count;
        }
        for (std::size_t i = 0; i < lanes; ++i) {
            const double start = shares[i] > 0 ? products[i] / shares[i] : 0;
            first_level[i] = origin + start;
            const double squares = std::max(errors[i] - products[i] * start, 0.0);
            objective[i] = logs[i] > 0 ? squares * std::exp(logs[i] / count) : squares;
        }
    }
};

// Keeps the best of the trials.
inline void take_best(SimpleFit& best, const SimpleTrials& trials) {
    best.trials += lanes;
    for (std::size_t i = 0; i < lanes; ++i)
        if (trials.objective[i] < best.objective) {
            best.alpha = trials.alpha[i];
            best.first_level = trials.first_level[i];
            best.objective = trials.objective[i];
        }
}

// Narrows a valley.
inline void narrow(SimpleFit& best, std::span<const double> values, double low, double high) {
    for (int round = 0; round < 5; ++round) {
        SimpleTrials trials{};
        const double width = (high - low) / (lanes + 1);
        for (std::size_t i = 0; i < lanes; ++i) trials.alpha[i] = low + static_cast<double>(i + 1) * width;
        trials.run(values);
        take_best(best, trials);
        const auto least = std::min_element(trials.objective.begin(), trials.objective.end());
        const double middle = trials.alpha[static_cast<std::size_t>(least - trials.objective.begin())];
        low = middle - width;
        high = middle + width;
    }
}

}  // namespace detail

// The best first level at a given alpha; values as for SimpleTrials::run.
inline SimpleFit fit_simple_level(std::span<const double> values, double alpha) {
    detail::SimpleTrials trials{};
    trials.alpha.fill(alpha);
    trials.run(values);
    return {alpha, trials.first_level[0], trials.objective[0], 1};
}

// The best alpha and first level; values as for SimpleTrials::run. `otherwise` is the alpha where every one
// fits equally well, as on a constant series.
inline SimpleFit fit_simple(std::span<const double> values, double otherwise) {
    constexpr std::size_t count = 2 * detail::lanes;
    std::array<double, count> grid{}, objective{};
    detail::SimpleTrials trials{};
    SimpleFit best{otherwise, values.empty() ? 0 : values[0], HUGE_VAL, 0};
    for (std::size_t half = 0; half < 2; ++half) {
        for (std::size_t i = 0; i < detail::lanes; ++i) {
            const double place = static_cast<double>(half * detail::lanes + i) / (count - 1);
            grid[half * detail::lanes + i] = trials.alpha[i] = place * place;
        }
        trials.run(values);
        std::copy(trials.objective.begin(), trials.objective.end(),
                  objective.begin() + static_cast<std::ptrdiff_t>(half * detail::lanes));
        take_best(best, trials);
    }
    if (*std::max_element(objective.begin(), objective.end()) <= 0) {  // nothing to choose by
        best.alpha = otherwise;
        return best;
    }

    // The valleys of the grid, the two lowest of them.
    std::array<std::size_t, count> valleys{};
    std::size_t found = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const bool falls = i == 0 || objective[i] < objective[i - 1];
        const bool rises = i + 1 == count || objective[i] <= objective[i + 1];
        if (falls && rises) valleys[found++] = i;
    }
    std::sort(valleys.begin(), valleys.begin() + static_cast<std::ptrdiff_t>(found),
              [&](std::size_t a, std::size_t b) { return objective[a] < objective[b]; });
    for (std::size_t i = 0; i < std::min<std::size_t>(found, 2); ++i) {
        const std::size_t valley = valleys[i];
        detail::narrow(best, values, grid[valley - (valley > 0 ? 1 : 0)],
                       grid[valley + (valley + 1 < count ? 1 : 0)]);
    }
    return best;
}

// The alpha before the first fit, and where a series is constant.
inline constexpr double unfitted_alpha = 0.5;

// Where a fit leads: what is known behind its last value.
struct SimpleEnd {
    double alpha, level;
    numerics::ErrorVariance errors;
};

// Follows the values from a fit's first level on. Levels and errors are `scale` times those of the values.
// The errors are learned as if they had come one by one, each enlarged by sqrt(n / (n-k)), k being the number
// of parameters that were fitted to the n values: those of a fit are smaller than those to come.
//
// An alpha below least_alpha counts as that (so does R's ets): with 0, a level would trust itself across any
// gap.
inline constexpr double least_alpha = 1e-4;
inline SimpleEnd follow(std::span<const double> values, const SimpleFit& fit, double scale,
                        double parameters) {
    double seen = 0;
    for (const double value : values) seen += std::isnan(value) ? 0 : 1;
    const double enlarged = scale * (seen > parameters ? std::sqrt(seen / (seen - parameters)) : 1);

    SimpleEnd end{std::max(fit.alpha, least_alpha), fit.first_level, {}};
    std::uint64_t steps = 1;
    for (const double value : values) {
        if (std::isnan(value)) {
            ++steps;
            continue;
        }
        const auto [gain, variance] = SimpleGain::of(end.alpha, steps);
        const double error = value - end.level;
        end.errors.learn(error * enlarged, variance);
        end.level += gain * error;
        steps = 1;
    }
    end.level = numerics::saturate(scale * end.level);
    return end;
}

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_SIMPLE_FIT_HPP
