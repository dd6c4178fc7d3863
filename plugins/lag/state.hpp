// What is kept of one series.
#ifndef FORECASTD_PLUGINS_LAG_STATE_HPP
#define FORECASTD_PLUGINS_LAG_STATE_HPP

#include <array>
#include <cstdint>
#include <span>

#include "../fitting/budget.hpp"
#include "../fitting/fallback.hpp"
#include "../fitting/schedule.hpp"
#include "../fitting/window.hpp"
#include "../numerics/error_variance.hpp"
#include "lag_set.hpp"
#include "local_clock.hpp"
#include "units.hpp"

namespace lag {

// Plain bytes. The arrays of Parts follow behind it.
struct State {
    fitting::Window window;  // its slots hold no NaN: a lost step has its forecast
    fitting::Schedule schedule;
    LocalClock clock;
    numerics::ErrorVariance errors;
    Units units{0, 1};
    double low = 0, high = 0;  // of the values seen; after a fit, of those in the window
    double constant = 0;       // in Units
    std::array<double, most_lags> weights{};
    std::uint32_t used = 0;  // lags that have a value; 0: nothing was learned yet
    std::uint32_t fits = 0;
    double mean_error = 0;  // absolute, of those one step ahead, in Units
    fitting::Turn turn;
    fitting::Fallback fallback;
    std::uint64_t recursions = 0;  // errors that the weights were learned from, those of the fit included

    // As at first.
    void clear() {
        const std::uint32_t lot = turn.budget.lot;
        *this = {};
        turn.budget.lot = lot;
    }
    // Forecasts one of the last values: that of the longest season there is, else the last.
    void use_naive_weights(const LagSet& lags) {
        weights = {};
        weights[lags.naive_place(used)] = 1;
        units = {0, 1};
        constant = 0;
    }
};

// The last values, whether each was observed (not 0), and P of the recursive fit.
template <class Number, class Flag>
struct Parts {
    std::span<Number> slots;
    std::span<Flag> known;
    std::span<Number> triangle;
};

}  // namespace lag

#endif  // FORECASTD_PLUGINS_LAG_STATE_HPP
