// One step of the recursion of form.hpp, in every form, over numbers or over numbers with derivatives.
//
// Number is double or a numerics::Jet, so the derivatives of forecast and states by whatever the Jets vary
// come from the same lines as their values. recursion.hpp, which also handles gaps of any length and
// extreme values, serves single points; this one serves fits.
#ifndef FORECASTD_PLUGINS_SMOOTHING_FORM_STEP_HPP
#define FORECASTD_PLUGINS_SMOOTHING_FORM_STEP_HPP

#include <cmath>

#include "../numerics/jet.hpp"
#include "form.hpp"

namespace smoothing {

// Weights as in Weights, and the states before the step; take() moves the states behind it.
template <class Number>
struct FormStep {
    Number alpha, slope, gamma, phi;  // slope = alpha beta
    Number level, trend;              // a form without a trend: 0, or 1 where trends multiply
    Number season;                    // of the step's phase; without a season 0, or 1 where seasons multiply
    Number forecast = 0;

    // Leaves the forecast, and the states behind the value; NaN: the step was lost, and the states move on
    // without a correction. False: a level, a trend or a forecast that must be above 0 is not, or the
    // forecast is not finite.
    bool take(const Form& form, double value) {
        using numerics::value_of;
        using std::pow;
        const bool trend_multiplies = form.trend == Trend::multiplicative;
        const bool season_multiplies = form.season == Season::multiplicative;
        const bool positive = form.needs_positive();
        const Number moved = !trend_multiplies ? phi * trend : form.damped ? pow(trend, phi) : trend;
        const Number base = trend_multiplies ? level * moved : level + moved;
        forecast = season_multiplies ? base * season : base + season;
        if (!std::isfinite(value_of(forecast))) return false;
        if (positive && !(value_of(base) > least)) return false;
        if (season_multiplies && !(value_of(season) > least)) return false;
        if (form.error == Error::multiplicative && !(value_of(forecast) > least)) return false;
        if (std::isnan(value)) {
            level = base;
            trend = moved;
        } else {
            const Number error = value - forecast;
            const Number rest = season_multiplies ? value / season - base : error;
            if (season_multiplies)
                season += gamma * (value / base - season);
            else if (form.has_season())
                season += gamma * error;
            trend = trend_multiplies ? moved + slope * rest / level : moved + slope * rest;
            level = base + alpha * rest;
        }
        return !positive || (value_of(level) > 0 && (!trend_multiplies || value_of(trend) > 0));
    }

  private:
    static constexpr double least = 1e-12;  // that counts as above 0, of values near 1
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_FORM_STEP_HPP
