// What became of the values of a pipeline: a count for each outcome. When most of them are not used, the
// config or the data is wrong, and a person must be told, once.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_OUTCOMES_HPP
#define FORECASTD_ENGINE_OUTCOMES_HPP

#include <array>
#include <cstddef>
#include <cstdint>

namespace forecastd::engine {

enum class Outcome : std::uint8_t {
    used,
    late,         // not later than the value before it
    crowded,      // later, but within the interval of the value before it
    one_of_many,  // the same, where a pipeline may take one value of many on purpose
    ahead,        // so far ahead that the next one must confirm it
};

class Outcomes {
  public:
    void use() { ++counts_[0]; }
    // A value that was not used. True once: when nearly half of the values so far, or of the last few
    // thousand, were not.
    bool pass_over(Outcome outcome) {
        ++counts_[static_cast<std::size_t>(outcome)];
        const std::uint64_t wrong = unused(), on_purpose = count(Outcome::one_of_many);
        if (told_ || (wrong + on_purpose) % first_look != 0) return false;
        if (10 * wrong >= 9 * count(Outcome::used) && 4 * on_purpose < wrong) return told_ = true;
        if (wrong + on_purpose >= window) counts_ = {};
        return false;
    }
    [[nodiscard]] std::uint64_t count(Outcome outcome) const {
        return counts_[static_cast<std::size_t>(outcome)];
    }

  private:
    [[nodiscard]] std::uint64_t unused() const {
        return count(Outcome::late) + count(Outcome::crowded) + count(Outcome::ahead);
    }

    static constexpr std::uint64_t first_look = 32, window = 4096;
    std::array<std::uint64_t, 5> counts_{};
    bool told_ = false;
};

}  // namespace forecastd::engine

#endif
