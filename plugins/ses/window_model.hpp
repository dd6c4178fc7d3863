// Simple exponential smoothing whose alpha is fitted to the last values, again and again.
//
// Between two fits the level follows the points with the alpha of the last fit. A fit also finds the level
// and the variance of the one-step errors again, starting from the best first level of the window. What it
// minimises: the errors of forecasts over the horizon (smoothing/simple_leads_fit.hpp), or the squares of
// one-step errors (smoothing/simple_fit.hpp). Before the first fit the level is at least the mean of what was
// seen. A fit comes at once, too, when errors far beyond the deviation follow one another: the level has
// shifted.
#ifndef FORECASTD_PLUGINS_SES_WINDOW_MODEL_HPP
#define FORECASTD_PLUGINS_SES_WINDOW_MODEL_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../fitting/budget.hpp"
#include "../fitting/fallback.hpp"
#include "../fitting/scale.hpp"
#include "../fitting/schedule.hpp"
#include "../fitting/window.hpp"
#include "../smoothing/leads_loss.hpp"
#include "../smoothing/simple_fit.hpp"
#include "../smoothing/simple_leads_fit.hpp"
#include "../smoothing/simple_smoothing.hpp"

namespace ses {

// The state of one series: plain bytes. Refits and the window's slots follow behind it.
struct WindowState {
    smoothing::SimpleLevel simple;
    fitting::Window window;
    fitting::Schedule schedule;
    std::uint32_t fits = 0;
    std::uint32_t trials = 0;  // of all fits
};

// What else a series with a window has; in front of its slots.
struct Refits {
    fitting::Turn turn;
    fitting::Fallback fallback;
};

// When a window is fitted.
struct Plan {
    std::uint32_t min_samples, refit_every;
    std::uint32_t budget = 0;  // at a point, as fitting/budget.hpp counts; 0: no bound
};

// What a fit costs, in the unit of fitting/budget.hpp, as measured.
inline double fit_cost(std::size_t values) { return 2 + 0.5 * static_cast<double>(values); }

// Of one fit. Thread: one at a time.
struct Workspace {
    // its_horizon: 0 for one-step least squares.
    Workspace(std::size_t window, std::size_t its_horizon)
        : values(window), horizon(its_horizon), loss(its_horizon > 0 ? window : 0, 0, 0) {}

    std::vector<double> values;
    std::size_t horizon;
    smoothing::LeadsLoss loss;
};

// Learns the value at a later step. True: a fit is due now.
inline bool learn(const Plan& plan, WindowState& state, fitting::Turn& turn, std::span<double> slots,
                  std::int64_t step, double value) {
    if (!state.simple.begun()) state.simple.alpha = smoothing::unfitted_alpha;
    state.simple.learn(step, value, state.fits == 0 ? state.simple.haste() : 0);
    state.window.push(slots, step, value);
    const std::uint32_t every =
        state.simple.errors.overrun() ? 1 : fitting::sooner_while_young(plan.refit_every, state.schedule);
    const bool due = state.schedule.tick(plan.min_samples, every, state.fits > 0);
    if (due && state.fits == 0 && plan.budget > 0) state.schedule.since = turn.budget.offset(every);
    return turn.comes(due, fit_cost(state.window.filled), plan.budget);
}

// Fits the window.
inline void fit(WindowState& state, std::span<const double> slots, Workspace& workspace) {
    state.window.copy(slots, workspace.values.data());
    const auto values = std::span(workspace.values).first(state.window.filled);
    const double scale = fitting::bring_near_one(values);
    smoothing::SimpleEnd end{};
    if (workspace.horizon > 0) {
        end = smoothing::fit_simple_leads(workspace.loss, values, workspace.horizon, scale,
                                          smoothing::unfitted_alpha, state.trials);
    } else {
        const auto fitted = smoothing::fit_simple(values, smoothing::unfitted_alpha);
        end = smoothing::follow(values, fitted, scale, 2);
        state.trials += fitted.trials;
    }
    state.simple.alpha = end.alpha;
    state.simple.level = end.level;
    state.simple.errors = end.errors;
    ++state.fits;
}

}  // namespace ses

#endif  // FORECASTD_PLUGINS_SES_WINDOW_MODEL_HPP
