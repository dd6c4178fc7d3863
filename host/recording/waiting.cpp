#include "recording/waiting.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "process/stop.hpp"

namespace forecastd::recording {
namespace {

using Clock = std::chrono::steady_clock;

bool can_be_closed(int fd) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return false;
    return S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) || ::isatty(fd) == 1;
}

bool at_end_after_reading(int fd) {
    char thrown_away[4096];
    const ssize_t count = ::read(fd, thrown_away, sizeof thrown_away);
    return count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN);
}

}  // namespace

Waiting::Waiting(bool heed_input) : heed_input_(heed_input && can_be_closed(STDIN_FILENO)) {}

Woken Waiting::sleep(std::chrono::nanoseconds time) {
    const Clock::time_point end = Clock::now() + time;
    for (;;) {
        const auto left = std::max<std::chrono::nanoseconds>(end - Clock::now(), {});
        const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
        const timespec timeout{seconds.count(), (left - seconds).count()};
        pollfd watched[3] = {{heed_input_ ? STDIN_FILENO : -1, POLLIN, 0},
                             {process::stop_descriptor(), POLLIN, 0},
                             {STDOUT_FILENO, 0, 0}};
        const int ready = ::ppoll(watched, 3, &timeout, nullptr);
        if (process::stop_requested()) return Woken::stop;
        if (ready == 0) return Woken::in_time;
        if (ready < 0) continue;
        if (watched[2].revents != 0) return Woken::output_closed;
        if (watched[0].revents != 0 && at_end_after_reading(STDIN_FILENO)) return Woken::input_closed;
    }
}

}  // namespace forecastd::recording
