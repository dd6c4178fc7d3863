// The diagnostics of holt and holt-winters: the rows of their table, bound to smoothing::KnownEstimate.
#ifndef FORECASTD_PLUGINS_GLUE_ESTIMATE_DIAGNOSTICS_HPP
#define FORECASTD_PLUGINS_GLUE_ESTIMATE_DIAGNOSTICS_HPP

#include <forecastd/plugin.hpp>
#include <tuple>

#include "../smoothing/form_parameters.hpp"
#include "fallback.hpp"

namespace glue {

constexpr auto estimate_diagnostics() {
    using forecastd::diagnostic;
    using Known = smoothing::KnownEstimate;
    constexpr const char* errors[] = {"A", "M"};
    constexpr const char* trends[] = {"N", "A", "Ad", "M", "Md"};
    constexpr const char* seasons[] = {"N", "A", "M"};
    return std::tuple{
        diagnostic<&Known::error>("error", errors, "What the error does: A adds, M multiplies."),
        diagnostic<&Known::trend>("trend", trends, "The trend: N none, A adds, M multiplies; d damped."),
        diagnostic<&Known::season>("season", seasons, "The season: N none, A adds, M multiplies."),
        diagnostic<&Known::alpha>("alpha", "Weight of the newest value in the level."),
        diagnostic<&Known::beta>("beta", "Weight of the newest change of the level in the trend."),
        diagnostic<&Known::gamma>("gamma", "Weight of the newest value in the season."),
        diagnostic<&Known::phi>("phi", "What is left of the trend after each step."),
        diagnostic<&Known::second_gamma>("second_gamma", "Weight of the newest error in the second season."),
        diagnostic<&Known::sse>("sse", "The last fit's sum of squared one-step errors over its window."),
        diagnostic<&Known::aicc>("aicc",
                                 "The last fit's AICc, or what stands for it with loss \"leads\"; to be "
                                 "compared within one series alone."),
        diagnostic<&Known::fits>("fits", "Fits so far."),
        diagnostic<&Known::evaluations>("evaluations", "Sets of weights that were tried, in all fits."),
        fallback_use<&Known::fallback>(),
        fallback_count<&Known::fallbacks>(),
    };
}

}  // namespace glue

#endif  // FORECASTD_PLUGINS_GLUE_ESTIMATE_DIAGNOSTICS_HPP
