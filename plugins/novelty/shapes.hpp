// A memory of the courses that a series takes: prototypes of 12 values, less their mean.
//
// The last 12 values are compared with each of 32 prototypes; the distance to the nearest is what is judged.
// Where it is greater than a limit, they become a prototype themselves, in place of the one that was the
// nearest longest ago (leader clustering: J. A. Hartigan, Clustering Algorithms, 1975, chapter 3).
// Prototypes are kept column by column, so that the processor compares several at once.
#ifndef FORECASTD_PLUGINS_NOVELTY_SHAPES_HPP
#define FORECASTD_PLUGINS_NOVELTY_SHAPES_HPP

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace novelty {

class Shapes {
  public:
    static constexpr std::size_t length = 12, capacity = 32;
    using Shape = std::array<float, length>;
    struct Nearest {
        double distance = std::nan("");  // NaN: there is no prototype yet
        std::size_t place = 0;
    };

    [[nodiscard]] Nearest nearest(const Shape& shape) const {
        if (count_ == 0) return {};
        std::array<float, capacity> squares{};
        for (std::size_t i = 0; i < length; ++i)
            for (std::size_t j = 0; j < capacity; ++j) {
                const float difference = columns_[i][j] - shape[i];
                squares[j] += difference * difference;
            }
        std::size_t best = 0;
        for (std::size_t j = 1; j < capacity && j < count_; ++j)
            if (squares[j] < squares[best]) best = j;
        return {std::sqrt(static_cast<double>(squares[best])), best};
    }

    // Takes note that the shape came: as a new prototype, or as one more like the nearest.
    void learn(const Shape& shape, const Nearest& nearest, bool is_new) {
        if (count_ == 0 || is_new) {
            const std::size_t place = count_ < capacity ? count_++ : least_recent();
            for (std::size_t i = 0; i < length; ++i) columns_[i][place] = shape[i];
            mark(place);
        } else {
            mark(nearest.place);
        }
    }

  private:
    [[nodiscard]] std::size_t least_recent() const {
        std::size_t oldest = 0;
        for (std::size_t j = 1; j < capacity; ++j)
            if (used_[j] < used_[oldest]) oldest = j;
        return oldest;
    }
    // The clock is halved, with all marks, before it overflows: their order stays, but for ties.
    void mark(std::size_t place) {
        if (++clock_ == UINT16_MAX) {
            for (std::uint16_t& used : used_) used = static_cast<std::uint16_t>(used / 2);
            clock_ = static_cast<std::uint16_t>(clock_ / 2);
        }
        used_[place % capacity] = clock_;
    }

    std::array<std::array<float, capacity>, length> columns_{};
    std::array<std::uint16_t, capacity> used_{};
    std::uint16_t clock_ = 0;
    std::uint16_t count_ = 0;
};

}  // namespace novelty

#endif  // FORECASTD_PLUGINS_NOVELTY_SHAPES_HPP
