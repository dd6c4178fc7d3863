// The plugin "holt": its parameters and their meaning. The calls from the SDK: glue/smoother.hpp; the method
// with given weights: holt_model.hpp.
#include <array>
#include <forecastd/plugin.hpp>

#include "../glue/smoother.hpp"
#include "../glue/smoothing_params.hpp"
#include "holt_model.hpp"

struct Holt : glue::SmoothingParams, glue::Smoother<holt::Model, 6> {
    static constexpr forecastd::About about{
        "holt", "3.0.0", "Level and trend, exponentially smoothed; form and weights are estimated or given.",
        3};

    enum class Fit : std::int32_t { window, online, automatic };

    static constexpr auto params() {
        using forecastd::choice, forecastd::integer, forecastd::steps;
        namespace row = glue::row;
        return std::tuple{
            row::alpha,
            row::beta,
            row::phi,
            row::trend("Whether the level moves by a difference or, for values above 0, by a ratio; "
                       "auto: chosen by AICc among none and add, on a window."),
            row::damped_trend,
            choice<&Holt::fit>("fit", Fit::automatic, {"window", "online", "auto"},
                               "How weights are estimated: on the last values, again and again, or point by "
                               "point without keeping "
                               "any; auto: on a window if a form is to be chosen, else online."),
            steps<&Holt::window>("window", 120, 10, 100'000,
                                 "How many of the last values a fit looks at; for fit \"window\"."),
            integer<&Holt::refit_every>("refit_every", 30, 1, 1'000'000,
                                        "Points from one fit to the next; for fit \"window\"."),
            row::min_samples("Points before the first fit; for fit \"window\"."),
            row::max_evaluations,
            row::fit_budget,
            row::fallback,
            row::loss,
            row::horizon(
                "How far ahead forecasts are to be good, in steps, or a duration; 0: 12 steps; for fit "
                "\"window\" and loss \"leads\"."),
        };
    }
    Fit fit;

    void prepare(const forecastd::Grid&) {
        const smoothing::Weights given{alpha, beta, 0, phi};
        const smoothing::RequestedForm asked = requested(smoothing::Season::none);
        const bool online = fit == Fit::online || (fit == Fit::automatic && !asked.chooses());
        const smoothing::Form form = asked.form();
        const auto w = smoothing::filled_in(given, {0.7, 0.03, 0, 0.9});
        const holt::Model method(form.trend, smoothing::DampedTrend(w.alpha, form.has_trend() ? w.beta : 0,
                                                                    form.damped ? w.phi : 1));
        set_up(mode_of(asked, given, online), form, method, expert_weights,
               {asked, given, 0, window, min_samples, refit_every, max_evaluations, fit_budget, 0,
                horizon_of(12)},
               fallback);
    }

  private:
    static_assert(sizeof(Series) + sizeof(Experts) < 200);

    // From sluggish to the newest value alone, and one whose trend turns fast.
    static constexpr ExpertWeights expert_weights{{{0.05, 0.02, 0, 0.98},
                                                   {0.2, 0.05, 0, 0.95},
                                                   {0.45, 0.05, 0, 0.95},
                                                   {0.7, 0.05, 0, 0.9},
                                                   {1, 0, 0, 0.9},
                                                   {0.95, 0.6, 0, 0.8}}};
};
FORECASTD_PLUGIN(Holt)
