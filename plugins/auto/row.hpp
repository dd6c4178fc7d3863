// Numbers of the members, four in a vector register: compilers do not make vector instructions of minima,
// sums and choices of floats by themselves.
#ifndef FORECASTD_PLUGINS_AUTO_ROW_HPP
#define FORECASTD_PLUGINS_AUTO_ROW_HPP

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "members.hpp"

namespace automatic {

using Four = float __attribute__((vector_size(16)));
using FourInts = std::int32_t __attribute__((vector_size(16)));

inline Four four(float number) { return Four{number, number, number, number}; }
inline Four lesser(Four a, Four b) { return a < b ? a : b; }
inline Four size_of(Four numbers) {
    return std::bit_cast<Four>(std::bit_cast<FourInts>(numbers) & 0x7FFFFFFF);
}
// The numbers, but `others` where they are NaN.
inline Four known_or(Four numbers, Four others) {
    return std::bit_cast<FourInts>(size_of(numbers)) > 0x7F800000 ? others : numbers;
}
inline float sum(Four numbers) { return (numbers[0] + numbers[1]) + (numbers[2] + numbers[3]); }
inline float least(Four numbers) {
    const float one = numbers[0] < numbers[1] ? numbers[0] : numbers[1];
    const float two = numbers[2] < numbers[3] ? numbers[2] : numbers[3];
    return one < two ? one : two;
}

// Of `count` members; what is behind them is `rest` at first.
template <std::size_t count>
struct Row {
    static constexpr std::size_t size = (count + 3) / 4;

    Row() = default;
    Row(const float* numbers, float rest) {
        four.back() = automatic::four(rest);
        std::memcpy(four.data(), numbers, count * sizeof(float));
    }
    void store(float* numbers) const { std::memcpy(numbers, four.data(), count * sizeof(float)); }
    [[nodiscard]] float least() const {
        Four result = four[0];
        for (std::size_t i = 1; i < size; ++i) result = lesser(result, four[i]);
        return automatic::least(result);
    }
    [[nodiscard]] float sum() const {
        Four result = four[0];
        for (std::size_t i = 1; i < size; ++i) result += four[i];
        return automatic::sum(result);
    }

    std::array<Four, size> four;
};

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_ROW_HPP
