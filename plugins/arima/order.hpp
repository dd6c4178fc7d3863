// The order of a seasonal ARIMA model, (p,d,q)(P,D,Q)s with or without a constant.
#ifndef FORECASTD_PLUGINS_ARIMA_ORDER_HPP
#define FORECASTD_PLUGINS_ARIMA_ORDER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace arima {

struct Order {
    std::int32_t p = 0, d = 0, q = 0;
    std::int32_t P = 0, D = 0, Q = 0;
    std::int32_t season = 1;    // steps; 1: no seasonal part
    std::int32_t constant = 0;  // 1: the differenced series has a mean: a mean of the series, or a drift

    // Coefficients of the model, and of its polynomials multiplied out.
    [[nodiscard]] std::size_t coefficients() const { return size(p) + size(q) + size(P) + size(Q); }
    [[nodiscard]] std::size_t ar_length() const { return size(p) + size(P) * size(season); }
    [[nodiscard]] std::size_t ma_length() const { return size(q) + size(Q) * size(season); }
    // The states of the ARMA part: Harvey's representation.
    [[nodiscard]] std::size_t arma_states() const { return std::max(ar_length(), ma_length() + 1); }
    // The values that differencing takes, and so the past values that the full state holds.
    [[nodiscard]] std::size_t lags() const { return size(d) + size(D) * size(season); }
    [[nodiscard]] std::size_t states() const { return arma_states() + lags(); }
    // What an information criterion counts: the coefficients, the constant and the variance.
    [[nodiscard]] std::size_t estimated() const { return coefficients() + size(constant) + 1; }

    static constexpr std::size_t size(std::int32_t number) { return static_cast<std::size_t>(number); }

    friend bool operator==(const Order&, const Order&) = default;
};

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_ORDER_HPP
