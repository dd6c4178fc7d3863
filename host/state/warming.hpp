// Recorded points that are learned from beside the flow: a child process does what history.hpp does, and leaves its
// series as a snapshot in a file in memory, while points come and are answered. Then the series go on with what it
// has learned, those that have not learned more themselves.
//
// A plugin that crashes, or a signal, ends the child alone.
//
// Thread: the main thread.
#ifndef FORECASTD_STATE_WARMING_HPP
#define FORECASTD_STATE_WARMING_HPP

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "engine/engine.hpp"
#include "state/directory.hpp"

namespace forecastd::state {

class Warming {
  public:
    using Tell = std::function<void(config::LogLevel, const std::string&)>;

    Warming() = default;
    ~Warming();
    Warming(const Warming&) = delete;
    Warming& operator=(const Warming&) = delete;

    // tell: used by the child too. An error: it cannot be begun.
    Expected<void> begin(const config::Config& config, const std::vector<std::string>& files,
                         const Tell& tell);
    [[nodiscard]] bool is_under_way() const { return child_ > 0; }
    // Once the child has ended, gives what it has learned to the engine: the number of series, or a sentence.
    // nullopt: it goes on, or there is none.
    std::optional<Expected<std::uint64_t>> poll(engine::Engine& engine);
    // Ends it.
    void abandon();

  private:
    pid_t child_ = -1;
    Descriptor file_;
};

}  // namespace forecastd::state

#endif
