#include "process/watchdog.hpp"

#include <signal.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "process/stop.hpp"

namespace forecastd::process {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

std::unique_ptr<std::jthread> watcher;

struct Watch {
    const std::atomic<std::uint64_t>& calls;
    const Clock::duration deadline;
    const std::function<void(std::uint64_t, milliseconds)> nudge;
    const std::function<void()> force;

    void operator()(const std::stop_token& stop) const {
        static constexpr milliseconds after_stop{1000}, patience{500};
        const Clock::duration period =
            std::clamp<Clock::duration>(deadline / 8, milliseconds(5), milliseconds(250));
        std::mutex mutex;
        std::condition_variable_any wake;
        std::uint64_t call = 0;
        Clock::duration lasted{};
        for (Clock::time_point before = Clock::now(); !stop.stop_requested();) {
            std::unique_lock lock(mutex);
            wake.wait_for(lock, stop, period, [] { return false; });
            const Clock::time_point now = Clock::now();
            const Clock::duration passed = std::min(now - std::exchange(before, now), 2 * period);
            const std::uint64_t current = calls.load(std::memory_order_relaxed);
            lasted = current % 2 == 1 && current == call ? lasted + passed : Clock::duration{};
            call = current;
            const Clock::duration limit =
                stop_requested() ? std::min<Clock::duration>(deadline, after_stop) : deadline;
            if (lasted < limit) continue;
            nudge(call, std::chrono::duration_cast<milliseconds>(limit));
            if (lasted >= limit + patience) force();
        }
    }
};

}  // namespace

void watch_calls(const std::atomic<std::uint64_t>& calls, std::chrono::nanoseconds deadline,
                 std::function<void(std::uint64_t, milliseconds)> nudge, std::function<void()> force) {
    stop_watching_calls();
    if (deadline.count() == 0) return;
    // Signals are for the main thread.
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    watcher = std::make_unique<std::jthread>(Watch{calls, deadline, std::move(nudge), std::move(force)});
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void stop_watching_calls() { watcher.reset(); }

}  // namespace forecastd::process
