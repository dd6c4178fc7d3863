// How far a backtest is, on a terminal: the share that was read, how fast, and how long it will take.
//
// It writes to standard error directly, since what a command prints is held back to its end while plugins are loaded.
//
// Threads: one.
#ifndef FORECASTD_COMMANDS_BACKTEST_PROGRESS_HPP
#define FORECASTD_COMMANDS_BACKTEST_PROGRESS_HPP

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace forecastd::commands {

class BacktestProgress {
  public:
    explicit BacktestProgress(const std::vector<std::string>& files);

    // Twice a second at most.
    void show(std::uint64_t points, std::uint64_t bytes_read);
    void clear() const;

  private:
    using Clock = std::chrono::steady_clock;
    const bool is_shown_;
    const std::uint64_t bytes_;  // of all files; 0: not known
    const Clock::time_point begin_ = Clock::now();
    Clock::time_point shown_ = begin_;
    mutable bool has_text_ = false;
};

}  // namespace forecastd::commands

#endif
