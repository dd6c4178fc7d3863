// The forms of exponential smoothing: what the error, the trend and the season do.
//
// Names are those of Hyndman, Koehler, Ord & Snyder, Forecasting with Exponential Smoothing, 2008, table 2.2:
// error, trend, season, each N (none), A (adds) or M (multiplies), d behind a damped trend: ETS(A,Ad,N). With
// the base B, f the forecast of one step and e = y - f, every form is
//
//   trend   N  B = l             A  B = l + phi b                 M  B = l * b^phi     (phi = 1: not damped)
//   season  N  f = B             A  f = B + s                     M  f = B * s         (s: one season back)
//   r, the error without the season:   N, A  r = e                M  r = y/s - B
//   l' = B + alpha r
//   b' = phi b + alpha beta r    (M: b^phi + alpha beta r / l)
//   s' = s + gamma e             (M: s + gamma (y/B - s))
//
// with beta as in Holt's own formula, b' = beta (l'-l) + (1-beta) phi b; the book's beta is alpha * beta. The
// form of the error (A, M) does not change these; it states whether e or e/f has a constant variance, which
// decides what is minimised and how wide the intervals of forecasts are.
#ifndef FORECASTD_PLUGINS_SMOOTHING_FORM_HPP
#define FORECASTD_PLUGINS_SMOOTHING_FORM_HPP

#include <cstddef>
#include <cstdint>

namespace smoothing {

enum class Error : std::uint8_t { additive, multiplicative };
enum class Trend : std::uint8_t { none, additive, multiplicative };
enum class Season : std::uint8_t { none, additive, multiplicative };

struct Form {
    Error error = Error::additive;
    Trend trend = Trend::additive;
    bool damped = false;  // only with a trend
    Season season = Season::none;

    [[nodiscard]] bool has_trend() const { return trend != Trend::none; }
    [[nodiscard]] bool has_season() const { return season != Season::none; }
    // Whether errors are additive and the forecasts linear in the initial states.
    [[nodiscard]] bool linear() const {
        return error == Error::additive && trend != Trend::multiplicative && season != Season::multiplicative;
    }
    // Whether values must be above 0.
    [[nodiscard]] bool needs_positive() const {
        return error == Error::multiplicative || trend == Trend::multiplicative ||
               season == Season::multiplicative;
    }
    [[nodiscard]] std::size_t weight_count() const {
        return 1u + (has_trend() ? 1u : 0u) + (damped ? 1u : 0u) + (has_season() ? 1u : 0u);
    }
    // Smoothing weights, initial states (of which a season has season_length - 1 that are free) and the
    // variance: what an information criterion counts.
    [[nodiscard]] std::size_t parameter_count(std::size_t season_length) const {
        return 3u + (has_trend() ? 2u : 0u) + (damped ? 1u : 0u) + (has_season() ? season_length : 0u);
    }
    friend bool operator==(const Form&, const Form&) = default;
};

// alpha, beta, gamma in [0, 1]; phi in (0, 1], 1: not damped. What a form lacks is 0 (phi: 1). second_gamma:
// of a second season that adds to the forecast; 0: none.
struct Weights {
    double alpha = 0, beta = 0, gamma = 0, phi = 1, second_gamma = 0;
};

// Second derivatives of a sum by the weights; alpha_beta is the mixed one, since beta may depend on alpha.
struct Curvature {
    double alpha = 0, beta = 0, alpha_beta = 0, phi = 0;
};

// The plainer form that is tried where one does not go with the values. False: there is none.
inline bool make_plainer(Form& form) {
    if (form.has_season())
        form.season = Season::none;
    else if (form.damped)
        form.damped = false;
    else if (form.has_trend())
        form.trend = Trend::none;
    else
        return false;
    return true;
}

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_FORM_HPP
