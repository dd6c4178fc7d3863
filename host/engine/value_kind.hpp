// What the values of a series are like, for people who try a config on recorded points: constant, a counter, a code.
//
// Threads: one at a time for an object.
#ifndef FORECASTD_ENGINE_VALUE_KIND_HPP
#define FORECASTD_ENGINE_VALUE_KIND_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace forecastd::engine {

class ValueKind {
  public:
    // So many values are needed to say anything.
    static constexpr std::uint64_t least = 50;

    void add(double value);

    [[nodiscard]] bool is_constant() const { return count_ >= least && rises_ + falls_ == 0; }
    // Whole numbers that rise at every second point or more often, and fall at no more than one in a hundred, as a
    // counter does when it begins again.
    [[nodiscard]] bool only_rises() const;
    // At more than one point in twenty.
    [[nodiscard]] bool falls_often() const { return count_ >= least && falls_ * 20 > count_; }
    // "0, 1, 3", ascending, if these two to five whole numbers are all that there were, and none follows from a count that
    // grows; else "".
    [[nodiscard]] std::string few_whole_numbers() const;

  private:
    static constexpr std::size_t most_kept = 5;

    std::array<double, most_kept> kept_{};
    std::size_t different_ = 0;  // values, up to one more than are kept
    std::uint64_t count_ = 0, rises_ = 0, falls_ = 0;
    double last_ = 0;
    bool is_whole_ = true;
};

}  // namespace forecastd::engine

#endif
