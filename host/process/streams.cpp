#include "process/streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <initializer_list>
#include <thread>

#include "process/stop.hpp"

namespace forecastd::process {
namespace {

using Clock = std::chrono::steady_clock;

bool is_pipe(int fd) {
    struct stat status {};
    return ::fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

// More bytes in flight mean fewer switches between the two processes. The system may allow less.
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

void open_standard_streams() {
    // The lowest free descriptor is the one that is missing, since those below it are open.
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            ::open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY);
}

Input::Input(int fd) : fd_(fd) { widen(fd); }

// Event::timeout: no, there is nothing to read after all.
Input::Event Input::read_now(std::span<char> space, std::size_t& count) {
    const ssize_t got = ::read(fd_, space.data(), space.size());
    if (got < 0) return errno == EINTR || errno == EAGAIN ? Event::timeout : Event::failed;
    count = static_cast<std::size_t>(got);
    return got > 0 ? Event::data : Event::end;
}

Input::Event Input::read(std::span<char> space, std::size_t& count, Clock::time_point deadline) {
    for (;;) {
        if (stop_requested()) return Event::stop;
        pollfd watched[2] = {{fd_, POLLIN, 0}, {stop_descriptor(), POLLIN, 0}};
        const int ready = ::poll(watched, 2, milliseconds_until(deadline));
        if (ready < 0 && errno != EINTR) return Event::failed;
        if (ready < 0) continue;
        if (ready == 0) {
            if (Clock::now() >= deadline) return Event::timeout;
            continue;
        }
        if (watched[1].revents != 0) {
            if (take_reload_request()) return Event::reload;
            continue;
        }
        const Event event = read_now(space, count);
        if (event != Event::timeout) return event;
    }
}

Input::Event Input::read_rest(std::span<char> space, std::size_t& count) {
    const Clock::time_point give_up = std::min(Clock::now() + quiet, stop_time() + stop_limit);
    for (;;) {
        pollfd readable{fd_, POLLIN, 0};
        const int ready = ::poll(&readable, 1, milliseconds_until(give_up));
        if (ready < 0 && errno != EINTR) return Event::failed;
        if (Clock::now() >= give_up) return Event::timeout;
        if (ready <= 0) continue;
        const Event event = read_now(space, count);
        if (event != Event::timeout) return event;
    }
}

std::size_t Input::unread_bytes() const {
    int waiting = 0;
    return ::ioctl(fd_, FIONREAD, &waiting) == 0 && waiting > 0 ? static_cast<std::size_t>(waiting) : 0;
}

Output::Output(int fd) : fd_(fd) { widen(fd); }

bool Output::write(std::string_view bytes) {
    while (!bytes.empty()) {
        std::size_t size = bytes.size();
        if (stop_requested()) {
            // A pipe that is writable takes this much at once, so that nothing blocks beyond the limit.
            size = std::min<std::size_t>(size, PIPE_BUF);
            pollfd writable{fd_, POLLOUT, 0};
            const int ready = ::poll(&writable, 1, milliseconds_until(stop_time() + stop_limit));
            if (ready == 0) {
                errno = ETIMEDOUT;
                return false;
            }
            if (ready < 0) continue;
        }
        const ssize_t written = ::write(fd_, bytes.data(), size);
        if (written > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (written < 0 && errno == EAGAIN) {
            pollfd writable{fd_, POLLOUT, 0};
            ::poll(&writable, 1, 100);
        } else if (written < 0 && errno != EINTR) {
            return false;
        }
    }
    return true;
}

void Output::drain() const {
    if (!is_pipe(fd_)) return;
    const Clock::time_point give_up = Clock::now() + patience;
    int waiting = 0;
    while (::ioctl(fd_, FIONREAD, &waiting) == 0 && waiting > 0) {
        const Clock::time_point now = Clock::now();
        if (now >= give_up || (stop_requested() && now >= stop_time() + stop_limit)) return;
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
