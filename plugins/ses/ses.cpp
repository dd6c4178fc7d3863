// The plugin "ses": its parameters, and the calls from the SDK of the three ways to smooth: with a given
// alpha, with one fitted to a window (window_model.hpp), with one found on the way (online_model.hpp).
#include <cmath>
#include <forecastd/plugin.hpp>
#include <memory>

#include "../fitting/overlay.hpp"
#include "../fitting/pool.hpp"
#include "../glue/fallback.hpp"
#include "../glue/fit_budget.hpp"
#include "../glue/predictions.hpp"
#include "online_model.hpp"
#include "window_model.hpp"

struct Ses {
    static constexpr forecastd::About about{
        "ses", "1.0.0", "Simple exponential smoothing: a level that wanders; alpha is estimated or given.",
        2};

    enum class Fit : std::int32_t { window, online };
    enum class Loss : std::int32_t { leads, squares };

    static constexpr auto params() {
        using forecastd::choice, forecastd::integer, forecastd::real, forecastd::steps;
        return std::tuple{
            real<&Ses::alpha>("alpha", forecastd::nan, 0, 1,
                              "Weight of the newest value in the level; left out, it is estimated.")
                .alias("smoothing_level"),
            choice<&Ses::fit>(
                "fit", Fit::window, {"window", "online"},
                "How alpha is estimated: on the last values, again and again, or point by point "
                "without keeping any."),
            steps<&Ses::window>("window", 120, 4, 1'000'000,
                                "How many of the last values a fit looks at; for fit \"window\"."),
            integer<&Ses::refit_every>("refit_every", 30, 1, 1'000'000,
                                       "Points from one fit to the next; for fit \"window\"."),
            integer<&Ses::min_samples>("min_samples", 10, 2, 1'000'000,
                                       "Points before the first fit; for fit \"window\".")
                .alias("min_n_samples_seen"),
            glue::fit_budget_of<&Ses::fit_budget>(),
            glue::fallback_of<&Ses::fallback>(),
            choice<&Ses::loss>(
                "loss", Loss::leads, {"leads", "squares"},
                "What a fit minimises: absolute errors of forecasts over the horizon, or squared "
                "errors one step ahead; for fit \"window\"."),
            steps<&Ses::horizon>(
                "horizon", 0, 0, 100'000,
                "How far ahead forecasts are to be good, in steps, or a duration; 0: 12 steps; for "
                "fit \"window\" and loss \"leads\"."),
        };
    }
    double alpha;
    Fit fit;
    std::size_t window;
    std::uint32_t refit_every, min_samples, fit_budget;
    bool fallback;
    Loss loss;
    std::size_t horizon;

    // The tail: Refits and the window's slots, or Experts, or nothing where alpha is given.
    using Series = ses::WindowState;
    using Tail = std::span<const double>;

    static constexpr std::size_t refits_length = fitting::doubles_of<ses::Refits>();
    static constexpr std::size_t experts_length = fitting::doubles_of<ses::Experts>();
    static_assert(sizeof(Series) + sizeof(ses::Experts) < 200);

    void prepare(const forecastd::Grid&) {
        pool = std::make_unique<Pool>([size = window, leads = loss == Loss::squares ? 0
                                                              : horizon == 0        ? 12
                                                                                    : horizon] {
            return std::make_unique<ses::Workspace>(size, leads);
        });
    }
    bool estimated() const { return std::isnan(alpha); }
    bool has_window() const { return estimated() && fit == Fit::window; }
    std::size_t tail_length() const {
        if (!estimated()) return 0;
        return fit == Fit::window ? refits_length + window : experts_length;
    }
    void start(Series&, std::span<double> tail, const forecastd::SeriesInfo& info) const {
        if (!has_window()) return;
        ses::Refits refits;
        refits.turn.budget = glue::budget_of(info);
        fitting::store(refits, tail);
    }
    bool ready(const Series& series, Tail) const { return series.simple.begun(); }

    forecastd::Prediction expect(const Series& series, Tail tail, const forecastd::Point& point) const {
        return glue::prediction(expected(series, tail, point.step));
    }
    void forecast(const Series& series, Tail tail, forecastd::Forecast& out) const {
        glue::fill(out, [&](std::int64_t step, std::int64_t) { return expected(series, tail, step); });
    }
    void observe(Series& series, std::span<double> tail, const forecastd::Point& point) const {
        if (!estimated()) {
            series.simple.alpha = alpha;
            series.simple.learn(point.step, point.value, series.simple.haste());
        } else if (fit == Fit::window) {
            auto refits = fitting::load<ses::Refits>(tail);
            const auto slots = tail.subspan(refits_length);
            const auto learn = [&] {
                const ses::Plan plan{min_samples, refit_every, fit_budget};
                if (ses::learn(plan, series, refits.turn, slots, point.step, point.value))
                    ses::fit(series, slots, *pool->borrow());
            };
            if (fallback && series.fits > 0)
                glue::learn_judged(
                    refits.fallback, point, point.step, 0,
                    [&] {
                        return fitting::Repeats{series.window, slots, 0};
                    },
                    [&](std::uint64_t ahead) {
                        return series.simple.expect(numerics::step_after(point.step, ahead)).mean;
                    },
                    [&] { return series.fits; }, learn);
            else
                learn();
            fitting::store(refits, tail);
        } else {
            auto experts = fitting::load<ses::Experts>(tail);
            ses::learn(series.simple, experts, point.step, point.value);
            fitting::store(experts, tail);
        }
    }

    struct Known {
        double alpha = forecastd::nan;
        std::uint32_t fits = 0, evaluations = 0;
        std::uint32_t fallback = 0, fallbacks = 0;
    };
    static constexpr auto diagnostics() {
        using forecastd::diagnostic;
        return std::tuple{
            diagnostic<&Known::alpha>("alpha", "Weight of the newest value in the level, as it is now."),
            diagnostic<&Known::fits>("fits", "Fits so far."),
            diagnostic<&Known::evaluations>("evaluations", "Alphas that were tried, in all fits."),
            glue::fallback_use<&Known::fallback>(),
            glue::fallback_count<&Known::fallbacks>(),
        };
    }
    Known diagnose(const Series& series, Tail tail) const {
        if (!series.simple.begun()) return {};
        Known known{series.simple.alpha, series.fits, series.trials};
        if (!has_window()) return known;
        const auto refits = fitting::load<ses::Refits>(tail);
        known.fallback = static_cast<std::uint32_t>(refits.fallback.in_use());
        known.fallbacks = refits.fallback.changes;
        return known;
    }

  private:
    using Pool = fitting::Pool<ses::Workspace>;

    numerics::Expected expected(const Series& series, Tail tail, std::int64_t step) const {
        if (fallback && has_window()) {
            const auto refits = fitting::load<ses::Refits>(tail);
            if (refits.fallback.is_used(series.window))
                return refits.fallback.expect({series.window, tail.subspan(refits_length), 0}, step);
        }
        return series.simple.expect(step);
    }

    std::unique_ptr<Pool> pool;
};
FORECASTD_PLUGIN(Ses)
