// The plugin "holt-winters": its parameters, and the calls from the SDK of the three ways to smooth: with given weights
// (holt_winters_model.hpp), with weights estimated on a window (smoothing/estimator.hpp), with weights learned point by
// point (smoothing/expert_lines.hpp). The first two seasons are the first's in all three.
#include <algorithm>
#include <array>
#include <forecastd/plugin.hpp>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "../fitting/overlay.hpp"
#include "../smoothing/estimate_diagnostics.hpp"
#include "../smoothing/estimator.hpp"
#include "../smoothing/expert_lines.hpp"
#include "../smoothing/wishes.hpp"
#include "holt_winters_model.hpp"

struct HoltWinters {
    static constexpr forecastd::About about{
        "holt-winters", "2.0.0",
        "Level, trend and season, exponentially smoothed; form and weights are estimated or given.", 2};

    using Part = smoothing::Part;
    enum class Seasonal : std::int32_t { additive, multiplicative, automatic };
    enum class Damped : std::int32_t { no, yes, automatic };
    enum class Fit : std::int32_t { window, online };

    static constexpr auto params() {
        using forecastd::choice, forecastd::integer, forecastd::nan, forecastd::real, forecastd::steps;
        return std::tuple{
            steps<&HoltWinters::season_length>(
                "season_length", 2, 2, 100'000,
                "Steps after which the series repeats itself, or a duration such as \"1d\".")
                .alias("seasonal_periods", "seasonality")
                .required(),
            choice<&HoltWinters::seasonal>("seasonal", Seasonal::additive, {"add", "mul", "auto"},
                                           "Whether the season is added to the level or, for values above 0, "
                                           "multiplies it; auto: chosen by AICc."),
            choice<&HoltWinters::trend>(
                "trend", Part::additive, {"none", "add", "mul", "auto"},
                "Whether the level moves by a difference or, for values above 0, by a ratio; "
                "auto: chosen by AICc among none and add."),
            choice<&HoltWinters::damped_trend>(
                "damped_trend", Damped::yes, {"false", "true", "auto"},
                "Whether the trend fades over the horizon instead of going on forever; auto: chosen by AICc.")
                .alias("damped"),
            real<&HoltWinters::alpha>("alpha", nan, 0, 1,
                                      "Weight of the newest value in the level; left out, it is estimated.")
                .alias("smoothing_level"),
            real<&HoltWinters::beta>(
                "beta", nan, 0, 1,
                "Weight of the newest change of the level in the trend; left out, it is estimated.")
                .alias("smoothing_trend"),
            real<&HoltWinters::gamma>(
                "gamma", nan, 0, 1,
                "Weight of the newest value in the season at its phase; left out, it is estimated.")
                .alias("smoothing_seasonal"),
            real<&HoltWinters::phi>(
                "phi", nan, 0, 1,
                "What is left of a damped trend after each step; left out, it is estimated.")
                .alias("damping_trend"),
            choice<&HoltWinters::fit>(
                "fit", Fit::window, {"window", "online"},
                "How weights are estimated: on the last values, again and again, or point by point without "
                "keeping any, where \"auto\" stands for \"add\" and true."),
            steps<&HoltWinters::window>(
                "window", 0, 0, 1'000'000,
                "How many of the last values a fit looks at; 0: four seasons, at least 120; "
                "for fit \"window\"."),
            integer<&HoltWinters::refit_every>(
                "refit_every", 0, 0, 1'000'000,
                "Points from one fit to the next; 0: a season, at least 30; for fit \"window\"."),
            integer<&HoltWinters::min_samples>(
                "min_samples", 10, 4, 1'000'000,
                "Points before the first fit, but never less than two seasons; for fit \"window\".")
                .alias("min_n_samples_seen"),
            integer<&HoltWinters::max_evaluations>(
                "max_evaluations", 1000, 2, 1'000'000,
                "Sets of weights that one fit may try, all its forms together; for fit \"window\"."),
        };
    }
    std::size_t season_length, window;
    Seasonal seasonal;
    Part trend;
    Damped damped_trend;
    Fit fit;
    double alpha, beta, gamma, phi;
    std::uint32_t refit_every, min_samples, max_evaluations;

    // The tail: a season's values; then with "window" an Estimate and the window's slots, with "online" the experts
    // and their seasons.
    using Series = holt_winters::State;
    using Tail = std::span<const double>;
    static constexpr std::size_t expert_count = 4;
    using Experts = smoothing::Experts<expert_count>;
    using ExpertLines = smoothing::ExpertLines<expert_count>;
    enum class Mode { given, window, online };

    void prepare(const forecastd::Grid&) {
        const smoothing::Weights given{alpha, beta, gamma, phi};
        smoothing::Wish wish{smoothing::trend_of(trend), std::nullopt, season_of(seasonal)};
        if (damped_trend != Damped::automatic) wish.damped = damped_trend == Damped::yes;
        mode = smoothing::all_given(wish, given) ? Mode::given
               : fit == Fit::online              ? Mode::online
                                                 : Mode::window;
        form = wish.form();
        if (!form.has_season())
            form.season = smoothing::Season::additive;  // the two seasons before the first fit
        const auto w = smoothing::filled_in(given, {0.4, 0.01, 0.2, 0.98});
        young = holt_winters::Model(
            {w.alpha, w.beta, w.gamma, form.damped ? w.phi : 1, form.trend, form.season, season_length});
        if (mode == Mode::online)
            experts = std::make_unique<ExpertLines>(form, expert_weights, given, season_length);
        if (mode == Mode::window) prepare_estimator(wish, given);
    }
    std::size_t tail_length() const {
        if (mode == Mode::online)
            return season_length + fitting::doubles_of<Experts>() + expert_count * season_length;
        return season_length + (mode == Mode::window ? estimate_length + window : 0);
    }
    void start(Series&, std::span<double> tail) const {
        holt_winters::start(tail.first(season_length));
        if (mode == Mode::window) fitting::store(smoothing::Estimate{}, tail.subspan(season_length));
        if (mode == Mode::online) fitting::store(Experts{}, tail.subspan(season_length));
    }
    bool ready(const Series& series, Tail) const { return series.begun(); }

    forecastd::Prediction expect(const Series& series, Tail tail, const forecastd::Point& point) const {
        forecastd::Prediction one{};
        visit(series, tail, point.step, point.local_step,
              [&](auto outlook) { one = prediction(outlook.expect()); });
        return one;
    }
    void forecast(const Series& series, Tail tail, forecastd::Forecast& out) const {
        visit(series, tail, out.first_step(), out.local_step(0), [&](auto outlook) {
            for (auto& step : out) {
                step = prediction(outlook.expect());
                outlook.next();
            }
        });
    }

    void observe(Series& series, std::span<double> tail, const forecastd::Point& point) const {
        const auto season = tail.first(season_length), rest = tail.subspan(season_length);
        if (mode == Mode::given)
            return young.learn(series, season, point.step, point.local_step, point.value);
        if (mode == Mode::online) return observe_online(series, season, rest, point);

        auto estimate = smoothing::load_estimate(rest);
        if (!estimate.fitted()) {
            young.learn(series, season, point.step, point.local_step, point.value);
        } else if (form.needs_positive()) {
            const bool season_asked = form.season == smoothing::Season::multiplicative;
            smoothing::require_positive(point.value, season_asked ? "seasonal" : "trend");
        }
        estimator->learn(estimate, series.line, season, rest.subspan(estimate_length), point.step,
                         point.local_step, point.value);
        fitting::store(estimate, rest);
    }

    using Known = smoothing::KnownEstimate;
    static constexpr auto diagnostics() { return smoothing::estimate_diagnostics(); }
    Known diagnose(const Series&, Tail tail) const {
        if (mode != Mode::window) return {};
        return Known::of(smoothing::load_estimate(tail.subspan(season_length)));
    }

  private:
    static std::optional<smoothing::Season> season_of(Seasonal seasonal) {
        if (seasonal == Seasonal::automatic) return std::nullopt;
        return seasonal == Seasonal::additive ? smoothing::Season::additive
                                              : smoothing::Season::multiplicative;
    }

    static constexpr std::size_t estimate_length = fitting::doubles_of<smoothing::Estimate>();

    // From sluggish to fast, in the level and in the season.
    static constexpr std::array<smoothing::Weights, expert_count> expert_weights{
        {{0.05, 0.01, 0.05, 0.98}, {0.3, 0.02, 0.1, 0.95}, {0.7, 0.02, 0.1, 0.9}, {0.9, 0.02, 0.3, 0.9}}};

    void prepare_estimator(const smoothing::Wish& wish, const smoothing::Weights& given) {
        const std::size_t least = 2 * season_length + 1;
        if (window == 0) window = std::max<std::size_t>(120, 4 * season_length);
        if (window < least)
            throw std::invalid_argument(
                "found a window of " + std::to_string(window) +
                " steps, expected at least two seasons and a step, " + std::to_string(least) +
                "; make it longer, or use the plugin \"holt\", which knows no season");
        if (refit_every == 0)
            refit_every = static_cast<std::uint32_t>(std::max<std::size_t>(30, season_length));
        estimator = std::make_unique<smoothing::Estimator>(smoothing::Estimator::Settings{
            wish, given, season_length, window, std::max(min_samples, static_cast<std::uint32_t>(least)),
            refit_every, max_evaluations});
    }

    void observe_online(Series& series, std::span<double> season, std::span<double> rest,
                        const forecastd::Point& point) const {
        const auto seasons = rest.subspan(fitting::doubles_of<Experts>());
        auto known = fitting::load<Experts>(rest);
        if (!series.seasonal) {
            young.learn(series, season, point.step, point.local_step, point.value);
            if (series.seasonal) {  // two seasons are full: all experts begin from what was learned
                ExpertLines::begin(known, series.line.level, series.line.trend);
                for (std::size_t i = 0; i < seasons.size(); ++i) seasons[i] = season[i / expert_count];
            }
        } else {
            if (form.needs_positive()) smoothing::require_positive(point.value, "trend or seasonal");
            experts->learn(series.line, known, seasons, point.step,
                           smoothing::phase_of(point.local_step, season_length), point.value);
        }
        fitting::store(known, rest);
    }

    static forecastd::Prediction prediction(const smoothing::Expected& expected) {
        return {expected.mean, expected.deviation};
    }

    // Forecasts of a fitted series, one step after another.
    struct FittedOutlook {
        const smoothing::Recursion& recursion;
        const smoothing::Line& line;
        std::span<const double> season;  // empty: the form has none
        smoothing::Reach reach;
        std::size_t phase;
        smoothing::Expected expect() const {
            return recursion.expect(line, season.empty() ? recursion.neutral() : season[phase], reach);
        }
        void next() {
            recursion.extend(reach);
            if (++phase >= season.size()) phase = 0;
        }
    };

    // Calls use(outlook) with the forecasts from a step on.
    template <class Use>
    void visit(const Series& series, Tail tail, std::int64_t step, std::int64_t local_step, Use use) const {
        const auto season = tail.first(season_length), rest = tail.subspan(season_length);
        const std::size_t phase = smoothing::phase_of(local_step, season_length);
        if (mode == Mode::online && series.seasonal) {
            const auto known = fitting::load<Experts>(rest);
            const auto seasons = rest.subspan(fitting::doubles_of<Experts>());
            return use(ExpertLines::Outlook(*experts, series.line, known, seasons, step, phase));
        }
        if (mode == Mode::window) {
            const auto estimate = smoothing::load_estimate(rest);
            if (estimate.fitted()) {
                const bool seasonal_form = estimate.form.has_season();
                const smoothing::Recursion recursion = estimator->recursion(estimate);
                return use(FittedOutlook{recursion, series.line, seasonal_form ? season : Tail{},
                                         recursion.reach(series.line, step), seasonal_form ? phase : 0});
            }
        }
        use(holt_winters::Model::Outlook(young, series, season, step, local_step));
    }

    Mode mode = Mode::given;
    smoothing::Form form;
    holt_winters::Model young;  // given weights, or until there are others
    std::unique_ptr<smoothing::Estimator> estimator;
    std::unique_ptr<ExpertLines> experts;
};
FORECASTD_PLUGIN(HoltWinters)
