// Runs a check in a child process, so that a crash, a hang or an exit of the plugin is a result like others.
//
// Threads: the main thread, of a process that has no others.
#ifndef FORECASTD_VERIFY_IN_CHILD_HPP
#define FORECASTD_VERIFY_IN_CHILD_HPP

#include <chrono>
#include <cstddef>
#include <functional>

#include "verify/result.hpp"

namespace forecastd::verify {

struct Limits {
    std::chrono::milliseconds time{20'000};
    std::size_t memory = std::size_t{2} << 30;  // that it may take beyond what the process has; bytes
};

// What the check returns, or how the child ended without that. Nothing that the check prints is seen.
Result in_child(const std::function<Result()>& check, const Limits& limits);

// The same in this process: a crash ends it, and a debugger stands where it happens.
Result in_process(const std::function<Result()>& check);

}  // namespace forecastd::verify

#endif
