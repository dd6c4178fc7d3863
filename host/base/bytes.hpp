// Saved values as bytes: fixed sizes, little-endian, side by side, the same on every machine.
//
// A ByteReader never reads behind its end: from the first value that is not there on, it returns zeroes and
// complete() is false.
#ifndef FORECASTD_BASE_BYTES_HPP
#define FORECASTD_BASE_BYTES_HPP

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace forecastd {

using Bytes = std::vector<char>;

class ByteWriter {
  public:
    explicit ByteWriter(Bytes& bytes) : bytes_(bytes) {}

    template <std::integral Integer>
    void put(Integer value) {
        const auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
        for (std::size_t i = 0; i < sizeof(Integer); ++i)
            bytes_.push_back(static_cast<char>(std::uint64_t{bits} >> (8 * i) & 0xff));
    }
    void put(double value) { put(std::bit_cast<std::uint64_t>(value)); }
    // The number of bytes, 32 bits, and the bytes.
    void put(std::span<const char> bytes) {
        put(static_cast<std::uint32_t>(bytes.size()));
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }

  private:
    Bytes& bytes_;
};

class ByteReader {
  public:
    explicit ByteReader(std::span<const char> bytes) : rest_(bytes) {}

    template <std::integral Integer>
    Integer take() {
        std::uint64_t bits = 0;
        const std::span<const char> bytes = take_raw(sizeof(Integer));
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bits |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
        return static_cast<Integer>(bits);
    }
    double take_double() { return std::bit_cast<double>(take<std::uint64_t>()); }
    std::span<const char> take_bytes() { return take_raw(take<std::uint32_t>()); }

    [[nodiscard]] bool complete() const { return complete_; }
    [[nodiscard]] bool at_end() const { return complete_ && rest_.empty(); }

  private:
    std::span<const char> take_raw(std::size_t count) {
        if (count > rest_.size()) {
            complete_ = false;
            rest_ = {};
            return {};
        }
        const auto taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }

    std::span<const char> rest_;
    bool complete_ = true;
};

}  // namespace forecastd

#endif
