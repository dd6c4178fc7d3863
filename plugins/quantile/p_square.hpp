// Quantiles of a stream in bounded memory, without keeping the values: the extended P-square algorithm.
//
// For Q quantiles, 2 Q + 3 markers follow the least, the greatest, the quantiles, and the middles between
// these. Each has a height and a position, its rank among the values seen; with each value, a marker whose
// position lies one or more off what it should be moves by one, and its height along a parabola through its
// neighbours. Sources: R. Jain & I. Chlamtac, The P-square algorithm for dynamic calculation of quantiles
// and histograms without storing observations, Comm. ACM 28, 1985; K. E. E. Raatikainen, Simultaneous
// estimation of several percentiles, Simulation 49, 1987.
//
// To forget, all positions are halved when the number of values reaches twice the half-life: older values
// then count half. The least and the greatest marker move halfway to their neighbours meanwhile.
#ifndef FORECASTD_PLUGINS_QUANTILE_P_SQUARE_HPP
#define FORECASTD_PLUGINS_QUANTILE_P_SQUARE_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace quantile {

// Plain bytes. Values must be within +-1e150.
template <std::size_t Quantiles>
class PSquare {
  public:
    static constexpr std::size_t markers = 2 * Quantiles + 3;
    using Levels = std::array<double, Quantiles>;  // ascending, each above 0 and below 1

    void learn(double value, const Levels& levels, double half_life) {
        if (count_ < markers) {
            begin(value);
            return;
        }
        if (count_ >= 2 * half_life && count_ >= 4 * markers) forget();
        std::size_t cell = 0;  // the last marker that is not above the value
        if (value < heights_[0])
            heights_[0] = value;
        else
            while (cell + 2 < markers && value >= heights_[cell + 1]) ++cell;
        heights_[markers - 1] = std::max(heights_[markers - 1], value);
        for (std::size_t i = cell + 1; i < markers; ++i) positions_[i] += 1;
        count_ += 1;
        for (std::size_t i = 1; i + 1 < markers; ++i) adjust(i, levels);
    }

    // Values seen, less those forgotten.
    [[nodiscard]] double count() const { return count_; }
    // Only once a value was learned.
    [[nodiscard]] double at(std::size_t quantile, const Levels& levels) const {
        if (count_ >= markers) return heights_[2 * quantile + 2];
        const std::size_t last = std::max<std::size_t>(filled(), 1) - 1;
        const double place = levels[quantile] * static_cast<double>(last);
        const auto low = static_cast<std::size_t>(place);
        const std::size_t high = std::min(low + 1, last);
        return heights_[low] + (place - static_cast<double>(low)) * (heights_[high] - heights_[low]);
    }

  private:
    // The number of values before all markers have begun; any bytes give a number below that.
    [[nodiscard]] std::size_t filled() const {
        return count_ > 0 ? static_cast<std::size_t>(std::min(count_, markers - 1.0F)) : 0;
    }
    void begin(double value) {
        std::size_t i = filled();
        for (; i > 0 && heights_[i - 1] > value; --i) heights_[i] = heights_[i - 1];
        heights_[i] = value;
        count_ = static_cast<float>(filled()) + 1;
        for (std::size_t k = 0; k < markers; ++k) positions_[k] = static_cast<float>(k);
    }
    void forget() {
        count_ = 1 + (count_ - 1) / 2;
        for (float& position : positions_) position /= 2;
        heights_[0] += (heights_[1] - heights_[0]) / 2;
        heights_[markers - 1] += (heights_[markers - 2] - heights_[markers - 1]) / 2;
    }
    // The share of values that should lie below a marker.
    static double level_of(std::size_t marker, const Levels& levels) {
        if (marker % 2 == 0) return levels[marker / 2 - 1];
        const double low = marker == 1 ? 0 : levels[marker / 2 - 1];
        const double high = marker + 2 == markers ? 1 : levels[marker / 2];
        return (low + high) / 2;
    }
    void adjust(std::size_t i, const Levels& levels) {
        const double off = level_of(i, levels) * (count_ - 1) - positions_[i];
        const double above = positions_[i + 1] - positions_[i], below = positions_[i] - positions_[i - 1];
        if (!((off >= 1 && above > 1) || (off <= -1 && below > 1))) return;
        const double move = off > 0 ? 1 : -1;
        const double rise = (heights_[i + 1] - heights_[i]) / above,
                     fall = (heights_[i] - heights_[i - 1]) / below;
        double height =
            heights_[i] + move / (above + below) * ((below + move) * rise + (above - move) * fall);
        if (!(height > heights_[i - 1] && height < heights_[i + 1]))
            height = heights_[i] + move * (move > 0 ? rise : fall);
        heights_[i] = height;
        positions_[i] += static_cast<float>(move);
    }

    std::array<double, markers> heights_{};
    std::array<float, markers> positions_{};  // ranks, from 0
    float count_ = 0;
};

}  // namespace quantile

#endif  // FORECASTD_PLUGINS_QUANTILE_P_SQUARE_HPP
