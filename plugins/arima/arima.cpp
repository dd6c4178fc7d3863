// The plugin "arima": the parameters of model.hpp, and its calls from the SDK.
#include <algorithm>
#include <forecastd/plugin.hpp>
#include <memory>
#include <stdexcept>
#include <string>

#include "../glue/fallback.hpp"
#include "../glue/fit_budget.hpp"
#include "../glue/local_day.hpp"
#include "../glue/predictions.hpp"
#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"
#include "model.hpp"

namespace {

struct Known {
    double p = forecastd::nan, d = forecastd::nan, q = forecastd::nan;
    double seasonal_p = forecastd::nan, seasonal_d = forecastd::nan, seasonal_q = forecastd::nan;
    double aicc = forecastd::nan, sigma2 = forecastd::nan;
    std::int64_t fits = 0, evaluations = 0, reduced = 0, fallback = 0, fallbacks = 0;
};

}  // namespace

struct Arima {
    static constexpr forecastd::About about{
        "arima", "1.0.0",
        "ARIMA, seasonal or not, fitted by exact likelihood; chooses its order if asked to.", 2};

    static constexpr auto params() {
        using forecastd::choice, forecastd::integer, forecastd::integers, forecastd::steps;
        return std::tuple{
            integers<&Arima::order>("order", forecastd::automatic, 0, 12,
                                    "Autoregressive terms, differences, moving average terms: [p, d, q]."),
            integers<&Arima::seasonal_order>("seasonal_order", {0, 0, 0, 0}, 0, 366,
                                             "The same of the season and its length in steps: [P, D, Q, s]; "
                                             "ignored if the order is chosen."),
            choice<&Arima::with_intercept>("with_intercept", arima::Constant::automatic,
                                           {"auto", "true", "false"},
                                           "Whether the differenced series has a mean; auto chooses, or "
                                           "takes one if nothing is differenced."),
            steps<&Arima::season_length>("season_length", 0, 0, 366,
                                         "Season to look for when the order is chosen; 0 for none.")
                .alias("seasonal_periods"),
            integer<&Arima::window>("window", 200, 10, 20000, "Newest steps that a model is fitted to."),
            integer<&Arima::refit_every>("refit_every", 25, 1, 1000000, "Points between fits."),
            integer<&Arima::min_samples>(
                "min_samples", 30, 3, 20000,
                "Points before the first fit; until then the last value is the forecast.")
                .alias("warmup"),
            integer<&Arima::max_evaluations>(
                "max_evaluations", 5000, 20, 10000000,
                "Passes of the filter over the window that one fit, or one search for an order, may take."),
            integer<&Arima::max_p>("max_p", 5, 0, 8, "Greatest p that is chosen."),
            integer<&Arima::max_q>("max_q", 5, 0, 8, "Greatest q that is chosen."),
            integer<&Arima::max_P>("max_seasonal_p", 2, 0, 3, "Greatest P that is chosen."),
            integer<&Arima::max_Q>("max_seasonal_q", 2, 0, 3, "Greatest Q that is chosen."),
            integer<&Arima::max_order>("max_order", 18, 0, 22, "Greatest p + q + P + Q that is chosen."),
            glue::fit_budget_of<&Arima::fit_budget>(),
            glue::fallback_of<&Arima::fallback>(),
        };
    }
    forecastd::Integers<3> order;
    forecastd::Integers<4> seasonal_order;
    arima::Constant with_intercept;
    std::int32_t season_length;
    std::uint32_t window, refit_every, min_samples, max_evaluations, fit_budget;
    bool fallback;
    std::int32_t max_p, max_q, max_P, max_Q, max_order;

    static constexpr auto diagnostics() {
        using forecastd::diagnostic;
        return std::tuple{
            diagnostic<&Known::p>("p", "Autoregressive terms."),
            diagnostic<&Known::d>("d", "Differences."),
            diagnostic<&Known::q>("q", "Moving average terms."),
            diagnostic<&Known::seasonal_p>("seasonal_p", "Seasonal autoregressive terms."),
            diagnostic<&Known::seasonal_d>("seasonal_d", "Seasonal differences."),
            diagnostic<&Known::seasonal_q>("seasonal_q", "Seasonal moving average terms."),
            diagnostic<&Known::aicc>("aicc", "Corrected Akaike information criterion of the last fit."),
            diagnostic<&Known::sigma2>("sigma2",
                                       "Variance of an innovation, in squares of the values' unit."),
            diagnostic<&Known::fits>("fits", "Fits and searches for an order so far."),
            diagnostic<&Known::evaluations>("evaluations", "Passes of the filter that they took."),
            diagnostic<&Known::reduced>("reduced",
                                        "1 where the window is too short for the order asked for."),
            glue::fallback_use<&Known::fallback>(),
            glue::fallback_count<&Known::fallbacks>(),
        };
    }

    using Series = arima::State;

    void prepare(const forecastd::Grid& grid) {
        const bool has_season = order.automatic ? season_length > 1 : seasonal_order.items[3] > 1;
        is_local = has_season && (grid.flags & FCD_GRID_LOCAL) != 0;
        day = glue::local_day(grid);
        arima::Settings settings;
        settings.window = window, settings.refit_every = refit_every;
        settings.min_samples = std::min(min_samples, window);
        settings.max_evaluations = max_evaluations;
        settings.budget = fit_budget;
        if (order.automatic)
            settings.search = limits();
        else
            settings.order = fixed();
        model = std::make_unique<arima::Model>(settings);
    }
    std::size_t tail_length() const { return model->tail_length(); }
    void start(Series& series, std::span<double>, const forecastd::SeriesInfo& info) const {
        series.budget = glue::budget_of(info);
    }
    bool ready(const Series& series, std::span<const double>) const { return model->ready(series); }

    forecastd::Prediction expect(const Series& series, std::span<const double> tail,
                                 const forecastd::Point& point) const {
        const std::int64_t step = place(series, point.step, point.local_step);
        if (has_fallen_back(series))
            return glue::prediction(series.fallback.expect(repeats(series, tail), step));
        return glue::prediction(own(series, tail, step));
    }
    void forecast(const Series& series, std::span<const double> tail, forecastd::Forecast& out) const {
        const auto step_of = [&](std::size_t i) {
            return place(series, numerics::step_after(out.first_step(), i), out.local_step(i));
        };
        if (has_fallen_back(series)) {
            for (std::size_t i = 0; i < out.size(); ++i)
                out[i] = glue::prediction(series.fallback.expect(repeats(series, tail), step_of(i)));
            return;
        }
        model->predict_local(
            series, tail, step_of, out.size(),
            [&](std::size_t i, const arima::Expected& step) { out[i] = glue::prediction(step); });
    }
    void observe(Series& series, std::span<double> tail, const forecastd::Point& point) const {
        const std::int64_t step = place(series, point.step, point.local_step);
        const auto learn = [&] {
            model->learn(series, tail, step, point.value);
            series.local = numerics::steps_between(point.step, step);
        };
        if (!fallback || series.fitted == 0 || !model->ready(series)) return learn();
        glue::learn_judged(
            series.fallback, point, step, season(), [&] { return repeats(series, tail); },
            [&](std::uint64_t ahead) { return own(series, tail, numerics::step_after(step, ahead)).mean; },
            [&] { return series.fits; }, learn);
    }

    Known diagnose(const Series& series, std::span<const double>) const {
        Known known;
        known.fits = series.fits, known.evaluations = static_cast<std::int64_t>(series.evaluations);
        known.fallback = static_cast<std::int64_t>(series.fallback.in_use());
        known.fallbacks = series.fallback.changes;
        if (series.fitted == 0) return known;
        const arima::Fit& fit = series.fit;
        known.p = fit.order.p, known.d = fit.order.d, known.q = fit.order.q;
        known.seasonal_p = fit.order.P, known.seasonal_d = fit.order.D, known.seasonal_q = fit.order.Q;
        known.aicc = fit.aicc;
        known.sigma2 = numerics::saturate(fit.variance * fit.scale * fit.scale);
        known.reduced = series.reduced;
        return known;
    }

  private:
    // Where a model with a season puts a step: by local time. A day that counts as another one is to it the
    // day that it is.
    std::int64_t place(const Series& series, std::int64_t step, std::int64_t local_step) const {
        if (!is_local) return step;
        return numerics::is_other_day(step, local_step, day) ? numerics::step_after(step, series.local)
                                                             : local_step;
    }
    std::size_t season() const {
        return static_cast<std::size_t>(order.automatic ? season_length : seasonal_order.items[3]);
    }
    fitting::Repeats repeats(const Series& series, std::span<const double> tail) const {
        return {series.window, tail.first(window), season()};
    }
    bool has_fallen_back(const Series& series) const {
        return fallback && model->ready(series) && series.fallback.is_used(series.window);
    }
    numerics::Expected own(const Series& series, std::span<const double> tail, std::int64_t step) const {
        numerics::Expected result{numerics::unknown, numerics::unknown};
        model->predict_local(
            series, tail, [step](std::size_t) { return step; }, 1,
            [&](std::size_t, const arima::Expected& expected) { result = expected; });
        return result;
    }
    arima::SearchLimits limits() const {
        arima::SearchLimits limits;
        limits.max_p = max_p, limits.max_q = max_q, limits.max_P = max_P, limits.max_Q = max_Q;
        limits.max_order = max_order;
        limits.season = std::max(season_length, 1);
        limits.constant = with_intercept;
        return limits;
    }
    arima::Order fixed() const {
        const auto& [p, d, q] = order.items;
        const auto& [P, D, Q, s] = seasonal_order.items;
        if (d > 2 || D > 1)
            throw std::invalid_argument("found d = " + std::to_string(d) + " and D = " + std::to_string(D) +
                                        ", expected at most d = 2 and D = 1 in order and seasonal_order");
        if (P > 3 || Q > 3)
            throw std::invalid_argument("found P = " + std::to_string(P) + " and Q = " + std::to_string(Q) +
                                        " in seasonal_order, expected at most 3");
        if (P + D + Q > 0 && s < 2)
            throw std::invalid_argument("seasonal_order has terms but a season of " + std::to_string(s) +
                                        " steps, expected at least 2");
        if (with_intercept == arima::Constant::yes && d + D > 1)
            throw std::invalid_argument(
                "found with_intercept true with d + D = " + std::to_string(d + D) +
                ", expected at most 1: a constant would be a quadratic trend; set it to \"auto\"");
        arima::Order result;
        result.p = static_cast<std::int32_t>(p), result.d = static_cast<std::int32_t>(d);
        result.q = static_cast<std::int32_t>(q), result.P = static_cast<std::int32_t>(P);
        result.D = static_cast<std::int32_t>(D), result.Q = static_cast<std::int32_t>(Q);
        result.season = P + D + Q > 0 ? static_cast<std::int32_t>(s) : 1;
        result.constant = with_intercept == arima::Constant::yes ||
                                  (with_intercept == arima::Constant::automatic && d + D == 0)
                              ? 1
                              : 0;
        return result;
    }

    std::unique_ptr<arima::Model> model;
    bool is_local = false;  // there is a season, and local steps may differ from the steps
    std::uint64_t day = 0;  // in steps; 0: there are no holidays
};
FORECASTD_PLUGIN(Arima)
