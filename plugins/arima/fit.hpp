// Fits an ARIMA model of a given order to a window of values, by exact Gaussian maximum likelihood.
//
// Every trial of the coefficients costs one pass of the filter (likelihood.hpp; window_filter.hpp where
// values are missing); mean and variance are solved for, not searched. The search is NLopt's sequential
// quadratic programming (D. Kraft, 1988) over x, of which polynomial.hpp makes stationary, invertible
// polynomials; gradients are differences. Each maximum has ridges where a root of ar nearly cancels one of
// ma, and a likelihood may have several: so a first fit descends from Hannan and Rissanen's point, from roots
// near 1, and from the best few of 32 scattered ones, half of them with roots that nearly cancel; a refit
// begins at the last coefficients, and starts again where Hannan and Rissanen's point, one pass, is better
// than what it came to.
#ifndef FORECASTD_PLUGINS_ARIMA_FIT_HPP
#define FORECASTD_PLUGINS_ARIMA_FIT_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "order.hpp"
#include "process.hpp"
#include "shock_filter.hpp"

namespace arima {

// A fitted model: plain bytes. It models (y - center) / scale.
struct Fit {
    Order order;
    Coefficients coefficients{};  // phi, theta, Phi, Theta
    double center = 0, scale = 1;
    double mean = 0;                                                   // of the differenced, scaled values
    double variance = 0;                                               // of an innovation, scaled
    double log_likelihood = -std::numeric_limits<double>::infinity();  // of the values as they came
    double aicc = std::numeric_limits<double>::infinity();
    std::uint32_t values = 0;       // that count: not missing, differencing's taken off
    std::uint32_t evaluations = 0;  // passes of a filter

    // The variance that forecasts use: corrected for the coefficients that were estimated, as R's forecast
    // does.
    [[nodiscard]] double unbiased_variance() const {
        const auto n = static_cast<double>(values), k = static_cast<double>(order.estimated() - 1);
        return n > k + 1 ? variance * n / (n - k) : variance;
    }
    // Of an innovation.
    [[nodiscard]] double deviation() const { return std::sqrt(variance) * scale; }
};

// How a fit is made.
struct Effort {
    std::uint32_t max_evaluations = 2000;
    std::uint32_t descents = 7;  // of a fit without a last one
    bool conditional = false;    // by the conditional sum of squares, to rank orders
    const Fit* last = nullptr;   // where to begin; of the same order
    bool only_last = false;      // from there alone
    std::uint32_t start = 0;     // without a last one: above 0, from this start alone (Search::start)
};

// The greatest numbers that a workspace has room for.
struct Room {
    std::size_t values = 0, ar_terms = 0, ma_terms = 0, lags = 0;

    [[nodiscard]] std::size_t states() const { return std::max(ar_terms, ma_terms + 1) + lags; }
};

// Thread: one at a time. All its memory is allocated by the constructor, but for NLopt's own.
class Workspace {
  public:
    explicit Workspace(const Room& room);
    ~Workspace();
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;

    static constexpr std::size_t exact_gaps = 12;  // states up to which a window with holes is fitted exactly

    // The values to fit; NaN where one is missing, the first is there. Scales and centres them. values.size()
    // is at most room.values.
    void load(std::span<const double> values);
    // The values loaded, scaled, holes filled from their neighbours; differenced in the given way.
    std::span<const double> differenced(int d, int D, int season);

    // The order must have room. variance 0: the differenced values are all the same, which needs no search.
    Fit fit(const Order& order, const Effort& effort);
    // The state that the model expects after the last value loaded. The fit is of the values loaded. quickly:
    // of a model with many states it is taken as if it were known exactly, which it nearly is, and holes as
    // if they were filled.
    void settle(const Fit& fit, Shocks& state, bool quickly = false);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// The same in one call.
Fit fit(std::span<const double> values, const Order& order, Workspace& workspace, const Effort& effort = {});

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_FIT_HPP
