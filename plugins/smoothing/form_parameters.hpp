// Forms as parameters and diagnostics: what the words of `trend` and `seasonal` ask for, and what is reported
// of an estimate. Shared by the plugins holt and holt-winters.
#ifndef FORECASTD_PLUGINS_SMOOTHING_FORM_PARAMETERS_HPP
#define FORECASTD_PLUGINS_SMOOTHING_FORM_PARAMETERS_HPP

#include <cmath>
#include <cstdint>
#include <optional>

#include "../numerics/finite.hpp"

#include "estimator.hpp"
#include "form.hpp"

namespace smoothing {

// The choices "none", "add", "mul", "auto", in this order.
enum class Part : std::int32_t { none, additive, multiplicative, automatic };

inline std::optional<Trend> trend_of(Part part) {
    if (part == Part::automatic) return std::nullopt;
    return static_cast<Trend>(part);
}
// Whether nothing is left to estimate: the form is not chosen, and every weight that it has was given.
inline bool all_given(const RequestedForm& requested, const Weights& given) {
    if (requested.chooses()) return false;
    const Form form = requested.form();
    return !std::isnan(given.alpha) && !(form.has_trend() && std::isnan(given.beta)) &&
           !(form.damped && std::isnan(given.phi)) && !(form.has_season() && std::isnan(given.gamma)) &&
           !std::isnan(given.second_gamma);
}

// The weights as given, and others for those that are not.
inline Weights filled_in(const Weights& given, const Weights& otherwise) {
    const auto pick = [](double chosen, double other) { return std::isnan(chosen) ? other : chosen; };
    return {pick(given.alpha, otherwise.alpha), pick(given.beta, otherwise.beta),
            pick(given.gamma, otherwise.gamma), pick(given.phi, otherwise.phi),
            pick(given.second_gamma, otherwise.second_gamma)};
}

// The estimate of a series as it is reported. The words for error, trend and season are those of
// ETS(error,trend,season).
struct KnownEstimate {
    enum class TrendWord : std::int32_t {
        not_known = -1,
        none,
        additive,
        additive_damped,
        multiplicative,
        multiplicative_damped
    };

    std::int32_t error = -1;  // as enum Error; -1: unknown
    TrendWord trend = TrendWord::not_known;
    std::int32_t season = -1;  // as enum Season; -1: unknown
    double alpha = numerics::unknown, beta = numerics::unknown, gamma = numerics::unknown,
           phi = numerics::unknown, second_gamma = numerics::unknown;
    double sse = numerics::unknown, aicc = numerics::unknown;
    std::uint32_t fits = 0, evaluations = 0;
    std::uint32_t fallback = 0, fallbacks = 0;  // a fitting::Fallback::Use, and how often it changed

    static KnownEstimate of(const Estimate& estimate) {
        KnownEstimate known;
        known.fits = estimate.fits;
        known.evaluations = estimate.evaluations;
        if (!estimate.fitted()) return known;
        const Form& form = estimate.form;
        known.error = static_cast<std::int32_t>(form.error);
        known.season = static_cast<std::int32_t>(form.season);
        if (form.trend == Trend::none)
            known.trend = TrendWord::none;
        else if (form.trend == Trend::additive)
            known.trend = form.damped ? TrendWord::additive_damped : TrendWord::additive;
        else
            known.trend = form.damped ? TrendWord::multiplicative_damped : TrendWord::multiplicative;
        known.alpha = estimate.weights.alpha;
        if (form.has_trend()) known.beta = estimate.weights.beta;
        if (form.damped) known.phi = estimate.weights.phi;
        if (form.has_season()) known.gamma = estimate.weights.gamma;
        if (estimate.weights.second_gamma > 0) known.second_gamma = estimate.weights.second_gamma;
        known.sse = estimate.sse;
        known.aicc = estimate.aicc;
        return known;
    }
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_FORM_PARAMETERS_HPP
