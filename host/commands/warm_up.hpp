// `forecastd check`: when a pipeline's first forecast, score and alarm come, as tried on a made-up series.
//
// It stops after a few seconds for all pipelines of a config together, however slow their plugins are. The text then says
// what was not found.
//
// Threads: the main thread.
#ifndef FORECASTD_COMMANDS_WARM_UP_HPP
#define FORECASTD_COMMANDS_WARM_UP_HPP

#include <chrono>
#include <cstdint>
#include <string>

#include "config/config.hpp"
#include "rehearsal/rehearsal.hpp"

namespace forecastd::commands {

class WarmUp {
  public:
    // The interval that a series is made up with where none is known.
    static constexpr std::int64_t usual_interval_ns = 10'000'000'000;

    explicit WarmUp(const config::Config& config);

    [[nodiscard]] rehearsal::Found of(const config::Pipeline& pipeline, std::int64_t interval_ns) const;

  private:
    const config::Config& config_;
    std::chrono::steady_clock::time_point end_;
};

// "first forecast at point 2 (10s after the first), first score at point 32 (5m10s), ..."
std::string in_words(const config::Pipeline& pipeline, const rehearsal::Found& found);

}  // namespace forecastd::commands

#endif
