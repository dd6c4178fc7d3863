// Random numbers that are the same on every machine and with every standard library: integers, and the few
// operations on doubles that IEEE 754 defines to the last bit. (std::normal_distribution and the functions of
// <cmath> promise neither.)
//
// The generator is splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
// 2014). Its state is one word, so a stream of its own for every series and step costs nothing, and what a
// series does depends neither on the order in which series are made nor on what else is made.
//
// Threads: a Random is used by one thread at a time.
#ifndef FORECASTD_SIMULATION_RANDOM_HPP
#define FORECASTD_SIMULATION_RANDOM_HPP

#include <bit>
#include <cstdint>

namespace forecastd::simulation {

class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(scrambled(seed)) {}

    // The stream of one part of a whole, such as one series of a run.
    Random(std::uint64_t seed, std::uint64_t part) : state_(scrambled(scrambled(seed) + part)) {}

    // 64 random bits.
    std::uint64_t bits() { return scrambled(state_ += gamma); }

    // 0 <= result < bound. The bias is at most bound / 2^32.
    std::uint64_t below(std::uint32_t bound) { return ((bits() >> 32) * bound) >> 32; }

    // first <= result <= last; they are less than 2^32 apart.
    std::int64_t between(std::int64_t first, std::int64_t last) {
        return first + static_cast<std::int64_t>(below(static_cast<std::uint32_t>(last - first + 1)));
    }

    // 0 <= result < 1, in steps of 2^-53.
    double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }

    // Mean 0, standard deviation 1: the number of ones among 256 random bits, smoothed by a uniform number.
    // It is normal but for a kurtosis of -0.008, with tails that follow the normal ones to 4 and that end
    // at 16.
    double normal() {
        const int ones =
            std::popcount(bits()) + std::popcount(bits()) + std::popcount(bits()) + std::popcount(bits());
        return (ones - 128 + uniform() - 0.5) * (1 / 8.005206);  // the root of 64 + 1/12
    }

  private:
    static constexpr std::uint64_t gamma = 0x9e3779b97f4a7c15;

    static constexpr std::uint64_t scrambled(std::uint64_t word) {
        word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
        word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
        return word ^ (word >> 31);
    }

    std::uint64_t state_;
};

}  // namespace forecastd::simulation

#endif
