// Messages on standard error, in the form that Telegraf expects: one line each, with "E! ", "W! ", "I! " or
// "D! " in front.
//
// Telegraf stops reading standard error for good at a line of 64 KiB, and a full pipe would block the
// program: so lines are cut, messages that come in floods are limited in number, and a message that cannot be
// written at once is dropped. Messages may hold text from the data: control characters never get through (see
// text/escaped.hpp). One thread.
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

    // Writes one line of at most max_line_bytes, with text escaped.
    void write(config::LogLevel level, std::string_view text);

    // For a kind of message that comes in floods: 10 at once, then one in 10 s, which says how many were left
    // out.
    class Limit {
      public:
        // Whether a message may be written now; then skipped is the number of those left out before it.
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
