// Two small algorithms for the tests of the engine: "probe" and "teller".
#ifndef FORECASTD_TESTS_ENGINE_PROBE_HPP
#define FORECASTD_TESTS_ENGINE_PROBE_HPP

#include <cstdint>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "plugin/catalogue.hpp"

namespace forecastd::engine {

inline constexpr std::int64_t second = 1'000'000'000;

// What the algorithm was given, by all its models and series, in order.
struct Fed {
    std::int64_t time_s, step;
    double value;
    bool operator==(const Fed&) const = default;
};
inline std::vector<Fed> fed;
inline std::vector<std::int64_t> fed_local_steps;

// "probe", which expects the last value again, with a deviation of 1; the score is the distance from it. And "teller",
// which repeats the last value, and tells what it saw; it fails to tell at the value 13.
const plugin::Catalogue& catalogue();

struct ProbeParams {
    std::int64_t fail_at = 0;           // of a series' points; 0: none
    std::int64_t infinite_at = 0;       // an infinite score for this point
    std::int64_t forecast_fail_at = 0;  // no forecast behind it
    bool start_fails = false;           // no series can begin
};
config::ModelChoice probe(const ProbeParams& params = {});
}  // namespace forecastd::engine

#endif
