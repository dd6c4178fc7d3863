// The plugin "holt": its parameters, and the calls from the SDK of the three ways to smooth: with given weights
// (holt_model.hpp), with weights estimated on a window (smoothing/estimator.hpp), with weights learned point by point
// (smoothing/expert_lines.hpp).
#include <array>
#include <forecastd/plugin.hpp>
#include <memory>

#include "../fitting/overlay.hpp"
#include "../smoothing/estimate_diagnostics.hpp"
#include "../smoothing/estimator.hpp"
#include "../smoothing/expert_lines.hpp"
#include "../smoothing/wishes.hpp"
#include "holt_model.hpp"

struct Holt {
    static constexpr forecastd::About about{
        "holt", "2.0.0", "Level and trend, exponentially smoothed; form and weights are estimated or given.",
        2};

    using Part = smoothing::Part;
    enum class Damped : std::int32_t { no, yes, automatic };
    enum class Fit : std::int32_t { window, online, automatic };

    static constexpr auto params() {
        using forecastd::choice, forecastd::integer, forecastd::nan, forecastd::real, forecastd::steps;
        return std::tuple{
            real<&Holt::alpha>("alpha", nan, 0, 1,
                               "Weight of the newest value in the level; left out, it is estimated.")
                .alias("smoothing_level"),
            real<&Holt::beta>(
                "beta", nan, 0, 1,
                "Weight of the newest change of the level in the trend; left out, it is estimated.")
                .alias("smoothing_trend"),
            real<&Holt::phi>("phi", nan, 0, 1,
                             "What is left of a damped trend after each step; left out, it is estimated.")
                .alias("damping_trend"),
            choice<&Holt::trend>(
                "trend", Part::additive, {"none", "add", "mul", "auto"},
                "Whether the level moves by a difference or, for values above 0, by a ratio; "
                "auto: chosen by AICc among none and add, on a window."),
            choice<&Holt::damped_trend>(
                "damped_trend", Damped::yes, {"false", "true", "auto"},
                "Whether the trend fades over the horizon instead of going on forever; auto: chosen by AICc.")
                .alias("damped"),
            choice<&Holt::fit>("fit", Fit::automatic, {"window", "online", "auto"},
                               "How weights are estimated: on the last values, again and again, or point by "
                               "point without keeping "
                               "any; auto: on a window if a form is to be chosen, else online."),
            steps<&Holt::window>("window", 120, 10, 100'000,
                                 "How many of the last values a fit looks at; for fit \"window\"."),
            integer<&Holt::refit_every>("refit_every", 30, 1, 1'000'000,
                                        "Points from one fit to the next; for fit \"window\"."),
            integer<&Holt::min_samples>("min_samples", 10, 4, 1'000'000,
                                        "Points before the first fit; for fit \"window\".")
                .alias("min_n_samples_seen"),
            integer<&Holt::max_evaluations>(
                "max_evaluations", 1000, 2, 1'000'000,
                "Sets of weights that one fit may try, all its forms together; for fit \"window\"."),
        };
    }
    double alpha, beta, phi;
    Part trend;
    Damped damped_trend;
    Fit fit;
    std::size_t window;
    std::uint32_t refit_every, min_samples, max_evaluations;

    // The tail: with "window" an Estimate and the window's slots, with "online" the experts, else nothing.
    using Series = holt::State;
    using Tail = std::span<const double>;
    static constexpr std::size_t expert_count = 6;
    using Experts = smoothing::Experts<expert_count>;
    using ExpertLines = smoothing::ExpertLines<expert_count>;
    static_assert(sizeof(Series) + sizeof(Experts) < 200);
    enum class Mode { given, window, online };

    void prepare(const forecastd::Grid&) {
        const smoothing::Weights given{alpha, beta, 0, phi};
        smoothing::Wish wish{smoothing::trend_of(trend), std::nullopt, smoothing::Season::none};
        if (damped_trend != Damped::automatic) wish.damped = damped_trend == Damped::yes;
        const bool online = fit == Fit::online || (fit == Fit::automatic && !wish.chooses());
        mode = smoothing::all_given(wish, given) ? Mode::given : online ? Mode::online : Mode::window;
        form = wish.form();
        const auto w = smoothing::filled_in(given, {0.7, 0.03, 0, 0.9});
        young = holt::Model(form.trend, smoothing::DampedTrend(w.alpha, form.has_trend() ? w.beta : 0,
                                                               form.damped ? w.phi : 1));
        if (mode == Mode::online) experts = std::make_unique<ExpertLines>(form, expert_weights, given, 0);
        if (mode == Mode::window)
            estimator = std::make_unique<smoothing::Estimator>(smoothing::Estimator::Settings{
                wish, given, 0, window, min_samples, refit_every, max_evaluations});
    }
    std::size_t tail_length() const {
        if (mode == Mode::online) return fitting::doubles_of<Experts>();
        return mode == Mode::window ? estimate_length + window : 0;
    }
    void start(Series&, std::span<double> tail) const {
        if (mode == Mode::window) fitting::store(smoothing::Estimate{}, tail);
        if (mode == Mode::online) fitting::store(Experts{}, tail);
    }
    bool ready(const Series& series, Tail) const { return series.begun(); }

    forecastd::Prediction expect(const Series& series, Tail tail, const forecastd::Point& point) const {
        forecastd::Prediction one{};
        visit(series, tail, point.step, [&](auto outlook) { one = prediction(outlook.expect()); });
        return one;
    }
    void forecast(const Series& series, Tail tail, forecastd::Forecast& out) const {
        visit(series, tail, out.first_step(), [&](auto outlook) {
            for (auto& step : out) {
                step = prediction(outlook.expect());
                outlook.next();
            }
        });
    }

    void observe(Series& series, std::span<double> tail, const forecastd::Point& point) const {
        if (form.needs_positive()) smoothing::require_positive(point.value, "trend");
        if (mode == Mode::online) {
            auto known = fitting::load<Experts>(tail);
            if (!series.begun()) {
                young.learn(series, point.step, point.value);
                ExpertLines::begin(known, series.level, series.trend);
            } else {
                experts->learn(series, known, {}, point.step, 0, point.value);
            }
            fitting::store(known, tail);
            return;
        }
        if (mode == Mode::given) return young.learn(series, point.step, point.value);
        auto estimate = smoothing::load_estimate(tail);
        if (!estimate.fitted()) young.learn(series, point.step, point.value);
        estimator->learn(estimate, series, {}, tail.subspan(estimate_length), point.step, point.local_step,
                         point.value);
        fitting::store(estimate, tail);
    }

    using Known = smoothing::KnownEstimate;
    static constexpr auto diagnostics() { return smoothing::estimate_diagnostics(); }
    Known diagnose(const Series&, Tail tail) const {
        return mode == Mode::window ? Known::of(smoothing::load_estimate(tail)) : Known{};
    }

  private:
    static constexpr std::size_t estimate_length = fitting::doubles_of<smoothing::Estimate>();

    // From sluggish to the newest value alone, and one whose trend turns fast.
    static constexpr std::array<smoothing::Weights, expert_count> expert_weights{{{0.05, 0.02, 0, 0.98},
                                                                                  {0.2, 0.05, 0, 0.95},
                                                                                  {0.45, 0.05, 0, 0.95},
                                                                                  {0.7, 0.05, 0, 0.9},
                                                                                  {1, 0, 0, 0.9},
                                                                                  {0.95, 0.6, 0, 0.8}}};

    static forecastd::Prediction prediction(const smoothing::Expected& expected) {
        return {expected.mean, expected.deviation};
    }

    // Forecasts of one recursion, one step after another.
    template <class Recursion>
    struct LineOutlook {
        const Recursion& recursion;
        const Series& series;
        smoothing::Reach reach;
        smoothing::Expected expect() const {
            if constexpr (std::is_same_v<Recursion, holt::Model>)
                return recursion.expect(series, reach);
            else
                return recursion.expect(series, recursion.neutral(), reach);
        }
        void next() { recursion.extend(reach); }
    };

    // Calls use(outlook) with the forecasts from a step on.
    template <class Use>
    void visit(const Series& series, Tail tail, std::int64_t step, Use use) const {
        if (mode == Mode::online) {
            const auto known = fitting::load<Experts>(tail);
            return use(ExpertLines::Outlook(*experts, series, known, {}, step, 0));
        }
        if (mode == Mode::window) {
            const auto estimate = smoothing::load_estimate(tail);
            if (estimate.fitted()) {
                const smoothing::Recursion recursion = estimator->recursion(estimate);
                return use(
                    LineOutlook<smoothing::Recursion>{recursion, series, recursion.reach(series, step)});
            }
        }
        use(LineOutlook<holt::Model>{young, series, young.reach(series, step)});
    }

    Mode mode = Mode::given;
    smoothing::Form form;
    holt::Model young;  // given weights, or until there are others
    std::unique_ptr<smoothing::Estimator> estimator;
    std::unique_ptr<ExpertLines> experts;
};
FORECASTD_PLUGIN(Holt)
