// Simple exponential smoothing whose alpha is fitted to the last values, again and again.
//
// Between two fits the level follows the points with the alpha of the last fit. A fit also finds the level anew,
// from the best first level of the window on, and learns the variance of the one-step errors from those in the
// window, each enlarged by sqrt(n / (n-2)) since two numbers were fitted to them. The formulas and the search: see
// smoothing/simple_fit.hpp.
//
// Before the first fit alpha is 1/2, and the level at least the mean of what was seen.
#ifndef FORECASTD_PLUGINS_SES_WINDOW_MODEL_HPP
#define FORECASTD_PLUGINS_SES_WINDOW_MODEL_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../fitting/scale.hpp"
#include "../fitting/schedule.hpp"
#include "../fitting/window.hpp"
#include "../smoothing/simple_fit.hpp"
#include "../smoothing/simple_smoothing.hpp"

namespace ses {

inline constexpr double unfitted_alpha = 0.5;

// What is known of one series: plain bytes. The window's slots stand behind it.
struct WindowState {
    smoothing::SimpleLevel simple;
    fitting::Window window;
    fitting::Schedule schedule;
    std::uint32_t fits = 0;
    std::uint32_t trials = 0;  // of all fits
};

// When a window is fitted.
struct Plan {
    std::uint32_t min_samples, refit_every;
};

using Workspace = std::vector<double>;  // as long as the window

// Learns the value at a later step. True: a fit is due now.
inline bool learn(const Plan& plan, WindowState& state, std::span<double> slots, std::int64_t step,
                  double value) {
    if (!state.simple.begun()) state.simple.alpha = unfitted_alpha;
    state.simple.learn(step, value, state.fits == 0 ? state.simple.haste() : 0);
    state.window.push(slots, step, value);
    return state.schedule.tick(plan.min_samples, fitting::sooner_while_young(plan.refit_every, state.schedule),
                               state.fits > 0);
}

// Fits the window.
inline void fit(WindowState& state, std::span<const double> slots, Workspace& workspace) {
    state.window.copy(slots, workspace.data());
    const auto values = std::span(workspace).first(state.window.filled);
    const double scale = fitting::bring_near_one(values);
    const smoothing::SimpleFit fitted = smoothing::fit_simple(values, state.simple.alpha);
    const auto nothing = [](double, double) {};
    state.simple.alpha = fitted.alpha;
    state.simple.level = smoothing::saturate(
        scale * smoothing::follow_simple(values, fitted.alpha, fitted.first_level, nothing));
    state.simple.errors = smoothing::errors_of(values, fitted, scale, 2);
    ++state.fits;
    state.trials += fitted.trials;
}

}  // namespace ses

#endif  // FORECASTD_PLUGINS_SES_WINDOW_MODEL_HPP
