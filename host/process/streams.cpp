#include "process/streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "process/stop.hpp"

namespace forecastd::process {
namespace {

using Clock = std::chrono::steady_clock;

bool is_pipe(int fd) {
    struct stat status {};
    return ::fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

// Room for more bytes in flight means fewer changes between the two processes. A wish: the limit of the system may
// be lower.
void widen(int fd) {
    constexpr int bytes = 1 << 20;
    if (is_pipe(fd)) ::fcntl(fd, F_SETPIPE_SZ, bytes);
}

int milliseconds_until(Clock::time_point deadline) {
    if (deadline == Clock::time_point::max()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

}  // namespace

Input::Input(int fd) : fd_(fd) { widen(fd); }

Input::Event Input::read(std::span<char> space, std::size_t& count, Clock::time_point deadline) {
    for (;;) {
        pollfd watched[2] = {{fd_, POLLIN, 0}, {stop_descriptor(), POLLIN, 0}};
        const int ready = ::poll(watched, 2, milliseconds_until(deadline));
        if (stop_requested()) return Event::stop;
        if (ready < 0 && errno != EINTR) return Event::failed;
        if (ready <= 0) {
            if (Clock::now() >= deadline) return Event::timeout;
            continue;
        }
        const ssize_t got = ::read(fd_, space.data(), space.size());
        if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (got < 0) return Event::failed;
        count = static_cast<std::size_t>(got);
        return got > 0 ? Event::data : Event::end;
    }
}

Output::Output(int fd) : fd_(fd) { widen(fd); }

bool Output::write(std::string_view bytes) {
    Clock::time_point give_up = Clock::time_point::max();
    while (!bytes.empty()) {
        if (stop_requested() && give_up == Clock::time_point::max()) give_up = Clock::now() + patience;
        const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
        if (written > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
            continue;
        }
        if (written < 0 && errno != EINTR && errno != EAGAIN) return false;
        if (Clock::now() >= give_up) {
            errno = ETIMEDOUT;
            return false;
        }
        pollfd writable{fd_, POLLOUT, 0};
        ::poll(&writable, 1, 100);
    }
    return true;
}

void Output::drain() const {
    if (!is_pipe(fd_)) return;
    const Clock::time_point give_up = Clock::now() + patience;
    int waiting = 0;
    while (::ioctl(fd_, FIONREAD, &waiting) == 0 && waiting > 0 && Clock::now() < give_up) {
        pollfd gone{fd_, 0, 0};
        if (::poll(&gone, 1, 0) == 1 && (gone.revents & POLLERR)) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

void Output::hand_over() const {
    drain();
    if (!is_pipe(fd_)) return;
    ::close(fd_);
    ::close(STDERR_FILENO);
    std::this_thread::sleep_for(farewell);
}

}  // namespace forecastd::process
