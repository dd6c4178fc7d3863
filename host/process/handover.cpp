#include "process/handover.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "version.hpp"

namespace forecastd::process {
namespace {

struct Head {
    std::array<char, 32> version;  // of the program
    std::uint64_t reported;
    std::int64_t stop_ticks;
    std::uint64_t crashes_size, carried_size, unanswered_size;
};

std::array<char, 32> own_version() {
    std::array<char, 32> result{};
    std::strncpy(result.data(), version, result.size() - 1);
    return result;
}

// ---- Writing, in a signal handler: no allocation ------------------------------------------------------------

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// The beginning of a crash's line, before the name: "s 11 1 0 ".
std::string_view beginning(std::array<char, 64>& room, Crash::Kind kind, int number, bool during_call,
                           int core_process) {
    char* at = room.data();
    *at++ = static_cast<char>(kind);
    for (const int one : {number, during_call ? 1 : 0, core_process}) {
        *at++ = ' ';
        at = std::to_chars(at, room.data() + room.size(), one).ptr;
    }
    *at++ = ' ';
    return {room.data(), static_cast<std::size_t>(at - room.data())};
}

// ---- Reading ------------------------------------------------------------------------------------------------

bool read_all(int file, void* to, std::size_t size) {
    for (std::size_t at = 0; at < size;) {
        const ssize_t got = ::read(file, static_cast<char*>(to) + at, size - at);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        at += static_cast<std::size_t>(got);
    }
    return true;
}

std::string read_text(int file, std::uint64_t size) {
    std::string text(size, '\0');
    return read_all(file, text.data(), text.size()) ? text : "";
}

std::vector<Crash> parsed(const std::string& lines) {
    std::vector<Crash> crashes;
    for (std::size_t at = 0, end = 0; (end = lines.find('\n', at)) != std::string::npos; at = end + 1) {
        const std::string line = lines.substr(at, end - at);
        char kind = 0;
        int number = 0, during_call = 0, core_process = 0, name = 0;
        if (std::sscanf(line.c_str(), "%c %d %d %d %n", &kind, &number, &during_call, &core_process, &name) ==
            4)
            crashes.push_back({static_cast<Crash::Kind>(kind), number, during_call != 0, core_process,
                               line.substr(static_cast<std::size_t>(name))});
    }
    return crashes;
}

}  // namespace

std::string Crash::text() const {
    const std::string name = "plugin '" + plugin + "'";
    const std::string core =
        core_process == 0 ? "" : ", and left a core file of process " + std::to_string(core_process);
    switch (kind) {
        case Kind::deadline:
            return name + " did not return from a call within " + std::to_string(number) + " ms" + core;
        case Kind::exit:
            return name + " ended the process with exit code " + std::to_string(number) + core;
        case Kind::signal:
            break;
    }
    const std::string how = std::string(" (") + ::strsignal(number) + ")";
    if (during_call) return name + " crashed" + how + core;
    return "the program crashed" + how + " outside of any call, after a call to " + name + core +
           "; such a crash is often late damage of a plugin, so the last one that was called";
}

std::string Crash::line() const {
    std::array<char, 64> room{};
    return std::string(beginning(room, kind, number, during_call, core_process)) + plugin + "\n";
}

int write_handover(const Handover& handover, Crash::Kind kind, int number, bool during_call, int core_process,
                   const char* plugin) {
    std::array<char, 64> room{};
    const std::string_view first = beginning(room, kind, number, during_call, core_process);
    const std::string_view name = plugin;
    const Head head{own_version(),           handover.reported,
                    handover.stop_ticks,     handover.earlier_crashes.size() + first.size() + name.size() + 1,
                    handover.carried.size(), handover.unanswered.size()};
    const int file = ::memfd_create("forecastd-handover", 0);
    if (file < 0) return -1;
    for (const std::string_view part :
         {std::string_view(reinterpret_cast<const char*>(&head), sizeof head), handover.earlier_crashes,
          first, name, std::string_view("\n"), handover.carried, handover.unanswered})
        if (!write_all(file, part)) return -1;
    ::lseek(file, 0, SEEK_SET);
    return file;
}

EarlierLives take_over() {
    EarlierLives lives;
    const char* const variable = std::getenv(handover_variable);
    if (!variable) return lives;
    const int file = std::atoi(variable);
    ::unsetenv(handover_variable);
    Head head{};
    if (file <= STDERR_FILENO || !read_all(file, &head, sizeof head)) return lives;
    lives.crashes = parsed(read_text(file, head.crashes_size));
    lives.reported = head.reported;
    if (head.stop_ticks != 0)
        lives.stop_time =
            std::chrono::steady_clock::time_point(std::chrono::steady_clock::duration(head.stop_ticks));
    lives.carried = read_text(file, head.carried_size);
    if (head.version != own_version()) lives.carried.clear();
    lives.unanswered = read_text(file, head.unanswered_size);
    ::close(file);
    return lives;
}

}  // namespace forecastd::process
