// How times are taken: in a child process, several runs one after the other, each with a limit on its time.
//
// Threads: the main thread.
#ifndef FORECASTD_VERIFY_MEASURING_HPP
#define FORECASTD_VERIFY_MEASURING_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/expected.hpp"
#include "config/config.hpp"
#include "verify/in_child.hpp"
#include "verify/rig.hpp"
#include "verify/timed_series.hpp"

namespace forecastd::verify {

// What is measured, and how thoroughly.
struct Setting {
    const Rig& rig;
    config::ModelChoice choice;
    std::size_t series = 10'000;  // in the measurement that takes many in turn
    std::size_t runs = 5;
    bool in_process = false;
    Limits limits{};
    std::chrono::nanoseconds most_a_run = std::chrono::seconds(1);

    // What one run, or learning beforehand, may take, so that a slow plugin is measured within the limit.
    [[nodiscard]] std::chrono::nanoseconds of_a_run() const {
        const std::chrono::nanoseconds all = limits.time;
        return std::min(most_a_run, all / (4 * static_cast<std::int64_t>(runs)));
    }
    [[nodiscard]] std::chrono::nanoseconds to_learn() const { return limits.time / 8; }
};

using Numbers = std::vector<double>;

// Runs a measurement in a child process. The error is a sentence without its full stop: how it went wrong.
Expected<Numbers> measured(const std::function<Numbers()>& measure, const Setting& setting);

// In that process. The model of a setting. Broken: it is refused.
std::unique_ptr<plugin::Model> model_of(const Setting& setting);

// The greatest number of steps among its parameters, such as the length of a window; 0: it has none.
std::int64_t greatest_steps(const config::ModelChoice& choice);

// Lets the first of the series learn usual points: 500, or twice as many as the greatest number of steps among its
// parameters, so that its windows are full, up to 200,000; fewer if it takes too long. How many there were.
std::size_t learn(const Setting& setting, TimedSeries& series, std::chrono::nanoseconds time);

// Nanoseconds an item, one number for each run. A run takes `rounds` rounds of `items_a_round` items; fewer if they take too
// long. prepare is called before each run, and its time does not count.
Numbers timed(const Setting& setting, std::size_t rounds, std::size_t items_a_round,
              const std::function<void()>& prepare, const std::function<void(std::size_t)>& round);

}  // namespace forecastd::verify

#endif
