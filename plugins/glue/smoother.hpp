// The calls from the SDK that holt and holt-winters share. A series is smoothed in one of three modes:
//
//   given    all weights are given: the plugin's own method follows the points
//   window   weights are fitted on the last values (smoothing/estimator.hpp); the method until the first fit
//   online   weights are learned point by point (smoothing/expert_lines.hpp); the method until it has settled
//
// Method is the plugin's method with fixed weights, from the first point on:
//
//   using State = ...;                 // plain bytes
//   static constexpr bool has_season;  // whether there is a season: its values, by phase, are `season` below
//   static void start(std::span<double> season);
//   static Line& line(State&);         // level, trend and last step; also of a const State
//   static bool settled(const State&); // whether experts can start from its level, trend and season
//   void learn(State&, std::span<double> season, std::int64_t step, std::int64_t local_step,
//              double value) const;
//   class Outlook;                     // made of (method, state, season, step): expect(phase) is the
//                                      // forecast of that step, next() moves on by one step
//
// A second, longer season is added to what the method forecasts, in every mode. The method learns the value
// less the second season, and that learns a share of the error at its phase, second_gamma. A fit on a window
// finds its values and its weight (smoothing/leads_fitter.hpp); the other modes begin it at 0 once the method
// has settled. Deviations are those without it.
//
// The doubles behind a state, m and m2 being the seasons' lengths (0 without one):
//
//   | season, m | second season, m2 | window: Estimate, Fallback | window's slots |
//                                   | online: Experts            | experts' seasons, m * expert_count |
#ifndef FORECASTD_PLUGINS_GLUE_SMOOTHER_HPP
#define FORECASTD_PLUGINS_GLUE_SMOOTHER_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <forecastd/plugin.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "../fitting/overlay.hpp"
#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"
#include "../smoothing/estimator.hpp"
#include "../smoothing/expert_lines.hpp"
#include "../smoothing/form.hpp"
#include "../smoothing/form_parameters.hpp"
#include "estimate_diagnostics.hpp"
#include "fallback.hpp"
#include "fit_budget.hpp"
#include "predictions.hpp"
#include "recurs.hpp"

namespace glue {

// The base of a plugin's struct, whose prepare() calls set_up(). Thread: any; it never changes after
// prepare(), but for the estimator's workspaces.
template <class Method, std::size_t expert_count>
class Smoother {
  public:
    using Series = typename Method::State;
    using Tail = std::span<const double>;
    using Experts = smoothing::Experts<expert_count>;
    using ExpertLines = smoothing::ExpertLines<expert_count>;
    using ExpertWeights = std::array<smoothing::Weights, expert_count>;
    enum class Mode { given, window, online };

    std::size_t tail_length() const {
        const std::size_t seasons = length_ + second_length_;
        if (mode_ == Mode::online) return seasons + experts_length + expert_count * length_;
        return seasons + (mode_ == Mode::window ? estimate_length + fallback_length + window_ : 0);
    }
    void start(Series&, std::span<double> tail, const forecastd::SeriesInfo& info) const {
        Method::start(tail.first(length_));
        const auto rest = behind_seasons(tail);
        if (mode_ == Mode::window) {
            smoothing::Estimate estimate;
            estimate.budget = budget_of(info);
            fitting::store(estimate, rest);
            fitting::store(fitting::Fallback{}, rest.subspan(estimate_length));
        }
        if (mode_ == Mode::online) fitting::store(Experts{}, rest);
    }
    bool ready(const Series& series, Tail) const { return Method::line(series).begun(); }

    forecastd::Prediction expect(const Series& series, Tail tail, const forecastd::Point& point) const {
        if (const auto state = fallen_back(tail))
            return prediction(state->expect(repeats(tail), place(point.step, point.local_step)));
        return prediction(own(series, tail, point.step, point.local_step));
    }
    void forecast(const Series& series, Tail tail, forecastd::Forecast& out) const {
        if (const auto state = fallen_back(tail))
            return fill(out, [&](std::int64_t step, std::int64_t local_step) {
                return state->expect(repeats(tail), place(step, local_step));
            });
        visit(series, tail, out.first_step(), [&](auto outlook) {
            numerics::PhaseWalk phases(length_);
            for (std::size_t i = 0; i < out.size(); ++i) {
                std::size_t phase = 0;
                if constexpr (Method::has_season) phase = phases.at(out.local_step(i));
                out[i] = prediction(with_second(tail, out.local_step(i), outlook.expect(phase)));
                outlook.next();
            }
        });
    }

    void observe(Series& series, std::span<double> tail, const forecastd::Point& point) const {
        if (form_.needs_positive() && !(point.value > 0)) return leave_out();
        const auto season = tail.first(length_), second = tail.subspan(length_, second_length_);
        const auto rest = behind_seasons(tail);
        if (mode_ == Mode::window) return observe_window(series, {season, second}, rest, point);
        forecastd::Point without = point;
        double* its_second = nullptr;
        double change = 0;
        if (!second.empty() && Method::settled(series)) {
            its_second = &second[numerics::phase_of(point.local_step, second_length_)];
            change = second_gamma_ * numerics::saturate(point.value - expect(series, tail, point).mean);
            without.value = numerics::saturate(point.value - *its_second);
        }
        if (mode_ == Mode::given)
            learn_by_method(series, season, without);
        else
            observe_online(series, season, rest, without);
        if (its_second) *its_second = numerics::saturate(*its_second + change);
    }

    using Known = smoothing::KnownEstimate;
    static constexpr auto diagnostics() { return estimate_diagnostics(); }
    Known diagnose(const Series&, Tail tail) const {
        if (mode_ != Mode::window) return {};
        const auto rest = behind_seasons(tail);
        auto known = Known::of(smoothing::load_estimate(rest));
        const auto state = fitting::load<fitting::Fallback>(rest.subspan(estimate_length));
        known.fallback = static_cast<std::uint32_t>(state.in_use());
        known.fallbacks = state.changes;
        return known;
    }

  protected:
    // Given where every weight is, whatever `online` says.
    static Mode mode_of(const smoothing::RequestedForm& requested, const smoothing::Weights& given,
                        bool online) {
        if (smoothing::all_given(requested, given)) return Mode::given;
        return online ? Mode::online : Mode::window;
    }
    // form: that of the method and the experts. settings: of the estimator, and the season's length for all
    // modes.
    void set_up(Mode mode, const smoothing::Form& form, const Method& method, const ExpertWeights& weights,
                const smoothing::Estimator::Settings& settings, bool fallback) {
        mode_ = mode;
        fallback_ = fallback;
        form_ = form;
        method_ = method;
        length_ = settings.season_length;
        second_length_ = settings.second_length;
        second_gamma_ =
            std::isnan(settings.given.second_gamma) ? usual_second_gamma : settings.given.second_gamma;
        window_ = settings.window;
        day_ = settings.day;
        if (mode == Mode::online)
            experts_ = std::make_unique<ExpertLines>(form, weights, settings.given, length_);
        if (mode == Mode::window) estimator_ = std::make_unique<smoothing::Estimator>(settings);
    }

  private:
    static constexpr std::size_t estimate_length = fitting::doubles_of<smoothing::Estimate>();
    static constexpr std::size_t fallback_length = fitting::doubles_of<fitting::Fallback>();
    static constexpr std::size_t experts_length = fitting::doubles_of<Experts>();

    static constexpr double usual_second_gamma = 0.2;

    template <class Number>
    std::span<Number> behind_seasons(std::span<Number> tail) const {
        return tail.subspan(length_ + second_length_);
    }
    [[nodiscard]] std::size_t longest() const { return std::max(length_, second_length_); }

    [[nodiscard]] numerics::Expected with_second(Tail tail, std::int64_t local_step,
                                                 numerics::Expected without) const {
        if (second_length_ > 0)
            without.mean = numerics::saturate(without.mean +
                                              tail[length_ + numerics::phase_of(local_step, second_length_)]);
        return without;
    }

    void observe_window(Series& series, smoothing::Seasons seasons, std::span<double> rest,
                        const forecastd::Point& point) const {
        auto estimate = smoothing::load_estimate(rest);
        const Tail tail(seasons.first.data(), tail_length());
        const auto learn = [&] {
            if (!estimate.fitted()) learn_by_method(series, seasons.first, point);
            estimator_->learn(estimate, Method::line(series), seasons,
                              rest.subspan(estimate_length + fallback_length), point.step, point.local_step,
                              point.value, recurs(point));
            fitting::store(estimate, rest);
        };
        if (!fallback_ || !estimate.fitted() || numerics::is_other_day(point.step, point.local_step, day_))
            return learn();
        auto state = fitting::load<fitting::Fallback>(rest.subspan(estimate_length));
        learn_judged(
            state, point, place(point.step, point.local_step), longest(), [&] { return repeats(tail); },
            [&](std::uint64_t ahead) {
                return own(series, tail, numerics::step_after(point.step, ahead),
                           numerics::step_after(point.local_step, ahead))
                    .mean;
            },
            [&] { return estimate.fits; }, learn);
        fitting::store(state, rest.subspan(estimate_length));
    }
    // The step as a window counts it.
    [[nodiscard]] std::int64_t place(std::int64_t step, std::int64_t local_step) const {
        return length_ > 1 ? local_step : step;
    }
    numerics::Expected own(const Series& series, Tail tail, std::int64_t step,
                           std::int64_t local_step) const {
        numerics::Expected one{};
        visit(series, tail, step, [&](auto outlook) {
            std::size_t phase = 0;
            if constexpr (Method::has_season) phase = numerics::phase_of(local_step, length_);
            one = with_second(tail, local_step, outlook.expect(phase));
        });
        return one;
    }
    // What is forecast in place of the model, if it is worse than that.
    std::optional<fitting::Fallback> fallen_back(Tail tail) const {
        if (mode_ != Mode::window || !fallback_) return std::nullopt;
        const auto state = fitting::load<fitting::Fallback>(behind_seasons(tail).subspan(estimate_length));
        if (state.in_use() == fitting::Fallback::Use::own) return std::nullopt;
        return state;
    }
    fitting::Repeats repeats(Tail tail) const {
        const auto rest = behind_seasons(tail);
        return {smoothing::window_of(rest), rest.subspan(estimate_length + fallback_length), longest()};
    }
    void learn_by_method(Series& series, std::span<double> season, const forecastd::Point& point) const {
        if constexpr (Method::has_season)
            method_.learn(series, season, point.step, point.local_step, point.value, recurs(point));
        else
            method_.learn(series, season, point.step, point.local_step, point.value);
    }
    static bool recurs(const forecastd::Point& point) { return Method::has_season && glue::recurs(point); }

    // A value that a form that multiplies cannot take is a missing step to it.
    void leave_out() const {
        const bool season = form_.season == smoothing::Season::multiplicative;
        forecastd::log(
            forecastd::Level::warn,
            "found a value that is not above 0, expected values above 0 alone since " +
                std::string(season ? "seasonal" : "trend") +
                " is \"mul\"; it is judged and not learned; if such values are usual, set it to \"add\"");
    }

    // Once the method has settled, all experts start from its level, trend and season.
    void observe_online(Series& series, std::span<double> season, std::span<double> rest,
                        const forecastd::Point& point) const {
        const auto seasons = rest.subspan(experts_length);
        auto experts = fitting::load<Experts>(rest);
        smoothing::Line& line = Method::line(series);
        if (Method::settled(series)) {
            std::size_t phase = 0;
            if constexpr (Method::has_season) phase = numerics::phase_of(point.local_step, length_);
            experts_->learn(line, experts, seasons, point.step, phase, point.value, recurs(point));
        } else {
            learn_by_method(series, season, point);
            if (Method::settled(series)) {
                ExpertLines::begin(experts, line.level, line.trend);
                for (std::size_t i = 0; i < seasons.size(); ++i) seasons[i] = season[i / expert_count];
            }
        }
        fitting::store(experts, rest);
    }

    // Forecasts of a fitted series, one step after another.
    struct FittedOutlook {
        const smoothing::Recursion& recursion;
        const smoothing::Line& line;
        Tail season;  // empty: the form has none
        smoothing::Reach reach;

        [[nodiscard]] numerics::Expected expect(std::size_t phase) const {
            return recursion.expect(line, season.empty() ? recursion.neutral() : season[phase], reach);
        }
        void next() { recursion.extend(reach); }
    };

    // Calls use(outlook) with the forecasts from a step on.
    template <class Use>
    void visit(const Series& series, Tail tail, std::int64_t step, Use use) const {
        const auto season = tail.first(length_), rest = behind_seasons(tail);
        const smoothing::Line& line = Method::line(series);
        if (mode_ == Mode::online && Method::settled(series)) {
            const auto experts = fitting::load<Experts>(rest);
            return use(
                typename ExpertLines::Outlook(*experts_, line, experts, rest.subspan(experts_length), step));
        }
        if (mode_ == Mode::window) {
            const auto estimate = smoothing::load_estimate(rest);
            if (estimate.fitted()) {
                const smoothing::Recursion recursion = estimator_->recursion(estimate);
                return use(FittedOutlook{recursion, line, estimate.form.has_season() ? season : Tail{},
                                         recursion.reach(line, step)});
            }
        }
        use(typename Method::Outlook(method_, series, season, step));
    }

    Mode mode_ = Mode::given;
    smoothing::Form form_;
    std::size_t length_ = 0, second_length_ = 0;  // of the seasons
    double second_gamma_ = 0;                     // where no fit finds it
    std::size_t window_ = 0;
    std::uint64_t day_ = 0;  // in steps; 0: there are no holidays
    bool fallback_ = false;
    Method method_;
    std::unique_ptr<smoothing::Estimator> estimator_;
    std::unique_ptr<ExpertLines> experts_;
};

}  // namespace glue

#endif  // FORECASTD_PLUGINS_GLUE_SMOOTHER_HPP
