#include "plugin/trial.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "plugin/checks.hpp"
#include "plugin/contents.hpp"
#include "plugin/library.hpp"
#include "plugin/messages.hpp"

namespace forecastd::plugin {
namespace {

using Clock = std::chrono::steady_clock;

Findings examine(const File& file) {
    Findings findings;
    const auto library = open_library(file);
    if (!library) {
        findings.faults.push_back(library.error().text);
        return findings;
    }
    Contents contents = read_library(**library);
    findings.faults = std::move(contents.faults);
    for (const auto& sound : contents.sound)
        findings.found.push_back(
            {sound.table->id, sound.table->abilities, param_names(**library, *sound.table)});
    return findings;
}

// ---- The child
// ----------------------------------------------------------------------------------------------

// What the child reports, in this order: messages; algorithms, each followed by the names of its parameters;
// and faults of a file; and that it is done with it.
enum class Kind : std::uint32_t { message, algorithm, param, fault, done };
struct Head {
    Kind kind;
    std::uint32_t number;  // the level of a message, the abilities of an algorithm
    std::uint32_t size;    // of the text that follows
};

// False: nobody reads it, or the plugin has closed the descriptor.
bool report(int pipe, Kind kind, std::uint32_t number = 0, const std::string& text = "") {
    const Head head{kind, number, static_cast<std::uint32_t>(text.size())};
    std::string bytes(reinterpret_cast<const char*>(&head), sizeof head);
    bytes += text;
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t written = ::write(pipe, bytes.data() + at, bytes.size() - at);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        at += static_cast<std::size_t>(written);
    }
    return true;
}

// Not ::_exit, which a crash in a plugin's call may lead elsewhere.
[[noreturn]] void leave(int code) {
    ::syscall(SYS_exit_group, code);
    __builtin_unreachable();
}

[[noreturn]] void be_the_child(std::span<const File> files, int pipe) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
    listen([pipe](Level level, const std::string& text) {
        report(pipe, Kind::message, static_cast<std::uint32_t>(level), text);
    });
    for (const File& file : files) {
        const Findings findings = examine(file);
        for (const auto& found : findings.found) {
            report(pipe, Kind::algorithm, found.abilities, found.id);
            for (const auto& param : found.params) report(pipe, Kind::param, 0, param);
        }
        for (const auto& fault : findings.faults) report(pipe, Kind::fault, 0, fault);
        if (!report(pipe, Kind::done)) leave(1);
    }
    leave(0);
}

// ---- The parent
// ---------------------------------------------------------------------------------------------

enum class Read { all, end, late };

// Reads size bytes.
Read read_all(int pipe, void* to, std::size_t size, Clock::time_point deadline) {
    for (std::size_t at = 0; at < size;) {
        using std::chrono::milliseconds;
        const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now()).count();
        if (deadline != Clock::time_point::max() && left <= 0) return Read::late;
        pollfd readable{pipe, POLLIN, 0};
        constexpr std::int64_t longest = 60'000;
        if (::poll(&readable, 1, static_cast<int>(std::min<std::int64_t>(left, longest))) <= 0) continue;
        const ssize_t got = ::read(pipe, static_cast<char*>(to) + at, size - at);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return Read::end;
        at += static_cast<std::size_t>(got);
    }
    return Read::all;
}

std::string in_seconds(std::chrono::nanoseconds time) {
    std::string text = std::to_string(std::chrono::duration<double>(time).count());
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text + "s";
}

// How the child ended while it tried a file.
std::string ending(pid_t child, bool late, std::chrono::nanoseconds deadline) {
    if (late) ::kill(child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (late)
        return "did not finish loading within " + in_seconds(deadline) +
               ", the deadline of a call; it hangs, or waits for something";
    if (WIFSIGNALED(status))
        return std::string("crashed while it was loaded (") + ::strsignal(WTERMSIG(status)) + ")";
    return "ended the process while it was loaded (exit code " + std::to_string(WEXITSTATUS(status)) +
           "), or closed descriptors that are not its own";
}

// Follows a child that tries files; returns how many it was done with before it ended.
std::size_t follow(int pipe, std::span<Findings> findings, std::chrono::nanoseconds deadline, bool& late) {
    const auto next_deadline = [deadline] {
        return deadline.count() == 0 ? Clock::time_point::max() : Clock::now() + deadline;
    };
    Clock::time_point until = next_deadline();
    std::vector<std::pair<Level, std::string>> messages;  // of the current file
    for (std::size_t done = 0; done < findings.size();) {
        Head head{};
        std::string text;
        Read result = read_all(pipe, &head, sizeof head, until);
        constexpr std::uint32_t longest = 1 << 20;
        if (result == Read::all && head.size <= longest) {
            text.resize(head.size);
            result = read_all(pipe, text.data(), text.size(), until);
        }
        if (result != Read::all) {
            late = result == Read::late;
            for (const auto& [level, message] : messages) tell(level, message);
            return done;
        }
        switch (head.kind) {
            case Kind::message:
                messages.emplace_back(static_cast<Level>(head.number), std::move(text));
                break;
            case Kind::algorithm:
                findings[done].found.push_back({std::move(text), head.number, {}});
                break;
            case Kind::param:
                if (!findings[done].found.empty())
                    findings[done].found.back().params.push_back(std::move(text));
                break;
            case Kind::fault:
                findings[done].faults.push_back(std::move(text));
                break;
            case Kind::done:
                // A file that is opened in this process says the same again there.
                if (findings[done].found.empty())
                    for (const auto& [level, message] : messages) tell(level, message);
                messages.clear();
                ++done;
                until = next_deadline();
                break;
        }
    }
    return findings.size();
}

}  // namespace

std::vector<Findings> try_in_this_process(std::span<const File> files) {
    std::vector<Findings> findings;
    for (const File& file : files) findings.push_back(examine(file));
    return findings;
}

std::vector<Findings> try_in_child(std::span<const File> files, std::chrono::nanoseconds deadline) {
    std::vector<Findings> findings(files.size());
    for (std::size_t next = 0; next < files.size();) {
        int ends[2];
        const bool piped = ::pipe2(ends, O_CLOEXEC) == 0;
        const pid_t child = piped ? ::fork() : -1;
        if (child == 0) be_the_child(files.subspan(next), ends[1]);
        if (piped) ::close(ends[1]);
        if (child < 0) {
            if (piped) ::close(ends[0]);
            findings[next] = examine(files[next]);
            ++next;
            continue;
        }
        bool late = false;
        next += follow(ends[0], std::span(findings).subspan(next), deadline, late);
        ::close(ends[0]);
        const std::string how = ending(child, late, deadline);
        if (next < files.size()) findings[next++] = {{}, {how}};
    }
    return findings;
}

}  // namespace forecastd::plugin
