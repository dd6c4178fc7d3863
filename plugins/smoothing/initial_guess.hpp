// Initial level, trend and season read off the first values, for searches to begin with.
//
// The first seasons (or values) are averaged: a line through the averages gives level and trend, what the
// values of the same phase lie above or beside it gives the season. Source: R. J. Hyndman, A. B. Koehler, J.
// K. Ord & R. D. Snyder, Forecasting with Exponential Smoothing, 2008, section 2.6.1 (simplified).
#ifndef FORECASTD_PLUGINS_SMOOTHING_INITIAL_GUESS_HPP
#define FORECASTD_PLUGINS_SMOOTHING_INITIAL_GUESS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "form.hpp"

namespace smoothing {

struct InitialGuess {
    double level, trend;
};

namespace detail {

// The mean of those that are not NaN; `otherwise` if there are none.
inline double mean_of(std::span<const double> values, double otherwise) {
    double sum = 0, count = 0;
    for (const double value : values) {
        if (std::isnan(value)) continue;
        sum += value;
        ++count;
    }
    return count > 0 ? sum / count : otherwise;
}

}  // namespace detail

// Writes a season of season.size() values, if there are any; values: at least two seasons then, else at least
// one.
inline InitialGuess initial_guess(std::span<const double> values, const Form& form,
                                  std::span<double> season) {
    const std::size_t length = season.size();
    const std::size_t block =
        length > 0 ? length : std::max<std::size_t>(1, std::min<std::size_t>(5, values.size() / 2));
    const std::size_t blocks = std::clamp<std::size_t>(values.size() / block, 1, length > 0 ? 4 : 2);
    const double first = detail::mean_of(values.first(block), values[0]);
    const double last = detail::mean_of(values.subspan((blocks - 1) * block, block), first);
    const auto width = static_cast<double>(block), steps = static_cast<double>((blocks - 1) * block);
    const bool ratio = form.trend == Trend::multiplicative;
    InitialGuess guess{first, ratio ? 1.0 : 0.0};
    if (form.has_trend() && blocks > 1) {
        guess.trend =
            ratio ? std::clamp(std::pow(last / first, 1 / steps), 0.5, 2.0) : (last - first) / steps;
        if (!(guess.trend > 0) && ratio) guess.trend = 1;
        const double back = (width + 1) / 2;  // from the middle of the first block to the step before it
        guess.level = ratio ? first / std::pow(guess.trend, back) : first - guess.trend * back;
        if (form.needs_positive() && !(guess.level > 0)) guess.level = first;
    }
    const bool multiplies = form.season == Season::multiplicative;
    for (std::size_t phase = 0; phase < length; ++phase) {
        double sum = 0, count = 0;
        for (std::size_t k = 0; k < blocks; ++k) {
            const double value = values[k * length + phase];
            const double mean = detail::mean_of(values.subspan(k * length, length), first);
            if (std::isnan(value)) continue;
            sum += multiplies ? value / mean : value - mean;
            ++count;
        }
        season[phase] = count > 0 ? sum / count : multiplies ? 1 : 0;
    }
    return guess;
}

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_INITIAL_GUESS_HPP
