// A model's polynomials multiplied out, ready for the filters.
#ifndef FORECASTD_PLUGINS_ARIMA_PROCESS_HPP
#define FORECASTD_PLUGINS_ARIMA_PROCESS_HPP

#include <array>
#include <cstddef>
#include <span>

#include "order.hpp"
#include "polynomial.hpp"
#include "shock_filter.hpp"

namespace arima {

// The coefficients of a model: phi, theta, Phi, Theta, one after another.
using Coefficients = std::array<double, max_terms>;

struct Parts {
    std::span<const double> phi, theta, Phi, Theta;
};
inline Parts parts(const Order& order, std::span<const double> coefficients) {
    const auto p = static_cast<std::size_t>(order.p), q = static_cast<std::size_t>(order.q);
    const auto P = static_cast<std::size_t>(order.P), Q = static_cast<std::size_t>(order.Q);
    return {coefficients.subspan(0, p), coefficients.subspan(p, q), coefficients.subspan(p + q, P),
            coefficients.subspan(p + q + P, Q)};
}

// Thread: any; set() writes it. Only the numbers in use are written.
class Expanded {
  public:
    // with_delta: the filter of the whole state needs it, that of the ARMA part does not.
    void set(const Order& order, std::span<const double> coefficients, double constant,
             bool with_delta = true) {
        const Parts part = parts(order, coefficients);
        const auto season = static_cast<std::size_t>(order.season);
        p_ = order.ar_length(), q_ = order.ma_length();
        process.arma = order.arma_states();
        process.constant = constant;
        process.ar = ar_.data(), process.shock = shock_.data(), process.delta = delta_.data();
        expand(part.phi, part.Phi, season, -1, std::span(ar_).first(process.arma));
        shock_[0] = 1;
        expand(part.theta, part.Theta, season, 1, std::span(shock_).subspan(1, process.arma));
        process.lags = with_delta ? order.lags() : 0;
        if (with_delta) differencing(order.d, order.D, season, std::span(delta_).first(process.lags));
    }
    [[nodiscard]] std::span<const double> ar() const { return std::span(ar_).first(p_); }
    [[nodiscard]] std::span<const double> ma() const { return std::span(shock_).subspan(1, q_); }

    Process process;

  private:
    std::size_t p_ = 0, q_ = 0;
    std::array<double, max_states> ar_;
    std::array<double, max_states + 1> shock_;
    std::array<double, max_states> delta_;
};

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_PROCESS_HPP
