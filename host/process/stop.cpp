#include "process/stop.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <initializer_list>
#include <limits>

namespace forecastd::process {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Clock::rep never = std::numeric_limits<Clock::rep>::max();
static_assert(std::atomic<Clock::rep>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

std::atomic<Clock::rep> stop_ticks = never;
std::atomic<bool> reload_requested = false;
int pipe_ends[2] = {-1, -1};

void note_stop(Clock::time_point time) {
    Clock::rep none = never;
    stop_ticks.compare_exchange_strong(none, time.time_since_epoch().count());
}

// Async-signal-safe, as are the handlers below.
void wake() {
    const int saved_errno = errno;
    [[maybe_unused]] const ssize_t written = ::write(pipe_ends[1], "", 1);
    errno = saved_errno;
}

// A write that began to block just before the signal would not notice it, so the alarm interrupts it once a
// second.
void on_stop(int) {
    note_stop(Clock::now());
    wake();
    ::alarm(1);
}

void on_alarm(int) {
    if (!stop_requested()) return;
    wake();
    ::alarm(1);
}

void on_reload(int) {
    reload_requested = true;
    wake();
}

void handle(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;  // without SA_RESTART: blocking calls return
    ::sigaction(signal, &action, nullptr);
    if (handler == SIG_IGN) return;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace

void catch_stop_signals() {
    if (::pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0) pipe_ends[0] = pipe_ends[1] = -1;
    handle(SIGPIPE, SIG_IGN);
    handle(SIGXFSZ, SIG_IGN);
    handle(SIGALRM, on_alarm);
    for (const int signal : {SIGTERM, SIGINT}) handle(signal, on_stop);
}

void catch_reload_signal() {
    for (const int signal : {SIGHUP, SIGUSR2}) handle(signal, on_reload);
}

bool stop_requested() { return stop_ticks != never; }

Clock::time_point stop_time() { return Clock::time_point(Clock::duration(stop_ticks)); }

void request_stop(Clock::time_point time) {
    note_stop(time);
    wake();
}

// The handler sets the flag before it writes, so a byte that is read here never takes a later request along.
// A byte without a flag may be left, if the handler ran on another thread; it wakes the reader once more.
bool take_reload_request() {
    char bytes[64];
    while (!stop_requested() && ::read(pipe_ends[0], bytes, sizeof bytes) > 0) continue;
    return reload_requested.exchange(false);
}

int stop_descriptor() { return pipe_ends[0]; }

}  // namespace forecastd::process
