// The parameter that bounds the work of fits at a point, the same in all plugins that fit a window.
#ifndef FORECASTD_PLUGINS_GLUE_FIT_BUDGET_HPP
#define FORECASTD_PLUGINS_GLUE_FIT_BUDGET_HPP

#include <forecastd/plugin.hpp>

#include "../fitting/budget.hpp"

namespace glue {

// Its row of params(); the member is a std::uint32_t.
template <auto member>
constexpr auto fit_budget_of() {
    return forecastd::integer<member>(
        "fit_budget", fitting::usual_budget, 0, 1'000'000'000,
        "Work on a fit at one point, in microseconds of a usual processor; a fit goes on at the next points. "
        "0: no bound, a fit is made at once.");
}

// The number that spreads a series' fits; start() puts it into the state.
inline fitting::Budget budget_of(const forecastd::SeriesInfo& info) {
    fitting::Budget budget;
    budget.lot = static_cast<std::uint32_t>(info.id_hash >> 32);
    return budget;
}

}  // namespace glue

#endif  // FORECASTD_PLUGINS_GLUE_FIT_BUDGET_HPP
