// Numbers in 16 bits: a sign, five bits of exponent and ten of fraction, as IEEE 754's binary16, but with
// larger numbers in place of its infinities, and with 0x8000 as the only NaN.
#ifndef FORECASTD_PLUGINS_AUTO_HALF_HPP
#define FORECASTD_PLUGINS_AUTO_HALF_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "row.hpp"

namespace automatic {

using FourHalves = std::uint16_t __attribute__((vector_size(8)));

// Beyond 131,008 numbers become that; below 2^-14 they become 0.
inline FourHalves to_halves(Four numbers) {
    constexpr std::int32_t rebias = 112 << 23, greatest = 0x7FFF, least = 0x400, not_finite = 0x7F800000;
    const FourInts bits = std::bit_cast<FourInts>(numbers), size = bits & 0x7FFFFFFF,
                   sign = (bits >> 16) & 0x8000;
    FourInts half = (size - rebias + 0xFFF) >> 13;
    half = half < greatest ? half : FourInts{} + greatest;
    half = half < least ? FourInts{} : half | sign;
    half = size > not_finite ? FourInts{} + 0x8000 : half;
    return __builtin_convertvector(half, FourHalves);
}
inline Four from_halves(FourHalves halves) {
    constexpr std::int32_t not_a_number = 0x7FC00000;
    const FourInts all = __builtin_convertvector(halves, FourInts);
    const Four size = std::bit_cast<Four>((all & 0x7FFF) << 13) * four(0x1p112F);
    const FourInts none = (all == 0x8000) & not_a_number;
    return std::bit_cast<Four>(std::bit_cast<FourInts>(size) | (all & 0x8000) << 16 | none);
}
inline std::uint16_t to_half(float number) { return to_halves(four(number))[0]; }
inline float from_half(std::uint16_t half) { return from_halves(FourHalves{half, half, half, half})[0]; }

// Such numbers in the bits of floats, two in each.
template <class Float>
class Halves {
  public:
    Halves() = default;
    explicit Halves(std::span<Float> room) : room_(room) {}

    [[nodiscard]] std::size_t size() const { return 2 * room_.size(); }
    [[nodiscard]] std::span<Float> room() const { return room_; }
    [[nodiscard]] float operator[](std::size_t i) const {
        return from_half(static_cast<std::uint16_t>(bits(i) >> shift(i)));
    }
    void set(std::size_t i, float number) const {
        const std::uint32_t others = bits(i) & ~(0xFFFFU << shift(i));
        room_[i / 2] = std::bit_cast<float>(others | std::uint32_t{to_half(number)} << shift(i));
    }

  private:
    [[nodiscard]] std::uint32_t bits(std::size_t i) const {
        return std::bit_cast<std::uint32_t>(room_[i / 2]);
    }
    static unsigned shift(std::size_t i) { return i % 2 == 0 ? 0 : 16; }

    std::span<Float> room_;
};

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_HALF_HPP
