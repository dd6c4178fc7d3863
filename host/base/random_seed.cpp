#include "base/random_seed.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <chrono>

namespace forecastd {

std::uint64_t random_seed() {
    std::uint64_t seed = 0;
    if (::getrandom(&seed, sizeof seed, GRND_NONBLOCK) == static_cast<ssize_t>(sizeof seed)) return seed;
    const auto ticks = std::chrono::steady_clock::now().time_since_epoch().count();
    return (static_cast<std::uint64_t>(ticks) << 20) ^ static_cast<std::uint64_t>(::getpid());
}

}  // namespace forecastd
