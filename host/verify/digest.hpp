// A number that stands for what an algorithm answers: two builds of a plugin with the same digest give the same answers, to
// the last bit.
//
// Threads: the main thread.
#ifndef FORECASTD_VERIFY_DIGEST_HPP
#define FORECASTD_VERIFY_DIGEST_HPP

#include <string>

#include "verify/rig.hpp"

namespace forecastd::verify {

// Of the verdicts of 300 usual points and a forecast of 50 steps behind every 50 of them, with default parameters: 16
// hexadecimal digits. Throws Broken.
std::string digest(const Rig& rig);

}  // namespace forecastd::verify

#endif
