// Which forms may be chosen from, and the choice among them by Akaike's criterion.
//
// Source: R. J. Hyndman, A. B. Koehler, R. D. Snyder & S. Grose, A state space framework for automatic
// forecasting using exponential smoothing methods, International Journal of Forecasting 18, 2002, as R's ets
// does it: every form that is asked for is fitted, and the one of the least AICc is taken. Left out are, as
// there, additive errors with something that multiplies, and multiplicative errors with a multiplicative
// trend and an additive season: their variances are infinite or their fits unstable. A multiplicative trend
// is only tried where it is asked for.
//
// An undamped trend is charged `undamped_charge`: it goes on for ever, so it must fit clearly better than a
// damped one. (Measured by tests/accuracy: of the charges 0, 3, 6, 10 and 20 on the M3 and M4 series, 3 to 10
// do about equally well on the weekly ones, and all of them some 7 % better than none on the monthly ones.)
//
// Where the loss is over several leads, undamped trends are not tried unless they are asked for.
//
// At a later choice the present form stays unless another one's AICc is lower by more than `hysteresis`: two
// forms that are about equally good must not alternate.
#ifndef FORECASTD_PLUGINS_SMOOTHING_SELECTION_HPP
#define FORECASTD_PLUGINS_SMOOTHING_SELECTION_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "fitter.hpp"
#include "form.hpp"

namespace smoothing {

// The form that the user asks for; std::nullopt: that part is chosen by AICc.
struct RequestedForm {
    std::optional<Trend> trend = Trend::additive;
    std::optional<bool> damped = true;  // ignored without a trend
    std::optional<Season> season = Season::none;

    [[nodiscard]] bool chooses() const { return !trend || !season || (!damped && trend != Trend::none); }
    // The form if nothing is left to choose; errors are then additive.
    [[nodiscard]] Form form() const {
        const Trend its_trend = trend.value_or(Trend::additive);
        return {Error::additive, its_trend, its_trend != Trend::none && damped.value_or(true),
                season.value_or(Season::none)};
    }
};

// What a fit minimises: squared errors one step ahead, or errors over several leads (leads_loss.hpp).
enum class Loss : std::uint8_t { squares, leads };

inline constexpr double hysteresis = 4;
inline constexpr double undamped_charge = 4;
// Above this many values times season length, forms with a season whose fit is not linear are not tried,
// unless the season was asked for: each trial of theirs costs as much, times the season's length again.
inline constexpr std::size_t most_curved_work = 5'000;

// What a choice among forms goes by; less is better.
inline double charged_aicc(const Fit& fit) {
    return fit.aicc + (fit.form.has_trend() && !fit.form.damped ? undamped_charge : 0);
}

namespace detail {

inline bool allowed(const Form& form) {
    const bool multiplies = form.trend == Trend::multiplicative || form.season == Season::multiplicative;
    if (form.error == Error::additive) return !multiplies;
    return !(form.trend == Trend::multiplicative && form.season == Season::additive);
}

template <class Visit>
void for_each_form(const RequestedForm& requested, Loss loss, Visit visit) {
    for (const Season season : {Season::none, Season::additive, Season::multiplicative}) {
        if (requested.season && *requested.season != season) continue;
        for (const Trend trend : {Trend::none, Trend::additive, Trend::multiplicative}) {
            if (requested.trend ? *requested.trend != trend : trend == Trend::multiplicative) continue;
            for (const bool damped : {false, true}) {
                if (trend == Trend::none ? damped : requested.damped && *requested.damped != damped) continue;
                // To a loss of forecasts alone, the form of the error makes no difference.
                const bool far = loss == Loss::leads;
                if (far && trend != Trend::none && !damped && !requested.damped) continue;
                for (const Error error : {Error::additive, Error::multiplicative}) {
                    const Form form{error, trend, damped, season};
                    if (far && error == Error::multiplicative &&
                        detail::allowed({Error::additive, trend, damped, season}))
                        continue;
                    if (allowed(form)) visit(form);
                }
            }
        }
    }
}

}  // namespace detail

// Fits every form that the request leaves open and that fits the values taken, and returns the best; not
// found if none does. fit_one(form, options, scratch) fits one of them. season_out, scratch: as many values
// as a season has. present: the form in use, or nullptr. max_evaluations is shared.
template <class FitOne>
Fit choose_with(const Fitter& fitter, Loss loss, FitOne fit_one, const RequestedForm& requested,
                FitOptions options, const Form* present, std::span<double> season_out,
                std::span<double> scratch) {
    Fit best;
    std::uint32_t evaluations = 0;
    const std::uint32_t limit = options.max_evaluations;
    const std::size_t work = fitter.observed() * season_out.size();
    detail::for_each_form(requested, loss, [&](const Form& form) {
        if (!fitter.fits(form) || (best.found && evaluations + 2 > limit)) return;
        if (form.has_season() && !form.linear() && !requested.season && work > most_curved_work) return;
        options.max_evaluations = std::max(limit, evaluations + 2) - evaluations;
        Fit fit = fit_one(form, options, scratch);
        evaluations += fit.evaluations;
        if (!fit.found) return;
        const auto cost = [&](const Fit& of) {
            return charged_aicc(of) - (present && of.form == *present ? hysteresis : 0);
        };
        if (best.found && cost(best) <= cost(fit)) return;
        best = fit;
        std::copy(scratch.begin(), scratch.end(), season_out.begin());
    });
    best.evaluations = evaluations;
    return best;
}

// The same by squared one-step errors.
inline Fit choose(Fitter& fitter, const RequestedForm& requested, FitOptions options, const Form* present,
                  std::span<double> season_out, std::span<double> scratch) {
    return choose_with(
        fitter, Loss::squares,
        [&](const Form& form, const FitOptions& its_options, std::span<double> season) {
            return fitter.fit(form, its_options, season);
        },
        requested, options, present, season_out, scratch);
}

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_SELECTION_HPP
