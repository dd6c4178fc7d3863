#include "process/crash.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

namespace forecastd::process {
namespace {

// How one life tells the next: "SIGNAL NAME\n" for each crash; the number of a descriptor.
constexpr char crashes_variable[] = "FORECASTD_CRASHES";
constexpr char unanswered_variable[] = "FORECASTD_UNANSWERED";
constexpr int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// Everything that the handler needs is made before, since a handler may not allocate.
struct NextLife {
    const char* const volatile* at_work = nullptr;
    const std::string_view* unanswered = nullptr;
    std::string program;
    std::string command_line;  // the arguments, each ended by NUL
    std::vector<char*> arguments;
    std::vector<char*> environment;
    std::array<char, 4096> crashes{};  // "FORECASTD_CRASHES=..."
    std::size_t crashes_size = 0;
    std::array<char, 64> descriptor{};  // "FORECASTD_UNANSWERED=..."
    std::array<char, 64 << 10> stack{};
};
NextLife* next = nullptr;

// Appends text to a NUL-terminated array; false: it does not fit. Safe in a handler.
template <std::size_t room>
bool append(std::array<char, room>& to, std::size_t& size, std::string_view text) {
    if (size + text.size() >= room) return false;
    std::memcpy(to.data() + size, text.data(), text.size());
    size += text.size();
    to[size] = '\0';
    return true;
}

template <std::size_t room>
bool append(std::array<char, room>& to, std::size_t& size, int number) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return append(to, size, std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

// A file in memory with these bytes, to be read from its beginning; -1: it cannot be made.
int kept(std::string_view bytes) {
    const int file = ::memfd_create("unanswered", 0);
    while (file >= 0 && !bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written <= 0) return -1;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (file >= 0) ::lseek(file, 0, SEEK_SET);
    return file;
}

// Returns only if it fails.
void begin_anew(int signal, const char* plugin) {
    std::size_t& size = next->crashes_size;
    if (!append(next->crashes, size, signal) || !append(next->crashes, size, " ") ||
        !append(next->crashes, size, plugin) || !append(next->crashes, size, "\n"))
        return;
    const int file = kept(*next->unanswered);
    std::size_t descriptor_size = std::strlen(next->descriptor.data());
    if (file < 0 || !append(next->descriptor, descriptor_size, file)) return;
    ::alarm(0);  // a signal that nobody catches yet would end the next life
    ::execve(next->program.c_str(), next->arguments.data(), next->environment.data());
}

void on_crash(int signal) {
    if (const char* const plugin = *next->at_work) begin_anew(signal, plugin);
    ::raise(signal);  // its handler is gone: this ends the process
}

std::string taken(const char* variable) {
    const char* const value = std::getenv(variable);
    std::string text = value ? value : "";
    ::unsetenv(variable);
    return text;
}

std::string read_all(const char* file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void handle(void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    // On a stack of its own, since the plugin's may have run over; and not blocked, since a blocked signal would stay
    // so in the next life.
    action.sa_flags = static_cast<int>(SA_ONSTACK | SA_NODEFER | SA_RESETHAND);
    for (const int signal : deadly) ::sigaction(signal, &action, nullptr);
}

}  // namespace

std::string Crash::text() const { return "plugin '" + plugin + "' crashed (" + ::strsignal(signal) + ")"; }

EarlierLives take_over() {
    EarlierLives lives;
    const std::string crashes = taken(crashes_variable);
    for (std::size_t at = 0, end = 0; (end = crashes.find('\n', at)) != std::string::npos; at = end + 1) {
        const std::string line = crashes.substr(at, end - at);
        const std::size_t space = line.find(' ');
        if (space == std::string::npos) continue;
        lives.crashes.push_back({std::atoi(line.c_str()), line.substr(space + 1)});
    }
    const std::string descriptor = taken(unanswered_variable);
    if (descriptor.empty()) return lives;
    lives.unanswered = read_all(("/proc/self/fd/" + descriptor).c_str());
    ::close(std::atoi(descriptor.c_str()));
    return lives;
}

void outlive_crashes(const char* const volatile* at_work, const std::string_view* unanswered,
                     const std::vector<Crash>& earlier) {
    static NextLife life;
    next = &life;
    life.at_work = at_work;
    life.unanswered = unanswered;
    std::array<char, 4096> path{};
    const ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
    life.program = length > 0 ? path.data() : "/proc/self/exe";
    life.command_line = read_all("/proc/self/cmdline");
    for (std::size_t at = 0; at < life.command_line.size(); at += std::strlen(&life.command_line[at]) + 1)
        life.arguments.push_back(&life.command_line[at]);
    life.arguments.push_back(nullptr);
    append(life.crashes, life.crashes_size, std::string(crashes_variable) + "=");
    for (const Crash& crash : earlier)
        append(life.crashes, life.crashes_size, std::to_string(crash.signal) + " " + crash.plugin + "\n");
    std::size_t size = 0;
    append(life.descriptor, size, std::string(unanswered_variable) + "=");
    for (char** variable = environ; *variable; ++variable) life.environment.push_back(*variable);
    life.environment.insert(life.environment.end(), {life.crashes.data(), life.descriptor.data(), nullptr});
    stack_t stack{};
    stack.ss_sp = life.stack.data();
    stack.ss_size = life.stack.size();
    ::sigaltstack(&stack, nullptr);
    handle(on_crash);
}

void crashes_are_deadly() { handle(SIG_DFL); }

}  // namespace forecastd::process
