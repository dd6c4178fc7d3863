// Several forecasters ("experts": one method with different fixed parameters) run side by side on one series.
// Their forecasts are averaged with weights that are learned from their one-step errors, without keeping any
// points.
//
//   S_i' = S_i + w (e_i^2 - S_i),   w = max(1/n, 1/128) at the n-th error     discounted mean square
//   p_i  = S_i^(-n/2) / sum_j S_j^(-n/2),   n at most 128                     weight of expert i
//
// The forecast is the average of the experts' with the weights p. This is the exponentially weighted average
// forecaster (V. Vovk, Aggregating strategies, COLT 1990; N. Cesa-Bianchi & G. Lugosi, Prediction, Learning,
// and Games, 2006, section 2.2; its discounted losses: section 2.11): exp(-loss), where the loss of an expert
// is n/2 log S_i, the negative log-likelihood of its errors at the best variance. So there is no learning
// rate to choose and no scale to know, and an average moves smoothly where a winner would jump. No expert is
// ever dropped: one that becomes good again has its weight back after some 128 points.
//
// n/2 is rounded down to a power of two, so that a weight costs multiplications alone. The cost of a point is
// fixed: about 15 operations an expert.
#ifndef FORECASTD_PLUGINS_SMOOTHING_EXPERT_BANK_HPP
#define FORECASTD_PLUGINS_SMOOTHING_EXPERT_BANK_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace smoothing {

// Thread: any; part of a series' state: plain bytes, and all zero at first.
template <std::size_t Count>
class ExpertBank {
  public:
    using Numbers = std::array<double, Count>;  // one for each expert
    static constexpr std::uint64_t memory = 128;

    // Learns the error of each expert's forecast of one step. Errors behind a gap do not belong here: there
    // the forecasts of fast and of slow experts differ in their uncertainty.
    void learn(const Numbers& errors) {
        if (count_ < memory) ++count_;
        const double weight = 1 / static_cast<double>(count_);
        for (std::size_t i = 0; i < Count; ++i) {
            const double bounded = std::min(std::max(errors[i], -1e150), 1e150);
            squares_[i] += weight * (bounded * bounded - squares_[i]);
        }
    }

    // The weight of each expert: 0 or more, their sum 1. Equal before the first error.
    [[nodiscard]] Numbers weights() const {
        const double least = *std::min_element(squares_.begin(), squares_.end());
        Numbers weights;
        for (std::size_t i = 0; i < Count; ++i)
            weights[i] = squares_[i] > least ? least / squares_[i] : 1;  // all are 0 on a constant series
        for (std::uint64_t errors = count_; errors >= 4; errors /= 2)
            for (double& weight : weights) weight *= weight;
        double sum = 0;
        for (const double weight : weights) sum += weight;
        for (double& weight : weights) weight /= sum;
        return weights;
    }

    // The average of the experts' numbers by these weights.
    [[nodiscard]] static double average(const Numbers& weights, const Numbers& numbers) {
        double sum = 0;
        for (std::size_t i = 0; i < Count; ++i) sum += weights[i] * numbers[i];
        return sum;
    }

    // The errors that were learned, up to `memory`.
    [[nodiscard]] std::uint64_t count() const { return count_; }
    // The discounted mean square of an expert's errors.
    [[nodiscard]] double square(std::size_t expert) const { return squares_[expert]; }

  private:
    Numbers squares_{};
    std::uint64_t count_ = 0;  // as wide as a double, so that there is no padding
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_EXPERT_BANK_HPP
