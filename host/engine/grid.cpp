#include "engine/grid.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace forecastd::engine {
namespace {

std::int64_t median(std::vector<std::int64_t> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

std::int64_t learned_interval(std::span<const std::int64_t> times_ns) {
    std::vector<std::int64_t> distances;
    for (std::size_t i = 1; i < times_ns.size(); ++i) distances.push_back(times_ns[i] - times_ns[i - 1]);
    const std::int64_t typical = std::min(median(distances), longest_interval_ns);

    constexpr std::int64_t second = 1'000'000'000;
    for (const std::int64_t unit : {86'400 * second, 3'600 * second, 60 * second, 10 * second}) {
        const std::int64_t round = (typical + unit / 2) / unit * unit;
        if (round > 0 && std::abs(round - typical) <= typical / 100) return round;
    }
    for (std::int64_t unit = second; unit > 1; unit /= 10) {
        const std::int64_t round = (typical + unit / 2) / unit * unit;
        if (round > 0 && std::abs(round - typical) <= typical / 100) return round;
    }
    return typical;
}

std::int64_t learned_phase(std::span<const std::int64_t> times_ns, std::int64_t interval_ns) {
    // Phases lie on a circle: take them as distances from the first point's, between -1/2 and 1/2 of the interval.
    const std::int64_t origin = phase_of(times_ns[0], interval_ns);
    std::vector<std::int64_t> distances;
    for (const std::int64_t time : times_ns)
        distances.push_back(phase_of(phase_of(time, interval_ns) - origin + interval_ns / 2, interval_ns) -
                            interval_ns / 2);
    return phase_of(origin + median(distances), interval_ns);
}

}  // namespace forecastd::engine
