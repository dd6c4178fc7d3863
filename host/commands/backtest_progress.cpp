#include "commands/backtest_progress.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "commands/figures.hpp"
#include "process/private_streams.hpp"

namespace forecastd::commands {
namespace {

// 0: one of them has no size.
std::uint64_t size_of(const std::vector<std::string>& files) {
    std::uint64_t bytes = 0;
    for (const std::string& file : files) {
        struct stat about {};
        const int result =
            file == "-" ? ::fstat(process::standard_input(), &about) : ::stat(file.c_str(), &about);
        if (result != 0 || !S_ISREG(about.st_mode)) return 0;
        bytes += static_cast<std::uint64_t>(about.st_size);
    }
    return bytes;
}

void write(const std::string& text) {
    // It is shown again soon: what could not be written is no loss.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

BacktestProgress::BacktestProgress(const std::vector<std::string>& files)
    : is_shown_(::isatty(STDERR_FILENO) == 1), bytes_(size_of(files)) {}

void BacktestProgress::show(std::uint64_t points, std::uint64_t bytes_read) {
    constexpr std::chrono::milliseconds every(500);
    if (!is_shown_) return;
    const Clock::time_point now = Clock::now();
    if (now - shown_ < every) return;
    shown_ = now;
    has_text_ = true;
    const double seconds = std::chrono::duration<double>(now - begin_).count();
    std::string text = "\r\x1b[K" + std::to_string(points) + " points, " +
                       formatted("%.3g", static_cast<double>(points) / seconds) + " a second";
    if (bytes_ > 0 && bytes_read > 0) {
        const double share = std::min(static_cast<double>(bytes_read) / static_cast<double>(bytes_), 1.0);
        text += formatted("; %.0f %%, ", 100 * share) + short_duration(seconds / share - seconds) + " left";
    }
    write(text);
}

void BacktestProgress::clear() const {
    if (has_text_) write("\r\x1b[K");
    has_text_ = false;
}

}  // namespace forecastd::commands
