// Messages on standard error, in the form that Telegraf takes: one line each, "E! " and so on before it.
//
// Telegraf stops reading standard error for good at a line of 64 KiB, and a full pipe would block us: so lines are
// capped, repeated kinds of message are limited in number, and a message that cannot be written at once is dropped.
// One thread.
#ifndef FORECASTD_PROCESS_LOG_HPP
#define FORECASTD_PROCESS_LOG_HPP

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "config/config.hpp"

namespace forecastd::process {

class Log {
  public:
    static constexpr std::size_t max_line_bytes = 2048;

    explicit Log(int fd, config::LogLevel level = config::LogLevel::warn) : fd_(fd), level_(level) {}
    void set_level(config::LogLevel level) { level_ = level; }

    // Writes one line; newlines in text become spaces.
    void write(config::LogLevel level, std::string_view text);

    // A kind of message that comes in floods: so many at once, then one for each interval, with a word about those that
    // were left out.
    class Limit {
      public:
        // Whether a message may be written now; skipped tells how many were not since the last one.
        bool allows(std::uint64_t& skipped);
        [[nodiscard]] std::uint64_t skipped() const { return skipped_; }

      private:
        using Clock = std::chrono::steady_clock;
        static constexpr double burst = 10;
        static constexpr std::chrono::duration<double> per_message{10};
        double allowance_ = burst;
        Clock::time_point last_ = Clock::now();
        std::uint64_t skipped_ = 0;
    };
    void write(config::LogLevel level, std::string_view text, Limit& limit);

  private:
    const int fd_;
    config::LogLevel level_;
};

}  // namespace forecastd::process

#endif
