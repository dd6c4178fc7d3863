// The plugin "lag": its parameters, and the calls from the SDK of the model in lag_model.hpp.
#include <algorithm>
#include <forecastd/plugin.hpp>
#include <memory>
#include <stdexcept>
#include <string>

#include "../glue/fallback.hpp"
#include "../glue/fit_budget.hpp"
#include "../glue/local_day.hpp"
#include "../glue/predictions.hpp"
#include "../glue/recurs.hpp"
#include "../numerics/steps.hpp"
#include "lag_model.hpp"

struct Lag {
    static constexpr forecastd::About about{
        "lag", "1.0.0",
        "Regression on the last values and on those around one season ago, of one or two seasons.", 2};

    enum class Fit : std::int32_t { window, online };

    static constexpr auto params() {
        using forecastd::choice, forecastd::integer, forecastd::steps;
        return std::tuple{
            steps<&Lag::season_length>("season_length", 0, 0, 100'000,
                                       "Steps after which the series repeats itself, or a duration such as "
                                       "\"1d\"; 0 or 1: none.")
                .alias("seasonal_periods", "seasonality"),
            steps<&Lag::second_season_length>(
                "second_season_length", 0, 0, 100'000,
                "A second season that goes on beside the first, such as \"7d\"; 0 or 1: none."),
            choice<&Lag::fit>(
                "fit", Fit::window, {"window", "online"},
                "How the weights are estimated: on the last values, again and again, or point by "
                "point, keeping no more than the longest lag."),
            steps<&Lag::window>("window", 0, 0, 1'000'000,
                                "How many of the last values a fit looks at; 0: 1,000, or four of the "
                                "longest season if these "
                                "are more; for fit \"window\"."),
            integer<&Lag::refit_every>(
                "refit_every", 0, 0, 1'000'000,
                "Points from one fit to the next; 0: 30, or the first season if that is "
                "more; for fit \"window\"."),
            integer<&Lag::min_samples>("min_samples", 10, 2, 1'000'000,
                                       "Points before the first fit; for fit \"window\".")
                .alias("min_n_samples_seen"),
            glue::fit_budget_of<&Lag::fit_budget>(),
            glue::fallback_of<&Lag::fallback>(),
        };
    }
    std::size_t season_length, second_season_length;
    Fit fit;
    std::size_t window;
    std::uint32_t refit_every, min_samples, fit_budget;
    bool fallback;

    using Series = lag::State;
    using Slots = std::span<const double>;
    using Known = std::span<const std::uint8_t>;

    void prepare(const forecastd::Grid& grid) {
        const lag::LagSet lags(season_length, second_season_length);
        if (window == 0) window = std::max<std::size_t>(1000, 4 * lags.period());
        if (refit_every == 0)
            refit_every = static_cast<std::uint32_t>(std::max<std::size_t>(30, season_length));
        // Durations mean nothing on a trial grid: what they make of window and season is no reason to refuse
        // them.
        if (grid.flags & FCD_GRID_TRIAL) window = std::max(window, lags.longest() + 1);
        if (fit == Fit::window && window <= lags.longest())
            throw std::invalid_argument("window is " + std::to_string(window) +
                                        " steps, and the longest lag " + std::to_string(lags.longest()) +
                                        "; make window longer, leave it out, or use the fit \"online\"");
        const bool online = fit == Fit::online;
        // Online, room for the first fit with all lags, also if half of the points are lost.
        const std::size_t columns = lags.size() + 1;
        const std::size_t slots = online ? lags.longest() + 4 * columns + hour_of(grid, lags) : window;
        day = glue::local_day(grid);
        model = std::make_unique<lag::Model>(lag::Settings{season_length, second_season_length, online, slots,
                                                           refit_every, min_samples, fit_budget, day});
        lengths = {slots, lag::RecursiveFit::length(columns)};
    }

    auto tails() const {
        using forecastd::Tail;
        return std::tuple{Tail<double>{lengths.slots}, Tail<double>{lengths.triangle},
                          Tail<std::uint8_t>{lengths.slots}};
    }
    void start(Series& series, std::span<double>, std::span<double>, std::span<std::uint8_t>,
               const forecastd::SeriesInfo& info) const {
        series.turn.budget = glue::budget_of(info);
    }
    bool ready(const Series& series, Slots, Slots, Known) const { return model->ready(series); }

    forecastd::Prediction expect(const Series& series, Slots slots, Slots, Known,
                                 const forecastd::Point& point) const {
        if (has_fallen_back(series))
            return glue::prediction(series.fallback.expect(repeats(series, slots), point.local_step));
        return glue::prediction(model->outlook(series, slots).at(point.step, point.local_step));
    }
    void forecast(const Series& series, Slots slots, Slots, Known, forecastd::Forecast& out) const {
        if (has_fallen_back(series))
            return glue::fill(out, [&](std::int64_t, std::int64_t local_step) {
                return series.fallback.expect(repeats(series, slots), local_step);
            });
        lag::Outlook outlook = model->outlook(series, slots);
        glue::fill(out,
                   [&](std::int64_t step, std::int64_t local_step) { return outlook.at(step, local_step); });
    }
    void observe(Series& series, std::span<double> slots, std::span<double> triangle,
                 std::span<std::uint8_t> known, const forecastd::Point& point) const {
        const auto learn = [&] {
            model->learn(series, {slots, known, triangle}, point.step, point.local_step, point.value,
                         glue::recurs(point));
        };
        const bool judged = fallback && fit == Fit::window && series.fits > 0 && model->ready(series) &&
                            !numerics::is_other_day(point.step, point.local_step, day);
        if (!judged) return learn();
        const auto own = [&](std::uint64_t ahead) {
            return model->outlook(series, slots)
                .at(numerics::step_after(point.step, ahead), numerics::step_after(point.local_step, ahead))
                .mean;
        };
        glue::learn_judged(
            series.fallback, point, point.local_step, season_length, [&] { return repeats(series, slots); },
            own, [&] { return series.fits; }, learn);
    }

    struct Diagnosis {
        std::uint32_t lags = 0, fits = 0;
        double last = forecastd::nan, season = forecastd::nan;
        std::uint32_t fallback = 0, fallbacks = 0;
    };
    static constexpr auto diagnostics() {
        using forecastd::diagnostic;
        return std::tuple{
            diagnostic<&Diagnosis::lags>("lags", "Lags in use; young series reach back to fewer."),
            diagnostic<&Diagnosis::fits>("fits", "Fits so far; online, until all lags are in use."),
            diagnostic<&Diagnosis::last>("last_weight", "Weight of the last value."),
            diagnostic<&Diagnosis::season>(
                "season_weight", "Weight of the value one season back, of the longest season in use."),
            glue::fallback_use<&Diagnosis::fallback>(),
            glue::fallback_count<&Diagnosis::fallbacks>(),
        };
    }
    Diagnosis diagnose(const Series& series, Slots, Slots, Known) const {
        if (!model->ready(series)) return {};
        const std::size_t season = model->lags().naive_place(series.used);
        return {series.used,
                series.fits,
                series.weights[0],
                season > 0 ? series.weights[season] : forecastd::nan,
                static_cast<std::uint32_t>(series.fallback.in_use()),
                series.fallback.changes};
    }

  private:
    // By local steps. Values before a change of the clocks are an hour off, since the window goes by steps.
    fitting::Repeats repeats(const Series& series, Slots slots) const {
        fitting::Repeats repeats{series.window, slots, season_length};
        repeats.window.last_step =
            numerics::step_after(repeats.window.last_step, static_cast<std::uint64_t>(series.clock.offset));
        return repeats;
    }
    bool has_fallen_back(const Series& series) const {
        return fallback && series.fallback.is_used(series.window);
    }
    // Room for the hour by which a lag becomes longer where the clocks are set back.
    static std::size_t hour_of(const forecastd::Grid& grid, const lag::LagSet& lags) {
        if ((grid.flags & FCD_GRID_LOCAL) == 0 || lags.period() == 1) return 0;
        return static_cast<std::size_t>((forecastd::hours(1).ns - 1) / grid.interval_ns + 1);
    }

    struct Lengths {
        std::size_t slots, triangle;
    };
    Lengths lengths{};
    std::uint64_t day = 0;  // in steps; 0: there are no holidays
    std::unique_ptr<lag::Model> model;
};
FORECASTD_PLUGIN(Lag)
