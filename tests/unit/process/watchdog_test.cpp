// When the watchdog takes a call for one that hangs.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <thread>

#include "process/watchdog.hpp"

namespace forecastd::process {
namespace {

using std::chrono::milliseconds;

struct Watching {
    Watching() {
        watch_calls(
            calls, milliseconds(50), [this](std::uint64_t call, milliseconds) { nudged = call; },
            [this] { forced = true; });
    }
    ~Watching() { stop_watching_calls(); }
    bool eventually(const std::function<bool()>& condition) {
        for (int i = 0; i < 1000 && !condition(); ++i) std::this_thread::sleep_for(milliseconds(10));
        return condition();
    }
    std::atomic<std::uint64_t> calls = 0;
    std::atomic<std::uint64_t> nudged = 0;
    std::atomic<bool> forced = false;
};

}  // namespace

TEST_CASE_FIXTURE(Watching, "a call that does not end") {
    calls = 7;
    CHECK(eventually([this] { return nudged == 7; }));
    CHECK(eventually([this] { return forced.load(); }));
}

TEST_CASE_FIXTURE(Watching, "no call, and many short ones") {
    calls = 8;
    std::this_thread::sleep_for(milliseconds(300));
    for (int i = 0; i < 300; ++i) {
        ++calls;
        std::this_thread::sleep_for(milliseconds(1));
    }
    CHECK(nudged == 0);
    CHECK_FALSE(forced);
}

}  // namespace forecastd::process
