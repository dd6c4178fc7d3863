// The plugin "ses": its parameters, and the calls from the SDK of the three ways to smooth: with a given
// alpha, with one fitted to a window (window_model.hpp), with one found on the way (online_model.hpp).
#include <cmath>
#include <forecastd/plugin.hpp>
#include <memory>

#include "../fitting/overlay.hpp"
#include "../fitting/pool.hpp"
#include "../glue/predictions.hpp"
#include "online_model.hpp"
#include "window_model.hpp"

struct Ses {
    static constexpr forecastd::About about{
        "ses", "1.0.0", "Simple exponential smoothing: a level that wanders; alpha is estimated or given."};

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
    std::uint32_t refit_every, min_samples;
    Loss loss;
    std::size_t horizon;

    // The tail: the window's slots, or Experts, or nothing where alpha is given.
    using Series = ses::WindowState;
    using Tail = std::span<const double>;

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
    std::size_t tail_length() const {
        if (!estimated()) return 0;
        return fit == Fit::window ? window : experts_length;
    }
    bool ready(const Series& series, Tail) const { return series.simple.begun(); }

    forecastd::Prediction expect(const Series& series, Tail, const forecastd::Point& point) const {
        return glue::prediction(series.simple.expect(point.step));
    }
    void forecast(const Series& series, Tail, forecastd::Forecast& out) const {
        glue::fill(out, [&](std::int64_t step, std::int64_t) { return series.simple.expect(step); });
    }
    void observe(Series& series, std::span<double> tail, const forecastd::Point& point) const {
        if (!estimated()) {
            series.simple.alpha = alpha;
            series.simple.learn(point.step, point.value, series.simple.haste());
        } else if (fit == Fit::window) {
            if (ses::learn({min_samples, refit_every}, series, tail, point.step, point.value))
                ses::fit(series, tail, *pool->borrow());
        } else {
            auto experts = fitting::load<ses::Experts>(tail);
            ses::learn(series.simple, experts, point.step, point.value);
            fitting::store(experts, tail);
        }
    }

    struct Known {
        double alpha = forecastd::nan;
        std::uint32_t fits = 0, evaluations = 0;
    };
    static constexpr auto diagnostics() {
        using forecastd::diagnostic;
        return std::tuple{
            diagnostic<&Known::alpha>("alpha", "Weight of the newest value in the level, as it is now."),
            diagnostic<&Known::fits>("fits", "Fits so far."),
            diagnostic<&Known::evaluations>("evaluations", "Alphas that were tried, in all fits."),
        };
    }
    Known diagnose(const Series& series, Tail) const {
        if (!series.simple.begun()) return {};
        return {series.simple.alpha, series.fits, series.trials};
    }

  private:
    using Pool = fitting::Pool<ses::Workspace>;

    std::unique_ptr<Pool> pool;
};
FORECASTD_PLUGIN(Ses)
