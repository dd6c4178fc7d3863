// Forecasts of one series for one lead that wait for their values.
//
// Threads: one.
#ifndef FORECASTD_BACKTEST_WAITING_HPP
#define FORECASTD_BACKTEST_WAITING_HPP

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "backtest/lead_score.hpp"

namespace forecastd::backtest {

class Waiting {
  public:
    // How many of a lead wait at most, whatever the lead.
    static constexpr std::int64_t most = 64;
    // The steps between two forecasts of a lead that are kept, so that no more than `most` wait. It has no factor in common with
    // 2, 3, 5 and 7, of which seasons mostly consist: else the same phases of one would be judged each time.
    static std::int64_t stride_of(std::int64_t lead_steps);

    // A forecast; steps must ascend. naive, seasonal: what these say about the same step.
    void keep(std::int64_t step, double yhat, double naive, double seasonal,
              std::span<const Interval> intervals);
    // The value of a step: scores the forecast of that step, and drops those of steps before, whose values were lost.
    void take(std::int64_t step, double y, LeadScore& score);
    void clear() { forecasts_.clear(); }

  private:
    struct Forecast {
        std::int64_t step;
        double yhat, naive, seasonal;
        std::vector<Interval> intervals;
    };
    std::deque<Forecast> forecasts_;
};

}  // namespace forecastd::backtest

#endif
