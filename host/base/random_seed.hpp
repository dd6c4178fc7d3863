// A number that nobody outside of the process can foresee: the seed of hash tables whose keys come from the
// input, so that no input can be made to collide in them. Nothing that is written may depend on it.
#ifndef FORECASTD_BASE_RANDOM_SEED_HPP
#define FORECASTD_BASE_RANDOM_SEED_HPP

#include <cstdint>

namespace forecastd {

// Another number at each call: from the system's random source, or, where that is missing, from the time and
// the process's number.
std::uint64_t random_seed();

}  // namespace forecastd

#endif
