// A fit in pieces: the model in use is challenged by others, one after another, each improved by a few passes
// of a filter at a point.
//
//   1. The coefficients in use are improved on the window.
//   2. A challenger is improved in its turn: another order next to the one in use if orders are chosen, else
//      another start of the same order. When it is done, it and what is in use are both judged by AICc on the
//      window as it is then, and the better one is used from there on.
//
// A whole search for an order begins with those of order_search.hpp and then tries the neighbours of what is
// in use until none of them is better; one of a given order tries every start. A whole search is the first
// fit, and later ones once the window has doubled, or the noise has changed. Every other fit has one
// challenger, the next each time. How often to difference is tested at each whole search and at every tenth
// fit; if that has changed, the first challenger is taken whatever its AICc, which says nothing then.
//
// Where a pass of the exact likelihood is expensive, challengers are improved by the conditional sum of
// squares, and judged by the exact one.
#ifndef FORECASTD_PLUGINS_ARIMA_ROUND_HPP
#define FORECASTD_PLUGINS_ARIMA_ROUND_HPP

#include <cstddef>
#include <cstdint>

#include "fit.hpp"
#include "order.hpp"
#include "order_search.hpp"

namespace arima {

// The fit of a series that is under way: plain bytes.
struct Round {
    Fit trial;  // who is being tried
    OrderSearch::Bounds bounds;
    std::uint32_t next = 0;         // move or start
    std::uint32_t left = 0;         // challengers that this fit still tries, unless one of them wins
    std::uint32_t evaluations = 0;  // of who is being tried
    std::uint32_t all_evaluations = 0;
    std::uint32_t spread = 0;  // 1: the first piece that costs more than a share has waited for its turn
    std::uint32_t begun = 0;   // of the first orders
    std::uint8_t trying = 0;   // 1: someone is
    std::uint8_t present = 0;  // 1: what is in use is being improved, or will be first
    std::uint8_t whole = 0;    // 1: a whole search
    std::uint8_t tests = 0;    // 1: how often to difference is to be tested
    std::uint32_t unused = 0;  // so that no byte is left unset

    [[nodiscard]] bool under_way() const { return left > 0 || trying != 0 || present != 0 || tests != 0; }
};

// What a pass of a filter over `size` values costs, in the unit of fitting/budget.hpp, as measured.
inline double pass_cost(const Order& order, std::size_t size, bool conditional, bool gaps) {
    const auto n = static_cast<double>(size), k = static_cast<double>(order.coefficients());
    const auto r = static_cast<double>(order.arma_states()), s = static_cast<double>(order.states());
    if (conditional) return 1 + n * (0.005 + 0.0015 * k);
    if (gaps) return 1 + n * (0.05 + 0.01 * s * s);
    return 1 + n * (0.005 + 0.002 * k) + 0.016 * r * r;
}
// What a piece costs beside its passes: to copy the window, and to difference it.
inline double piece_cost(std::size_t size) { return 2 + 0.02 * static_cast<double>(size); }
// To guess a start.
inline double guess_cost(const Order& order, std::size_t size) {
    const auto k = static_cast<double>(order.coefficients());
    return static_cast<double>(size) * (0.03 + 0.001 * k * k);
}
// To test how often to difference.
inline double test_cost(std::size_t size, bool season) {
    return static_cast<double>(size) * (season ? 1.5 : 0.05);
}

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_ROUND_HPP
