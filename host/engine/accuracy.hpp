// How good the forecasts of a cohort's series are at one lead, over all of its series.
//
//   MAE       mean of |y - yhat|
//   MASE      MAE / mean of |y - y before|: below 1 the model does better than repeating the last value (the scaled
//             error of Hyndman and Koehler 2006, here with the naive errors of the same points)
//   bias      mean of y - yhat
//   coverage  share of the points inside the interval, for each level
//   width     mean width of the intervals, for each level
//
// The memory is in points, so that it is as long for a series by the hour as for one by the second: each
// forget() takes weight from what came before, half of it for every half_life points of a series.
#ifndef FORECASTD_ENGINE_ACCURACY_HPP
#define FORECASTD_ENGINE_ACCURACY_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace forecastd::engine {

class Accuracy {
  public:
    static constexpr double half_life = 100;

    explicit Accuracy(std::size_t levels) : inside_(levels), width_sums_(levels) {}

    // A point: y - yhat, y - the value that the naive forecast repeats, and how far the interval of each
    // level reaches to either side. What is not finite is not counted; nor is a point in coverage and width
    // whose intervals are not known (NaN).
    void add(double error, double naive_error, std::span<const double> reaches) {
        const double size = std::abs(error);
        const double naive_size = std::abs(naive_error);
        if (!(size + naive_size <= largest)) return;
        ++points_;
        weight_ += 1;
        error_sum_ += size;
        naive_sum_ += naive_size;
        signed_sum_ += error;
        if (reaches.empty() || !(std::abs(reaches.back()) <= largest)) return;
        judged_ += 1;
        for (std::size_t i = 0; i < inside_.size(); ++i) {
            inside_[i] += size <= reaches[i] ? 1 : 0;
            width_sums_[i] += 2 * reaches[i];
        }
    }

    // To be called now and then; series: among how many the points since the last call were shared.
    void forget(std::size_t series);

    [[nodiscard]] std::uint64_t points() const { return points_; }  // all of them, with nothing forgotten
    // NaN: not known.
    [[nodiscard]] double mae() const { return error_sum_ / weight_; }
    [[nodiscard]] double mase() const { return naive_sum_ > 0 ? error_sum_ / naive_sum_ : std::nan(""); }
    [[nodiscard]] double bias() const { return signed_sum_ / weight_; }
    [[nodiscard]] double coverage(std::size_t level) const { return inside_[level] / judged_; }
    [[nodiscard]] double width(std::size_t level) const { return width_sums_[level] / judged_; }

  private:
    static constexpr double largest = 1e280;  // sums of fewer than 1e28 of these are finite

    std::uint64_t points_ = 0, points_at_forget_ = 0;
    double weight_ = 0, error_sum_ = 0, naive_sum_ = 0, signed_sum_ = 0;
    double judged_ = 0;  // the weight of the points with intervals
    std::vector<double> inside_, width_sums_;
};

}  // namespace forecastd::engine

#endif
