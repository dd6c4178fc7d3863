// The plugin "theta": the parameters of theta_model.hpp, and its calls from the SDK.
#include <algorithm>
#include <forecastd/plugin.hpp>
#include <memory>
#include <string>

#include "../fitting/pool.hpp"
#include "../glue/fallback.hpp"
#include "../glue/fit_budget.hpp"
#include "../glue/local_day.hpp"
#include "../glue/predictions.hpp"
#include "../glue/recurs.hpp"
#include "theta_model.hpp"

struct Theta {
    static constexpr forecastd::About about{
        "theta", "1.0.0",
        "Smoothing with half the trend of the last values, and their season if they have one.", 2};

    static constexpr auto params() {
        using forecastd::integer, forecastd::real, forecastd::steps;
        return std::tuple{
            steps<&Theta::season_length>("season_length", 0, 0, 100'000,
                                         "Steps after which the series repeats itself, or a duration such as "
                                         "\"1d\"; 0 or 1: none. It is "
                                         "used where the values show it.")
                .alias("seasonal_periods", "seasonality"),
            steps<&Theta::window>(
                "window", 0, 0, 1'000'000,
                "How many of the last values a fit looks at; 0: 400, or four seasons if these "
                "are more."),
            integer<&Theta::refit_every>(
                "refit_every", 0, 0, 1'000'000,
                "Points from one fit to the next; 0: 30, or a season if that is more."),
            integer<&Theta::min_samples>("min_samples", 10, 2, 1'000'000, "Points before the first fit.")
                .alias("min_n_samples_seen"),
            real<&Theta::alpha>("alpha", forecastd::nan, 0, 1,
                                "Weight of the newest value in the level; left out, it is estimated.")
                .alias("smoothing_level"),
            glue::fit_budget_of<&Theta::fit_budget>(),
            glue::fallback_of<&Theta::fallback>(),
        };
    }
    std::size_t season_length, window;
    std::uint32_t refit_every, min_samples, fit_budget;
    double alpha;
    bool fallback;

    using Series = theta::State;
    using Tail = std::span<const double>;

    void prepare(const forecastd::Grid& grid) {
        if (season_length < 2) season_length = 0;
        if (window == 0) window = std::max<std::size_t>(400, 4 * season_length);
        if (refit_every == 0)
            refit_every = static_cast<std::uint32_t>(std::max<std::size_t>(30, season_length));
        // Durations mean nothing on a trial grid: what they make of window and season is no reason to refuse
        // them.
        if (grid.flags & FCD_GRID_TRIAL) window = std::max<std::size_t>({window, 4, 2 * season_length + 1});
        if (window < 4)
            throw std::invalid_argument("window is " + std::to_string(window) +
                                        ", expected 4 steps or more; leave it out for 400 steps");
        if (window <= 2 * season_length)
            throw std::invalid_argument(
                "window is " + std::to_string(window) + " steps and season_length " +
                std::to_string(season_length) +
                "; a season shows in more than two of them only, so make window longer than " +
                std::to_string(2 * season_length) + ", leave it out, or set season_length to 0");
        day = glue::local_day(grid);
        model = theta::Model({season_length, min_samples, refit_every, alpha, fit_budget, day});
        pool = std::make_unique<Pool>([size = window] { return std::make_unique<theta::Workspace>(size); });
    }
    std::size_t tail_length() const { return window + season_length; }
    void start(Series& series, std::span<double>, const forecastd::SeriesInfo& info) const {
        series.turn.budget = glue::budget_of(info);
    }
    bool ready(const Series& series, Tail) const { return series.simple.begun(); }

    forecastd::Prediction expect(const Series& series, Tail tail, const forecastd::Point& point) const {
        return glue::prediction(expected(series, tail, point.step, point.local_step));
    }
    void forecast(const Series& series, Tail tail, forecastd::Forecast& out) const {
        glue::fill(out, [&](std::int64_t step, std::int64_t local_step) {
            return expected(series, tail, step, local_step);
        });
    }
    void observe(Series& series, std::span<double> tail, const forecastd::Point& point) const {
        const auto learn = [&] {
            if (model.learn(series, parts(tail), point.step, point.local_step, point.value,
                            glue::recurs(point)))
                model.fit(series, parts(tail), *pool->borrow());
        };
        const bool judged =
            fallback && series.fits > 0 && !numerics::is_other_day(point.step, point.local_step, day);
        if (!judged) return learn();
        const auto own = [&](std::uint64_t ahead) {
            return model
                .expect(series, parts(tail).season, numerics::step_after(point.step, ahead),
                        numerics::step_after(point.local_step, ahead))
                .mean;
        };
        glue::learn_judged(
            series.fallback, point, model.seasonal() ? point.local_step : point.step, season_length,
            [&] { return repeats(series, tail); }, own, [&] { return series.fits; }, learn);
    }

    struct Known {
        double alpha = forecastd::nan;
        double drift = 0;
        theta::Season season = theta::Season::none;
        std::uint32_t fits = 0, evaluations = 0;
        std::uint32_t fallback = 0, fallbacks = 0;
    };
    static constexpr auto diagnostics() {
        using forecastd::diagnostic;
        return std::tuple{
            diagnostic<&Known::alpha>("alpha", "Weight of the newest value in the level, as it is now."),
            diagnostic<&Known::drift>("drift",
                                      "How much the level moves a step: half the slope of the window."),
            diagnostic<&Known::season>("season", {"none", "mul", "add"}, "The season that the window shows."),
            diagnostic<&Known::fits>("fits", "Fits so far."),
            diagnostic<&Known::evaluations>("evaluations",
                                            "Alphas that were tried, in all fits; at most 96 a fit."),
            glue::fallback_use<&Known::fallback>(),
            glue::fallback_count<&Known::fallbacks>(),
        };
    }
    Known diagnose(const Series& series, Tail) const {
        if (!series.simple.begun()) return {};
        return {series.simple.alpha,    series.simple.drift,
                series.season,          series.fits,
                series.trials,          static_cast<std::uint32_t>(series.fallback.in_use()),
                series.fallback.changes};
    }

  private:
    using Pool = fitting::Pool<theta::Workspace>;

    fitting::Repeats repeats(const Series& series, Tail tail) const {
        return {series.window, parts(tail).slots, season_length};
    }
    numerics::Expected expected(const Series& series, Tail tail, std::int64_t step,
                                std::int64_t local_step) const {
        if (fallback && series.fallback.is_used(series.window))
            return series.fallback.expect(repeats(series, tail), model.seasonal() ? local_step : step);
        return model.expect(series, parts(tail).season, step, local_step);
    }

    template <class Number>
    theta::Tail<Number> parts(std::span<Number> tail) const {
        return {tail.first(window), tail.subspan(window)};
    }

    std::uint64_t day = 0;  // in steps; 0: there are no holidays
    theta::Model model;
    std::unique_ptr<Pool> pool;
};
FORECASTD_PLUGIN(Theta)
