// All checks of an algorithm, one after the other, each in a child process.
//
// Threads: the main thread.
#ifndef FORECASTD_VERIFY_VERIFYING_HPP
#define FORECASTD_VERIFY_VERIFYING_HPP

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "verify/checks.hpp"
#include "verify/in_child.hpp"

namespace forecastd::verify {

struct Options {
    std::uint64_t seed = 1;
    std::vector<std::string> only;  // names of checks; none: all
    bool in_process = false;
    Limits limits;
};

// Calls found for each check, in their order. Whether none has failed.
bool verify(const plugin::Algorithm& algorithm, const Options& options,
            const std::function<void(const Check&, const Result&)>& found);

}  // namespace forecastd::verify

#endif
