// The parameters that holt and holt-winters share, with the rows of their tables that are the same in both.
#ifndef FORECASTD_PLUGINS_GLUE_SMOOTHING_PARAMS_HPP
#define FORECASTD_PLUGINS_GLUE_SMOOTHING_PARAMS_HPP

#include <cstddef>
#include <cstdint>
#include <forecastd/plugin.hpp>
#include <optional>

#include "../smoothing/form.hpp"
#include "../smoothing/form_parameters.hpp"
#include "fallback.hpp"
#include "fit_budget.hpp"

namespace glue {

// The base of a plugin's struct.
struct SmoothingParams {
    enum class Damped : std::int32_t { no, yes, automatic };
    enum class Loss : std::int32_t { leads, squares };

    double alpha, beta, phi;  // NaN: estimated
    smoothing::Part trend;
    Damped damped_trend;
    Loss loss;
    std::size_t horizon;                                      // steps; 0: the usual one
    std::size_t window;                                       // steps
    std::uint32_t refit_every, min_samples, max_evaluations;  // points, points, sets of weights
    std::uint32_t fit_budget;                                 // as fitting/budget.hpp counts
    bool fallback;

    // How far ahead a fit looks, for the estimator: 0 with squared errors one step ahead.
    [[nodiscard]] std::size_t horizon_of(std::size_t usual) const {
        if (loss == Loss::squares) return 0;
        return horizon == 0 ? usual : horizon;
    }
    // The form that is asked for; a season of nullopt is chosen by AICc.
    [[nodiscard]] smoothing::RequestedForm requested(std::optional<smoothing::Season> season) const {
        smoothing::RequestedForm form{smoothing::trend_of(trend), std::nullopt, season};
        if (damped_trend != Damped::automatic) form.damped = damped_trend == Damped::yes;
        return form;
    }
};

// Rows of params().
namespace row {

inline constexpr auto alpha =
    forecastd::real<&SmoothingParams::alpha>(
        "alpha", forecastd::nan, 0, 1, "Weight of the newest value in the level; left out, it is estimated.")
        .alias("smoothing_level");
inline constexpr auto beta =
    forecastd::real<&SmoothingParams::beta>(
        "beta", forecastd::nan, 0, 1,
        "Weight of the newest change of the level in the trend; left out, it is estimated.")
        .alias("smoothing_trend");
inline constexpr auto phi = forecastd::real<&SmoothingParams::phi>(
                                "phi", forecastd::nan, 0, 1,
                                "What is left of a damped trend after each step; left out, it is estimated.")
                                .alias("damping_trend");
inline constexpr auto damped_trend =
    forecastd::choice<&SmoothingParams::damped_trend>(
        "damped_trend", SmoothingParams::Damped::yes, {"false", "true", "auto"},
        "Whether the trend fades over the horizon instead of going on forever; auto: chosen by AICc.")
        .alias("damped");
inline constexpr auto loss =
    forecastd::choice<&SmoothingParams::loss>("loss", SmoothingParams::Loss::leads, {"leads", "squares"},
                                              "What a fit minimises: absolute errors of forecasts over the "
                                              "horizon, each counted up to a limit, or squared "
                                              "errors one step ahead; for fit \"window\".");
inline constexpr auto max_evaluations = forecastd::integer<&SmoothingParams::max_evaluations>(
    "max_evaluations", 1000, 2, 1'000'000,
    "Sets of weights that one fit may try, all its forms together; for fit \"window\".");

inline constexpr auto fallback = fallback_of<&SmoothingParams::fallback>();
inline constexpr auto fit_budget = fit_budget_of<&SmoothingParams::fit_budget>();

// Their sentences differ between the plugins.
constexpr auto horizon(const char* doc) {
    return forecastd::steps<&SmoothingParams::horizon>("horizon", 0, 0, 100'000, doc);
}
constexpr auto trend(const char* doc) {
    return forecastd::choice<&SmoothingParams::trend>("trend", smoothing::Part::additive,
                                                      {"none", "add", "mul", "auto"}, doc);
}
constexpr auto min_samples(const char* doc) {
    return forecastd::integer<&SmoothingParams::min_samples>("min_samples", 10, 4, 1'000'000, doc)
        .alias("min_n_samples_seen");
}

}  // namespace row
}  // namespace glue

#endif  // FORECASTD_PLUGINS_GLUE_SMOOTHING_PARAMS_HPP
