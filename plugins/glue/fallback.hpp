// Fall-back (fitting/fallback.hpp) as plugins show it: the parameter, the diagnostics, the sentence.
#ifndef FORECASTD_PLUGINS_GLUE_FALLBACK_HPP
#define FORECASTD_PLUGINS_GLUE_FALLBACK_HPP

#include <cstdint>
#include <forecastd/plugin.hpp>

#include "../fitting/fallback.hpp"

namespace glue {

// Its row of params(); the member is a bool.
template <auto member>
constexpr auto fallback_of() {
    return forecastd::boolean<member>("fallback", true,
                                      "Whether the last value, or that of the season before, is the forecast "
                                      "while the model's own forecasts are "
                                      "worse than that; where a window is fitted.");
}

// Its rows of diagnostics(), bound to two members of what diagnose() returns.
template <auto use>
constexpr auto fallback_use() {
    return forecastd::diagnostic<use>(
        "fallback", {"own", "last", "seasonal"},
        "What is forecast: by the model itself, the last value, or that of the season "
        "before.");
}
template <auto count>
constexpr auto fallback_count() {
    return forecastd::diagnostic<count>("fallbacks",
                                        "How often the model was found worse than repeating values.");
}

// Where the far forecast of fitting::Fallback lies.
inline std::size_t far_steps(std::size_t season_length) { return season_length > 1 ? season_length : 12; }

// Before a value is learned; own: the model's forecast of it. Says so if what is forecast changes.
inline void judge(fitting::Fallback& fallback, const fitting::Repeats& repeats, std::int64_t step,
                  double value, double own) {
    if (!fallback.judge(repeats, step, value, own)) return;
    using Use = fitting::Fallback::Use;
    const Use use = fallback.in_use();
    forecastd::log(forecastd::Level::info,
                   use == Use::own ? "a series is forecast by its model again, since that is no longer "
                                     "worse than repeating values"
                   : use == Use::last
                       ? "a series is forecast by its last value, since the model's forecasts "
                         "were worse than that of late; set fallback to false to keep the model's"
                       : "a series is forecast by the value of one season before, since the "
                         "model's forecasts were worse than that of late; set fallback to false to "
                         "keep the model's");
}

// Learns a point by learn(), and judges the model's own forecasts: of the point, and of one further ahead.
// at: the point's step as the window counts. repeats(): fitting::Repeats, as of now. own(ahead): the mean
// that the model forecasts for the point's step (0) or one behind it. fits(): the fits so far.
template <class Repeats, class Own, class Fits, class Learn>
void learn_judged(fitting::Fallback& fallback, const forecastd::Point& point, std::int64_t at,
                  std::size_t season_length, Repeats repeats, Own own, Fits fits, Learn learn) {
    judge(fallback, repeats(), at, point.value, own(0));
    const auto before = fits();
    learn();
    if (fits() != before) fallback.renew();
    fallback.look_ahead(repeats(), at, far_steps(season_length), own);
}

}  // namespace glue

#endif  // FORECASTD_PLUGINS_GLUE_FALLBACK_HPP
