#include "process/crash.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "base/program_file.hpp"
#include "process/fork.hpp"
#include "process/private_streams.hpp"
#include "process/stop.hpp"
#include "process/watchdog.hpp"

namespace forecastd::process {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
constexpr int requests[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR2, SIGALRM};  // see process/stop.hpp
int overdue() { return SIGRTMIN; }  // the watchdog's signal to the main thread

// Everything that the handlers need is made before, since a handler may not allocate.
struct NextLife {
    Watched watched{};
    Handover handover;
    pid_t process = 0;
    std::string program, directory;
    char** arguments = nullptr;
    std::vector<char*> environment;
    std::array<char, 64> variable{};  // "FORECASTD_HANDOVER=..."
    std::string crashes;
    std::size_t crash_count = 0;
    std::atomic<std::uint64_t> overdue_call = 0;
    std::atomic<int> deadline_ms = 0;
    std::atomic<bool> begins = false;  // one handler is at it
    bool core = false;
    bool leaves_alone = false;                      // crashes are left to the system
    std::atomic<int> exit_code = -1;                // -1: there is something left to do
    int state_file = -1;                            // of the life before, until it is taken over
    alignas(16) std::array<char, 1 << 20> stack{};  // plugins save on it
    Clock::time_point handlers_due;
};
NextLife* next = nullptr;  // nullptr: crashes are deadly

void set_default(int signal) {
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    ::sigaction(signal, &action, nullptr);
}

void unblock(const sigset_t& signals) { ::sigprocmask(SIG_UNBLOCK, &signals, nullptr); }

bool in_call() { return next->watched.calls->load(std::memory_order_relaxed) % 2 == 1; }

// Whether this is the process that began, and not one that a plugin has forked.
bool is_own_process() { return next && ::getpid() == next->process; }

// Ends a copy of this process by the signal, so that its core file shows the crash. The copy, if it left one;
// else 0.
int dump_core(int signal) {
    const pid_t copy = fork_without_handlers();
    if (copy == 0) {
        set_default(signal);
        sigset_t none;
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        ::kill(::getpid(), signal);
        ::syscall(SYS_exit_group, 1);
    }
    int status = 0;
    while (copy > 0 && ::waitpid(copy, &status, 0) < 0 && errno == EINTR) {
    }
    return copy > 0 && WIFSIGNALED(status) && WCOREDUMP(status) ? copy : 0;
}

void sleep_ms(long ms) {
    const timespec time{0, ms * 1'000'000};
    ::nanosleep(&time, nullptr);
}

// Waits for a copy that writes to a file, for as long as that grows. After a signal to stop, a second at most.
void wait_for_copy(pid_t copy, int file) {
    constexpr long look_ms = 5, patience_ms = 2000, patience_when_stopping_ms = 1000;
    off_t size = 0;
    long waited_ms = 0;
    for (long since_growth_ms = 0; ::waitpid(copy, nullptr, WNOHANG) == 0; since_growth_ms += look_ms) {
        struct stat status {};
        if (::fstat(file, &status) == 0 && status.st_size != size) {
            size = status.st_size;
            since_growth_ms = 0;
        }
        if (since_growth_ms > patience_ms || (stop_requested() && waited_ms > patience_when_stopping_ms)) {
            ::kill(copy, SIGKILL);
            ::waitpid(copy, nullptr, 0);
            return;
        }
        sleep_ms(look_ms);
        waited_ms += look_ms;
    }
}

// A file with what the series have learned; -1: there is none. Its writer may have crashed: it is read with
// care.
int save_state(const CallSubject& of) {
    if (next->state_file >= 0) {  // the crash came before it was taken over
        ::lseek(next->state_file, 0, SEEK_SET);
        return next->state_file;
    }
    if (!next->watched.save) return -1;
    const int file = ::memfd_create("forecastd-state", 0);
    if (file < 0) return -1;
    const pid_t copy = fork_without_handlers();
    if (copy == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        next->watched.save(file, of);
        ::syscall(SYS_exit_group, 0);
    }
    if (copy > 0) wait_for_copy(copy, file);
    if (::lseek(file, 0, SEEK_END) > 0 && ::lseek(file, 0, SEEK_SET) == 0) return file;
    ::close(file);
    return -1;
}

// The last steps, with what is handed over in a file. Returns only if they fail.
void execute_again(int handover_file) {
    char* const number = next->variable.data() + sizeof handover_variable;  // behind the "="
    char* const end = next->variable.data() + next->variable.size() - 1;
    std::memset(number, 0, static_cast<std::size_t>(end - number));
    std::to_chars(number, end, handover_file);
    // A request that nobody catches yet would end the next life; it unblocks them.
    sigset_t blocked;
    ::sigemptyset(&blocked);
    for (const int signal : requests) ::sigaddset(&blocked, signal);
    ::sigprocmask(SIG_SETMASK, &blocked, nullptr);
    ::alarm(0);
    make_streams_public();
    [[maybe_unused]] const int there = ::chdir(next->directory.c_str());
    ::execve(next->program.c_str(), next->arguments, next->environment.data());
    ::execve("/proc/self/exe", next->arguments, next->environment.data());
}

Handover handover_now() {
    Handover handover = next->handover;
    handover.stop_ticks = stop_requested() ? stop_time().time_since_epoch().count() : 0;
    if (next->watched.unanswered) handover.unanswered = *next->watched.unanswered;
    if (next->watched.answered) handover.answered = next->watched.answered();
    return handover;
}

std::int64_t steady_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec;
}

// Executes the program again. Returns only if that fails. Safe in a signal handler, and on the watchdog's
// thread.
void begin_again(CrashFacts::Kind kind, int number, int core_signal) {
    if (next->begins.exchange(true)) return;
    for (const int signal : deadly) set_default(signal);
    const char* const plugin = next->watched.plugin->load(std::memory_order_relaxed);
    if (!plugin) return;
    if (const int code = next->exit_code; code >= 0) ::syscall(SYS_exit_group, code);
    const int core = next->core ? dump_core(core_signal) : 0;

    Handover handover = handover_now();
    const bool called = in_call();
    const CallSubject of = called && next->watched.subject ? next->watched.subject() : CallSubject{};
    handover.state_file = save_state(of);
    const NewCrash crash{{kind, number, called, core, handover.stop_ticks != 0, of.subject, steady_seconds()},
                         {plugin, of.pipeline, of.key, of.field}};
    if (const int file = write_handover(handover, &crash); file >= 0) execute_again(file);
}

void on_crash(int signal, siginfo_t* info, void*) {
    const bool was_sent = info->si_code <= 0;  // by kill, raise, abort and the like, not by the processor
    if (is_own_process() && (!was_sent || info->si_pid == next->process))
        begin_again(CrashFacts::Kind::signal, signal, signal);
    set_default(signal);
    ::raise(signal);
}

// On the main thread, if it gets there.
void on_overdue(int) {
    if (is_own_process() && next->watched.calls->load() == next->overdue_call.load())
        begin_again(CrashFacts::Kind::deadline, next->deadline_ms, SIGABRT);
}

void on_exit_in_call(int code) {
    if (is_own_process() && in_call() && !next->leaves_alone)
        begin_again(CrashFacts::Kind::exit, code, SIGABRT);
}

void install(int signal) {
    struct sigaction action {};
    // On a stack of its own, since the plugin's may have run over; and not blocked, since a blocked signal
    // would stay so in the next life.
    if (signal == overdue()) {
        action.sa_handler = on_overdue;
        action.sa_flags = SA_ONSTACK | SA_NODEFER | SA_RESTART;
    } else {
        action.sa_sigaction = on_crash;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    }
    ::sigaction(signal, &action, nullptr);
}

// True: it was another one's.
bool take_back(int signal) {
    struct sigaction found {};
    ::sigaction(signal, nullptr, &found);
    const bool own = signal == overdue()
                         ? found.sa_handler == on_overdue
                         : (found.sa_flags & SA_SIGINFO) != 0 && found.sa_sigaction == on_crash;
    if (!own) install(signal);
    return !own;
}

void install_all() {
    stack_t stack{};
    stack.ss_sp = next->stack.data();
    stack.ss_size = next->stack.size();
    ::sigaltstack(&stack, nullptr);
    for (const int signal : deadly) install(signal);
    install(overdue());
}

// What main() gets, which the C library also gives to functions that run before it.
char** own_arguments = nullptr;
__attribute__((constructor)) void keep_arguments(int, char** arguments, char**) { own_arguments = arguments; }

}  // namespace

void outlive_crashes(const Watched& watched, const EarlierLives& earlier, Crashes crashes) {
    static NextLife life;
    life.watched = watched;
    life.leaves_alone = crashes == Crashes::left_alone;
    prepare_fork();
    life.process = ::getpid();
    life.program = program_file().native();
    std::array<char, PATH_MAX> directory{};
    life.directory = ::getcwd(directory.data(), directory.size()) ? directory.data() : "/";
    life.arguments = own_arguments;
    for (char** variable = environ; *variable; ++variable) life.environment.push_back(*variable);
    const std::string variable = std::string(handover_variable) + "=";
    variable.copy(life.variable.data(), life.variable.size() - 1);
    life.environment.insert(life.environment.end(), {life.variable.data(), nullptr});
    for (const Crash& crash : earlier.crashes) life.crashes += crash.record();
    life.crash_count = earlier.crashes.size();
    life.handover = {life.crashes, earlier.reported, 0, watched.carried, {}, {}, -1};
    life.state_file = earlier.state_file;
    next = &life;
    if (earlier.stop_time) request_stop(*earlier.stop_time);

    sigset_t unblocked;
    ::sigemptyset(&unblocked);
    for (const int signal : requests) ::sigaddset(&unblocked, signal);
    if (life.leaves_alone) return unblock(unblocked);
    ::on_exit([](int code, void*) { on_exit_in_call(code); }, nullptr);
    ::at_quick_exit([] { on_exit_in_call(0); });
    install_all();
    for (const int signal : deadly) ::sigaddset(&unblocked, signal);
    unblock(unblocked);
}

void set_call_deadline(std::chrono::nanoseconds deadline) {
    if (!next || next->leaves_alone) return;
    const pthread_t main = ::pthread_self();
    const auto nudge = [main](std::uint64_t call, std::chrono::milliseconds lasted) {
        next->overdue_call = call;
        next->deadline_ms = static_cast<int>(lasted.count());
        ::pthread_kill(main, overdue());
    };
    // The main thread does not react: it has blocked the signal, or given it another handler.
    const auto force = [] { begin_again(CrashFacts::Kind::deadline, next->deadline_ms, SIGABRT); };
    watch_calls(*next->watched.calls, deadline, nudge, force);
}

void leave_core_files() {
    if (!next) return;
    next->core = true;
    rlimit limit{};
    if (::getrlimit(RLIMIT_CORE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_CORE, &limit);
}

void state_was_taken_over() {
    if (!next || next->state_file < 0) return;
    ::close(next->state_file);
    next->state_file = -1;
}

std::string program_to_execute() { return next ? next->program : program_file().native(); }

void begin_again_on_request(int state_file) {
    if (!next) return;
    Handover handover = handover_now();
    handover.state_file = state_file;
    const int file = write_handover(handover, nullptr);
    if (file < 0) return;
    execute_again(file);
    const int error = errno;
    ::close(file);
    make_streams_private();
    restore_signals();
    errno = error;
}

void crashes_were_reported() {
    if (next) next->handover.reported = next->crash_count;
}

int restore_signals() {
    if (!next) return 0;
    sigset_t unblocked;
    ::sigemptyset(&unblocked);
    for (const int signal : requests) ::sigaddset(&unblocked, signal);
    if (next->leaves_alone) {
        unblock(unblocked);
        return 0;
    }
    for (const int signal : deadly) ::sigaddset(&unblocked, signal);
    ::sigaddset(&unblocked, overdue());
    unblock(unblocked);
    const Clock::time_point now = Clock::now();
    if (now < next->handlers_due) return 0;
    next->handlers_due = now + std::chrono::seconds(1);
    int replaced = 0;
    for (const int signal : deadly)
        if (take_back(signal)) replaced = signal;
    take_back(overdue());
    return replaced;
}

void nothing_is_left(int exit_code) {
    if (next) next->exit_code = exit_code;
}

void crashes_are_deadly() {
    stop_watching_calls();
    if (!next) return;
    for (const int signal : deadly)
        if (!next->leaves_alone) set_default(signal);
    next = nullptr;
}

}  // namespace forecastd::process

// A plugin that calls these gets them from here, since a symbol of the program goes before one of the C
// library.
#define FORECASTD_INSTEAD_OF_LIBC extern "C" __attribute__((visibility("default")))

FORECASTD_INSTEAD_OF_LIBC void _exit(int code) {
    forecastd::process::on_exit_in_call(code);
    ::syscall(SYS_exit_group, code);
    __builtin_unreachable();
}

FORECASTD_INSTEAD_OF_LIBC void _Exit(int code) noexcept { _exit(code); }
