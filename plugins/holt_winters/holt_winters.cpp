// The plugin "holt-winters": its parameters and their meaning. The calls from the SDK: glue/smoother.hpp; the
// method with given weights, which also follows the first two seasons in every mode: holt_winters_model.hpp.
#include <algorithm>
#include <array>
#include <forecastd/plugin.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "../glue/local_day.hpp"
#include "../glue/smoother.hpp"
#include "../glue/smoothing_params.hpp"
#include "holt_winters_model.hpp"

struct HoltWinters : glue::SmoothingParams, glue::Smoother<holt_winters::Model, 4> {
    static constexpr forecastd::About about{
        "holt-winters", "3.0.0",
        "Level, trend and season, exponentially smoothed; form and weights are estimated or given.", 3};

    enum class Seasonal : std::int32_t { additive, multiplicative, automatic };
    enum class Fit : std::int32_t { window, online };

    static constexpr auto params() {
        using forecastd::choice, forecastd::integer, forecastd::nan, forecastd::real, forecastd::steps;
        namespace row = glue::row;
        return std::tuple{
            steps<&HoltWinters::season_length>(
                "season_length", 2, 2, 100'000,
                "Steps after which the series repeats itself, or a duration such as \"1d\".")
                .alias("seasonal_periods", "seasonality")
                .required(),
            steps<&HoltWinters::second_season_length>(
                "second_season_length", 0, 0, 100'000,
                "A second, longer season that is added to the first, such as \"7d\"; 0 or 1: none."),
            choice<&HoltWinters::seasonal>("seasonal", Seasonal::additive, {"add", "mul", "auto"},
                                           "Whether the season is added to the level or, for values above 0, "
                                           "multiplies it; auto: chosen by AICc."),
            row::trend("Whether the level moves by a difference or, for values above 0, by a ratio; "
                       "auto: chosen by AICc among none and add."),
            row::damped_trend,
            row::alpha,
            row::beta,
            real<&HoltWinters::gamma>(
                "gamma", nan, 0, 1,
                "Weight of the newest value in the season at its phase; left out, it is estimated.")
                .alias("smoothing_seasonal"),
            real<&HoltWinters::second_gamma>("second_gamma", nan, 0, 1,
                                             "Weight of the newest error in the second season at its phase; "
                                             "left out, it is estimated on a "
                                             "window, and else 0.2."),
            row::phi,
            choice<&HoltWinters::fit>(
                "fit", Fit::window, {"window", "online"},
                "How weights are estimated: on the last values, again and again, or point by point without "
                "keeping any, where \"auto\" stands for \"add\" and true."),
            steps<&HoltWinters::window>("window", 0, 0, 1'000'000,
                                        "How many of the last values a fit looks at; 0: four seasons, at "
                                        "least 120, and three of the second "
                                        "one; for fit \"window\"."),
            integer<&HoltWinters::refit_every>(
                "refit_every", 0, 0, 1'000'000,
                "Points from one fit to the next; 0: a season, at least 30; for fit \"window\"."),
            row::min_samples(
                "Points before the first fit, but never less than two seasons; for fit \"window\"."),
            row::max_evaluations,
            row::fit_budget,
            row::fallback,
            row::loss,
            row::horizon(
                "How far ahead forecasts are to be good, in steps, or a duration; 0: a season, at most 48 "
                "steps; for fit \"window\" and loss \"leads\"."),
        };
    }
    std::size_t season_length, second_season_length;
    Seasonal seasonal;
    Fit fit;
    double gamma, second_gamma;

    void prepare(const forecastd::Grid& grid) {
        if (second_season_length <= 1 || second_season_length == season_length) second_season_length = 0;
        if (second_season_length > 0 && second_season_length < season_length) {
            std::swap(season_length, second_season_length);
            std::swap(gamma, second_gamma);
        }
        const std::size_t second = second_season_length;
        const smoothing::Weights given{alpha, beta, gamma, phi, second > 0 ? second_gamma : 0};
        // A second season is added, so the first one is too.
        const bool added = second > 0 && seasonal == Seasonal::automatic;
        const smoothing::RequestedForm asked = requested(season_of(added ? Seasonal::additive : seasonal));
        const Mode mode = mode_of(asked, given, fit == Fit::online);
        if (second > 0) check_second(mode);
        if (mode == Mode::window) choose_window((grid.flags & FCD_GRID_TRIAL) != 0);
        smoothing::Form form = asked.form();
        if (!form.has_season())
            form.season = smoothing::Season::additive;  // of the two seasons before the first fit
        const auto w = smoothing::filled_in(given, {0.4, 0.01, 0.2, 0.98});
        const holt_winters::Model method(
            {w.alpha, w.beta, w.gamma, form.damped ? w.phi : 1, form.trend, form.season, season_length});
        const auto first_fit = std::max(min_samples, static_cast<std::uint32_t>(least_window()));
        set_up(mode, form, method, expert_weights,
               {asked, given, season_length, window, first_fit, refit_every, max_evaluations, fit_budget,
                glue::local_day(grid), horizon_of(std::min<std::size_t>(season_length, 48)), second},
               fallback);
    }

  private:
    // From sluggish to fast, in the level and in the season.
    static constexpr ExpertWeights expert_weights{
        {{0.05, 0.01, 0.05, 0.98}, {0.3, 0.02, 0.1, 0.95}, {0.7, 0.02, 0.1, 0.9}, {0.9, 0.02, 0.3, 0.9}}};

    static std::optional<smoothing::Season> season_of(Seasonal seasonal) {
        if (seasonal == Seasonal::automatic) return std::nullopt;
        return seasonal == Seasonal::additive ? smoothing::Season::additive
                                              : smoothing::Season::multiplicative;
    }

    // Two seasons and a step.
    std::size_t least_window() const { return 2 * std::max(season_length, second_season_length) + 1; }

    void check_second(Mode mode) const {
        if (seasonal == Seasonal::multiplicative)
            throw std::invalid_argument(
                "found a second season beside seasonal \"mul\", expected \"add\" or \"auto\": a second "
                "season is "
                "added to the first");
        if (mode == Mode::window && loss == Loss::squares)
            throw std::invalid_argument(
                "found a second season beside loss \"squares\", expected \"leads\": a fit by squares knows "
                "one "
                "season");
    }

    // Where the user left them out, window and refit_every follow from the season. On a trial grid a window
    // that was given in steps and a season that was given as a duration may not go together: the window is
    // then made longer.
    void choose_window(bool trial) {
        if (window == 0) window = std::max<std::size_t>({120, 4 * season_length, 3 * second_season_length});
        if (refit_every == 0)
            refit_every = static_cast<std::uint32_t>(std::max<std::size_t>(30, season_length));
        if (trial) window = std::max(window, least_window());
        if (window < least_window())
            throw std::invalid_argument(
                "found a window of " + std::to_string(window) +
                " steps, expected at least two seasons and a step, " + std::to_string(least_window()) +
                "; make it longer, or use the plugin \"holt\", which knows no season");
    }
};
FORECASTD_PLUGIN(HoltWinters)
