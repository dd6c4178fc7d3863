#include "backtest/waiting.hpp"

#include <numeric>

namespace forecastd::backtest {

std::int64_t Waiting::stride_of(std::int64_t lead_steps) {
    constexpr std::int64_t factors = 210;  // 2 * 3 * 5 * 7
    std::int64_t stride = (lead_steps + most - 1) / most;
    while (stride > 1 && std::gcd(stride, factors) > 1) ++stride;
    return stride;
}

void Waiting::keep(std::int64_t step, double yhat, double naive, double seasonal,
                   std::span<const Interval> intervals) {
    forecasts_.push_back({step, yhat, naive, seasonal, {intervals.begin(), intervals.end()}});
}

void Waiting::take(std::int64_t step, double y, LeadScore& score) {
    while (!forecasts_.empty() && forecasts_.front().step <= step) {
        const Forecast& one = forecasts_.front();
        if (one.step == step) score.add(y, one.yhat, one.naive, one.seasonal, one.intervals);
        forecasts_.pop_front();
    }
}

}  // namespace forecastd::backtest
