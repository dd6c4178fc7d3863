// How good the one-step forecasts of a cohort's series are, over all of its series.
//
//   MAE       mean of |y - yhat|
//   MASE      MAE / mean of |y - y before|: below 1 the model does better than repeating the last value (the scaled
//             error of Hyndman and Koehler 2006, here with the naive errors of the same points)
//   coverage  share of the points inside yhat +- width * deviation, for each width
//
// The memory is in points, so that it is as long for a series by the hour as for one by the second: each
// forget() takes weight from what came before, half of it for every half_life points of a series.
#ifndef FORECASTD_ENGINE_ACCURACY_HPP
#define FORECASTD_ENGINE_ACCURACY_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace forecastd::engine {

class Accuracy {
  public:
    static constexpr double half_life = 100;

    // How many deviations each interval reaches to either side.
    explicit Accuracy(const std::vector<double>& widths) : widths_(widths), inside_(widths.size()) {}

    // A point: y - yhat, y - the value before it, and the deviation that yhat came with. What is not finite
    // is not counted; nor is a point in the coverage whose deviation is not known (NaN).
    void add(double error, double naive_error, double deviation) {
        const double size = std::abs(error);
        const double naive_size = std::abs(naive_error);
        if (!(size + naive_size <= largest)) return;
        ++points_;
        weight_ += 1;
        error_sum_ += size;
        naive_sum_ += naive_size;
        if (std::isnan(deviation)) return;
        judged_ += 1;
        for (std::size_t i = 0; i < widths_.size(); ++i) inside_[i] += size <= widths_[i] * deviation ? 1 : 0;
    }

    // To be called now and then; series: among how many the points since the last call were shared.
    void forget(std::size_t series);

    [[nodiscard]] std::uint64_t points() const { return points_; }  // all of them, with nothing forgotten
    // NaN: not known.
    [[nodiscard]] double mae() const { return error_sum_ / weight_; }
    [[nodiscard]] double mase() const { return naive_sum_ > 0 ? error_sum_ / naive_sum_ : std::nan(""); }
    [[nodiscard]] double coverage(std::size_t width) const { return inside_[width] / judged_; }

  private:
    static constexpr double largest = 1e280;  // sums of fewer than 1e28 of these are finite

    const std::vector<double> widths_;
    std::uint64_t points_ = 0, points_at_forget_ = 0;
    double weight_ = 0, error_sum_ = 0, naive_sum_ = 0;
    double judged_ = 0;  // the weight of the points with a deviation
    std::vector<double> inside_;
};

}  // namespace forecastd::engine

#endif
