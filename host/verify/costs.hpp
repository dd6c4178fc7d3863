// What an algorithm costs: a table of measurements, each made several times in a child process of its own.
//
// Threads: the main thread.
#ifndef FORECASTD_VERIFY_COSTS_HPP
#define FORECASTD_VERIFY_COSTS_HPP

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "verify/measuring.hpp"

namespace forecastd::verify {

struct Measurement {
    const char* name;  // "ns_a_point"
    const char* unit;  // "ns" or "bytes"
    const char* what;  // "a point of {series} series in turn"
    bool (*applies)(const plugin::Algorithm& algorithm);
    Numbers (*measure)(const Setting& setting);
};

// What it is, with the number of series.
std::string in_words(const Measurement& measurement, const Setting& setting);

// All of them, in the order in which they are shown.
std::span<const Measurement> all_measurements();

// A number of several runs: the least is what it costs where nothing else came between.
struct Figure {
    double least = 0, greatest = 0;
};
Expected<Figure> measure(const Measurement& measurement, const Setting& setting);

// The three figures that say most.
struct Costs {
    double ns_a_point = 0, ns_a_forecast = 0;  // of 10 steps; 0: it does not forecast; NaN: not yet
    double bytes_a_series = 0;
    double points_learned = 0;  // before that
    bool is_cut = false;        // these were fewer than the steps of a parameter, so a window may not be full
};
// In one child process, which ends within a second unless one call takes longer.
Expected<Costs> costs(const Setting& setting);

// The greatest state that is measured by costs().
inline constexpr std::size_t most_bytes = std::size_t{64} << 20;

}  // namespace forecastd::verify

#endif
