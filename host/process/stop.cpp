#include "process/stop.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace forecastd::process {
namespace {

std::atomic<bool> requested = false;
int pipe_ends[2] = {-1, -1};

// A write that began to block just before the signal would not notice it, so the alarm repeats it every second.
void on_signal(int) {
    requested = true;
    [[maybe_unused]] const ssize_t written = ::write(pipe_ends[1], "", 1);
    ::alarm(1);
}

}  // namespace

void catch_stop_signals() {
    if (::pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0) pipe_ends[0] = pipe_ends[1] = -1;
    struct sigaction action {};
    action.sa_handler = on_signal;  // without SA_RESTART: blocking calls return
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGALRM, &action, nullptr);
    action.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &action, nullptr);
}

bool stop_requested() { return requested; }

int stop_descriptor() { return pipe_ends[0]; }

}  // namespace forecastd::process
