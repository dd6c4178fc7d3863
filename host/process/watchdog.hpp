// A thread that notices calls which last too long. It costs a call nothing: it looks, a few times in each
// deadline, whether the counter of calls stands where it stood.
//
// The time of a call is counted in steps of the thread's own waits, so a process that was stopped, or a
// machine that slept, is not taken for a call that hangs.
#ifndef FORECASTD_PROCESS_WATCHDOG_HPP
#define FORECASTD_PROCESS_WATCHDOG_HPP

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>

namespace forecastd::process {

// Starts the thread, or gives it another deadline; 0 ends it. calls: odd during a call. A call that lasts
// longer leads to nudge(call, lasted) on the watching thread, and, if it still lasts half a second later, to
// force().
void watch_calls(const std::atomic<std::uint64_t>& calls, std::chrono::nanoseconds deadline,
                 std::function<void(std::uint64_t call, std::chrono::milliseconds lasted)> nudge,
                 std::function<void()> force);

void stop_watching_calls();

}  // namespace forecastd::process

#endif
