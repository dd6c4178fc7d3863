// How long the calls to a plugin take. One call in 64 is timed, the first among them, since reading the clock
// twice costs as much as a point.
#ifndef FORECASTD_PLUGIN_CALL_TIMES_HPP
#define FORECASTD_PLUGIN_CALL_TIMES_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace forecastd::plugin {

struct CallTimes {
    std::uint64_t calls = 0;
    std::uint64_t measured = 0;  // points, or forecasts, in the calls that were timed
    std::uint64_t measured_ns = 0;

    // The result of body, which is a call for `count` points or forecasts.
    template <class Body>
    auto take(std::size_t count, Body&& body) {
        constexpr std::uint64_t measure_every = 64;
        if (calls++ % measure_every != 0) return body();
        const auto begin = std::chrono::steady_clock::now();
        const auto result = body();
        measured_ns += static_cast<std::uint64_t>((std::chrono::steady_clock::now() - begin).count());
        measured += count;
        return result;
    }
};

}  // namespace forecastd::plugin

#endif
