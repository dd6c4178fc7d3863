// How good the forecasts of one series were at one lead. e is y - yhat.
//
//   MAE       mean of |e|                                 RMSE   square root of the mean of e^2
//   sMAPE     mean of 200 |e| / (|y| + |yhat|), percent   bias   mean of e
//   MASE      MAE / that of a naive forecast of the same points. The naive one repeats the value at which the forecast was
//             made; the seasonal one repeats the value of a season before. Below 1 is better than that. (The scaled error
//             of Hyndman & Koehler, "Another look at measures of forecast accuracy" (2006), with the naive errors of the
//             same points and lead.)
//   coverage  of a level: the share of the values within the interval, percent
//   width     its mean width
//   MSIS      mean of width + 2 / alpha times the distance of a value outside of the interval, alpha = 1 - level / 100,
//             divided by the naive MAE (the score of Gneiting & Raftery 2007, scaled as in the M4 competition)
//
// Threads: one.
#ifndef FORECASTD_BACKTEST_LEAD_SCORE_HPP
#define FORECASTD_BACKTEST_LEAD_SCORE_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace forecastd::backtest {

// An interval of one level. NaN: unknown.
struct Interval {
    double lower, upper;
};

class LeadScore {
  public:
    // levels: in percent, as in the config.
    LeadScore(std::int64_t steps, std::int64_t lead_ns, std::span<const double> levels);

    // A value and its forecast; naive and seasonal: what these would have said, NaN if they know nothing. What is not
    // finite is not counted.
    void add(double y, double yhat, double naive, double seasonal, std::span<const Interval> intervals);

    [[nodiscard]] std::int64_t steps() const { return steps_; }
    [[nodiscard]] std::int64_t lead_ns() const { return lead_ns_; }
    [[nodiscard]] std::uint64_t points() const { return points_; }

    // NaN: not known.
    [[nodiscard]] double mae() const;
    [[nodiscard]] double rmse() const;
    [[nodiscard]] double smape() const;
    [[nodiscard]] double bias() const;
    [[nodiscard]] double mase() const;
    [[nodiscard]] double mase_seasonal() const;

    // Of one level.
    struct Level {
        double level = 0;
        std::uint64_t points = 0, inside = 0;
        double width_sum = 0, score_sum = 0;
        double naive_sum = 0;  // of the naive forecast's |e|, where the interval is known

        [[nodiscard]] double coverage() const;
        [[nodiscard]] double width() const;
        [[nodiscard]] double msis() const;
    };
    [[nodiscard]] std::span<const Level> levels() const { return levels_; }

    // Adds the points of another series. Scaled errors do not follow from the sums of several series: they are means
    // over series, which is for the caller.
    void add(const LeadScore& other);

  private:
    std::int64_t steps_, lead_ns_;
    std::uint64_t points_ = 0;
    double error_sum_ = 0, square_sum_ = 0, smape_sum_ = 0, signed_sum_ = 0;
    // Errors of the forecast and of the naive one, where both are known.
    double beside_naive_ = 0, naive_sum_ = 0;
    double beside_seasonal_ = 0, seasonal_sum_ = 0;
    std::vector<Level> levels_;
};

}  // namespace forecastd::backtest

#endif
