// Chooses the order of an ARIMA model stepwise, by AICc.
//
// D is 1 where the season is strong (seasonal_strength.hpp), d what KPSS tests then ask for (unit_root.hpp).
// The search begins with (2,d,2)(1,D,1), (0,d,0)(0,D,0), (1,d,0)(1,D,0) and (0,d,1)(0,D,1), with a constant
// if d + D <= 1, and (0,d,0)(0,D,0) without; then it tries the neighbours of the best so far, p, q, P, Q one
// up or down, alone or in pairs, and the constant taken or left, and moves as soon as one is better, until
// none is. A model with a root within 1.01 of the unit circle is refused. Where a pass of the exact
// likelihood would be expensive, orders are ranked by the conditional sum of squares, and the best fitted
// exactly. Source: R. J. Hyndman & Y. Khandakar, Automatic time series forecasting: the forecast package for
// R, J. Stat. Software 27(3), 2008, section 3.2.
#ifndef FORECASTD_PLUGINS_ARIMA_ORDER_SEARCH_HPP
#define FORECASTD_PLUGINS_ARIMA_ORDER_SEARCH_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fit.hpp"
#include "order.hpp"
#include "seasonal_strength.hpp"

namespace arima {

enum class Constant : std::int32_t { automatic, yes, no };

struct SearchLimits {
    std::int32_t max_p = 5, max_q = 5, max_P = 2, max_Q = 2;
    std::int32_t max_order = 18;  // p + q + P + Q
    std::int32_t max_d = 2, max_D = 1;
    std::int32_t season = 1;  // steps; 1: none. A season above 60 is differenced only: longest_seasonal
    Constant constant = Constant::automatic;
    std::uint32_t max_evaluations = 5000;  // in all
    std::uint32_t max_models = 94;
    std::uint32_t descents = 2;  // of the final fit
};

// Seasons longer than this get no seasonal ar and ma: their states would be too many.
inline constexpr std::int32_t longest_seasonal = 60;

// The room that a search within these limits needs.
Room room_for(const SearchLimits& limits, std::size_t values);

// Thread: one at a time. Allocates in its constructor only, but for NLopt.
class OrderSearch {
  public:
    OrderSearch(const SearchLimits& limits, std::size_t values);

    // The best model of the values that the workspace has loaded, with its evaluations in all. current: the
    // model in use or null; it stays unless another's AICc, of as many differences, is lower by `margin`.
    Fit operator()(Workspace& workspace, const Fit* current = nullptr);

    static constexpr double margin = 2;

    // For a search that is made in pieces (round.hpp).
    struct Bounds {
        Order base;                          // differences and season
        std::array<std::int32_t, 4> most{};  // p, q, P, Q
        std::int32_t values = 0;             // left by differencing
        std::int32_t unused = 0;             // so that no byte is left unset
    };
    Bounds bounds(Workspace& workspace);
    // The order that a move makes of another; the last one takes the constant or leaves it.
    static constexpr std::uint32_t move_count = 17, first_count = 5;
    [[nodiscard]] Order moved(Order from, std::uint32_t move) const;
    // Where a search begins; the last is the second without a constant.
    [[nodiscard]] Order first(const Bounds& bounds, std::uint32_t number) const;
    [[nodiscard]] bool within(const Bounds& bounds, const Order& order) const;
    static bool is_safe(const Fit& fit);

  private:
    struct Tried {
        Order order;
        double aicc;
    };

    void differences(Workspace& workspace);
    void stepwise();
    bool neighbours();
    bool attempt(Order order);
    [[nodiscard]] bool within(const Order& order) const;
    [[nodiscard]] Fit exact(const Order& order, const Fit* last, std::uint32_t descents);
    Fit chosen();

    SearchLimits limits_;
    SeasonalStrength strength_;
    std::vector<double> copy_;
    std::vector<Tried> tried_;
    Workspace* workspace_ = nullptr;
    std::size_t values_ = 0;
    Order base_, best_order_;
    double best_ = 0;
    Fit best_fit_;
    bool conditional_ = false;
    std::uint32_t evaluations_ = 0;
    std::array<std::int32_t, 4> most_{};  // p, q, P, Q
};

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_ORDER_SEARCH_HPP
