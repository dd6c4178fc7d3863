// The program that is installed now, run beside this process with arguments of its own: to see whether it works,
// and what it says of a config.
//
// It gets no input, its output is discarded, and what it writes to standard error is kept, up to a bound. It
// never holds up the caller.
//
// Threads: one at a time.
#ifndef FORECASTD_PROCESS_SIDE_RUN_HPP
#define FORECASTD_PROCESS_SIDE_RUN_HPP

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.hpp"

namespace forecastd::process {

class SideRun {
  public:
    using Clock = std::chrono::steady_clock;

    SideRun() = default;
    ~SideRun();
    SideRun(const SideRun&) = delete;
    SideRun& operator=(const SideRun&) = delete;

    // program: its path. An error: it cannot be started.
    Expected<void> begin(const std::string& program, const std::vector<std::string>& arguments);
    [[nodiscard]] bool is_under_way() const { return child_ > 0; }

    struct End {
        bool succeeded = false;  // exit code 0
        std::string how;         // "ended with exit code 1"
        std::string messages;    // its standard error
    };
    // nullopt: it goes on, or there is none. One that takes longer than `patience` is ended.
    std::optional<End> poll();

    static constexpr std::chrono::seconds patience{60};
    static constexpr std::size_t most_messages = 16 << 10;  // bytes

  private:
    void read();
    void stop();

    pid_t child_ = -1;
    int messages_fd_ = -1;
    std::string messages_;
    Clock::time_point began_;
};

}  // namespace forecastd::process

#endif
