#include "process/log.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>

#include "text/escaped.hpp"

namespace forecastd::process {
namespace {

std::string_view prefix_of(config::LogLevel level) {
    switch (level) {
        case config::LogLevel::error:
            return "E! ";
        case config::LogLevel::warn:
            return "W! ";
        case config::LogLevel::info:
            return "I! ";
        case config::LogLevel::debug:
            break;
    }
    return "D! ";
}

// Whether this byte is behind the first one of a character in UTF-8.
bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

void Log::write(config::LogLevel level, std::string_view text) {
    if (level > level_) return;
    std::string line(prefix_of(level));
    // What does not fit need not be escaped; a character must not be cut.
    text::append_escaped(line, text.substr(0, max_line_bytes));
    constexpr std::string_view cut = " ... (cut)";
    if (line.size() >= max_line_bytes) {
        std::size_t size = max_line_bytes - cut.size() - 1;
        while (is_continuation(line[size])) --size;
        line.replace(size, std::string::npos, cut);
    }
    line += '\n';
    pollfd writable{fd_, POLLOUT, 0};
    if (::poll(&writable, 1, 0) != 1 || !(writable.revents & POLLOUT)) return;
    // If this fails, there is nobody left to tell.
    [[maybe_unused]] const ssize_t written = ::write(fd_, line.data(), line.size());
}

void Log::write(config::LogLevel level, std::string_view text, Limit& limit) {
    std::uint64_t skipped = 0;
    if (level > level_ || !limit.allows(skipped)) return;
    std::string line(text);
    if (skipped > 0)
        line += " (" + std::to_string(skipped) + " more such messages were left out before this one)";
    write(level, line);
}

bool Log::Limit::allows(std::uint64_t& skipped) {
    const Clock::time_point now = Clock::now();
    allowance_ = std::min(burst, allowance_ + (now - last_) / per_message);
    last_ = now;
    if (allowance_ < 1) {
        ++skipped_;
        return false;
    }
    allowance_ -= 1;
    skipped = skipped_;
    skipped_ = 0;
    return true;
}

}  // namespace forecastd::process
