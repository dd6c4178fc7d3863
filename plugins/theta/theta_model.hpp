// The Theta method on a window of the last values.
//
//   1. If the window has a season (season_test.hpp), it is taken out (decomposition.hpp).
//   2. b = half the slope of the least-squares line through what remains.
//   3. Simple exponential smoothing of what remains, alpha and the first level fitted
//      (smoothing/simple_fit.hpp), forecasts s_n; h steps ahead the forecast is
//
//        s_n + b (h - 1 + (1 - (1-alpha)^n) / alpha),   variance sigma^2 (1 + (h-1) alpha^2) + (h b)^2 / 3
//
//      The last term is not of the sources: half the slope represents a trend anywhere between none and
//      the whole one, and a trend spread evenly over [0, 2b] has the variance b^2 / 3. Without it the
//      intervals of short, rising series are too narrow.
//
//   4. The season is put back.
//
// Sources: V. Assimakopoulos & K. Nikolopoulos, The theta model: a decomposition approach to forecasting,
// Int. J. Forecasting 16, 2000; the form above: R. J. Hyndman & B. Billah, Unmasking the Theta method, Int.
// J. Forecasting 19, 2003, who show that it is smoothing with the drift b, where
// l_n = s_n + b ((1 - (1-alpha)^n) / alpha - 1):
//
//   l_n = (1-alpha) (l_(n-1) + b) + alpha y_n,   forecast l_n + b h
//
// which is how the points between two fits are followed, the season and b as the last fit left them.
#ifndef FORECASTD_PLUGINS_THETA_THETA_MODEL_HPP
#define FORECASTD_PLUGINS_THETA_THETA_MODEL_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"

#include "../fitting/budget.hpp"
#include "../fitting/fallback.hpp"
#include "../fitting/scale.hpp"
#include "../fitting/schedule.hpp"
#include "../fitting/window.hpp"
#include "../smoothing/simple_fit.hpp"
#include "../smoothing/simple_smoothing.hpp"
#include "decomposition.hpp"
#include "season_test.hpp"

namespace theta {

// The state of one series: plain bytes. The window's slots and the season follow behind it.
struct State {
    smoothing::SimpleLevel simple;  // of the values without season
    fitting::Window window;
    fitting::Schedule schedule;
    std::uint32_t fits = 0;
    std::uint32_t trials = 0;  // of alpha, in all fits
    Season season = Season::none;
    fitting::Turn turn;
    std::uint32_t unused = 0;  // so that no byte is left unset
    fitting::Fallback fallback;
};

// What a fit costs, in the unit of fitting/budget.hpp, as measured.
inline double fit_cost(std::size_t values, std::size_t season_length) {
    return 2 + static_cast<double>(values) *
                   (0.5 + 0.002 * static_cast<double>(std::min<std::size_t>(season_length, 256)));
}

// The doubles behind the state.
template <class Number>
struct Tail {
    std::span<Number> slots, season;
};

// Room for one fit.
struct Workspace {
    explicit Workspace(std::size_t window) : values(window), filled(window), trend(window) {}
    std::vector<double> values;  // as seen, then without season; NaN where a step was lost
    std::vector<double> filled;  // lost ones replaced
    std::vector<double> trend;
};

// Thread: any; a model never changes.
class Model {
  public:
    struct Settings {
        std::size_t season_length;  // 0 or 1: no season is looked for
        std::uint32_t min_samples, refit_every;
        double alpha;              // NaN: estimated
        std::uint32_t budget = 0;  // at a point, as fitting/budget.hpp counts; 0: no bound
        std::uint64_t day = 0;     // in steps; 0: there are no holidays
    };
    Model() = default;
    explicit Model(const Settings& settings) : settings_(settings) {}

    [[nodiscard]] bool seasonal() const { return settings_.season_length > 1; }

    // The forecast of a step behind the last; state has learned a point.
    [[nodiscard]] numerics::Expected expect(const State& state, std::span<const double> season,
                                            std::int64_t step, std::int64_t local_step) const {
        auto [mean, deviation] = state.simple.expect(step);
        const auto steps = static_cast<double>(numerics::steps_between(state.simple.last_step, step));
        deviation = numerics::saturate(std::hypot(deviation, steps * state.simple.drift / std::sqrt(3.0)));
        if (!has_season(state)) return {mean, deviation};
        const double index = season[numerics::phase_of(local_step, season.size())];
        if (state.season == Season::multiplicative) deviation = numerics::saturate(deviation * index);
        return {numerics::saturate(with_season(mean, state.season, index)), deviation};
    }

    // Learns the value at a later step. True: a fit is due now. recurs: the value was unusual a season before
    // too; the window takes it for that season as well, and its phase takes what the level leaves of it if it
    // is far from the forecast.
    //
    // With a season the window goes by local steps, so that all of it is in phase across a change of the
    // clocks. Values of a day that counts as another one do not get into it, and no fit is due on such a day.
    [[nodiscard]] bool learn(State& state, const Tail<double>& tail, std::int64_t step,
                             std::int64_t local_step, double value, bool recurs = false) const {
        if (!state.simple.begun()) state.simple.alpha = smoothing::unfitted_alpha;
        double level = value;
        if (recurs && has_season(state)) take_season(state, tail.season, step, local_step, value);
        if (has_season(state))
            level = numerics::saturate(without_season(
                value, state.season, tail.season[numerics::phase_of(local_step, tail.season.size())]));
        state.simple.learn(step, level, state.fits == 0 ? state.simple.haste() : 0);
        if (numerics::is_other_day(step, local_step, settings_.day)) {
            ++state.schedule.since;
            return false;
        }
        if (seasonal())
            state.window.push_local(tail.slots, local_step, value);
        else
            state.window.push(tail.slots, step, value);
        if (recurs) state.window.replace(tail.slots, settings_.season_length, value);
        const std::uint32_t refit_every = fitting::sooner_while_young(settings_.refit_every, state.schedule);
        const bool due = state.schedule.tick(settings_.min_samples, refit_every, state.fits > 0);
        if (due && state.fits == 0 && settings_.budget > 0)
            state.schedule.since = state.turn.budget.offset(refit_every);
        return state.turn.comes(
            due || (seasonal() && state.schedule.points == 2 * settings_.season_length + 1),
            fit_cost(state.window.filled, settings_.season_length), settings_.budget);
    }

    void fit(State& state, const Tail<double>& tail, Workspace& workspace) const {
        state.window.copy(tail.slots, workspace.values.data());
        const auto values = std::span(workspace.values).first(state.window.filled);
        const double scale = fitting::bring_near_one(values);
        const auto filled = std::span(workspace.filled).first(values.size());
        std::copy(values.begin(), values.end(), filled.begin());
        fill_lost(filled);

        state.season = Season::none;
        if (seasonal() && shows_season(filled, settings_.season_length))
            take_season_out(state, tail.season, values, {values, filled, workspace.trend, 0});
        fit_level(state, values, scale);
        if (state.season == Season::additive)
            for (double& one : tail.season) one = numerics::saturate(one * scale);
        ++state.fits;
    }

  private:
    [[nodiscard]] bool has_season(const State& state) const {
        return seasonal() && state.season != Season::none;
    }

    void take_season(const State& state, std::span<double> season, std::int64_t step, std::int64_t local_step,
                     double value) const {
        const auto [mean, deviation] = expect(state, season, step, local_step);
        if (!(std::abs(value - mean) > numerics::ErrorVariance::limit_deviations * deviation)) return;
        const double level = state.simple.expect(step).mean;
        double& index = season[numerics::phase_of(local_step, season.size())];
        index = state.season == Season::multiplicative
                    ? std::clamp(value / level, least_index, 1 / least_index)
                    : numerics::saturate(value - level);
    }

    // Leaves the values without the season that it finds in the filled ones.
    static void take_season_out(State& state, std::span<double> season, std::span<double> values,
                                Decomposed window) {
        const std::size_t length = season.size();
        window.first_phase =
            (numerics::phase_of(state.window.last_step, length) + length - (values.size() - 1) % length) %
            length;
        const bool positive = *std::min_element(window.filled.begin(), window.filled.end()) > 0;
        state.season = positive ? Season::multiplicative : Season::additive;
        if (!decompose(window, season, state.season)) {
            state.season = Season::additive;
            decompose(window, season, state.season);
        }
        for (std::size_t t = 0; t < values.size(); ++t)
            values[t] = without_season(values[t], state.season, season[(window.first_phase + t) % length]);
    }

    void fit_level(State& state, std::span<const double> values, double scale) const {
        const auto fitted = std::isnan(settings_.alpha)
                                ? smoothing::fit_simple(values, smoothing::unfitted_alpha)
                                : smoothing::fit_simple_level(values, settings_.alpha);
        // alpha, the first level and the drift; a season's values average to a known one
        const std::size_t parameters = 3 + (has_season(state) ? settings_.season_length - 1 : 0);
        const auto end = smoothing::follow(values, fitted, scale, static_cast<double>(parameters));
        const double drift = scale * half_slope(values);
        const double behind =  // (1 - (1-alpha)^n) / alpha - 1
            -std::expm1(static_cast<double>(values.size()) * std::log1p(-end.alpha)) / end.alpha - 1;
        state.simple.alpha = end.alpha;
        state.simple.drift = numerics::saturate(drift);
        state.simple.level = numerics::saturate(end.level + drift * behind);
        state.simple.errors = end.errors;
        state.trials += fitted.trials;
    }

    // Of the least-squares line through the values that are there.
    static double half_slope(std::span<const double> values) {
        double times = 0, sum = 0, count = 0;
        for (std::size_t t = 0; t < values.size(); ++t)
            if (!std::isnan(values[t])) {
                times += static_cast<double>(t);
                sum += values[t];
                ++count;
            }
        const double middle = times / count, mean = sum / count;
        double covariance = 0, variance = 0;
        for (std::size_t t = 0; t < values.size(); ++t)
            if (!std::isnan(values[t])) {
                const double distance = static_cast<double>(t) - middle;
                covariance += distance * (values[t] - mean);
                variance += distance * distance;
            }
        return variance > 0 ? covariance / variance / 2 : 0;
    }

    Settings settings_{};
};

}  // namespace theta

#endif  // FORECASTD_PLUGINS_THETA_THETA_MODEL_HPP
