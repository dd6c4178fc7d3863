#include "verify/in_child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <new>
#include <string>

namespace forecastd::verify {
namespace {

using Clock = std::chrono::steady_clock;

constexpr char letters[] = {'P', 'F', 'S'};  // of the outcomes, in what a child reports

std::size_t mapped_bytes() {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

[[noreturn]] void work(const std::function<Result()>& check, const Limits& limits, int report) {
    const int nothing = ::open("/dev/null", O_RDWR);
    for (const int fd : {0, 1, 2}) ::dup2(nothing, fd);
    if (nothing > 2) ::close(nothing);
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    constexpr std::size_t most_mapped = std::size_t{64} << 30;  // a sanitizer has far more
    if (const std::size_t mapped = mapped_bytes(); mapped < most_mapped) {
        const rlimit memory{mapped + limits.memory, mapped + limits.memory};
        ::setrlimit(RLIMIT_AS, &memory);
    }
    const Result result = in_process(check);
    const std::string text = letters[static_cast<int>(result.outcome)] + result.why;
    const ssize_t written = ::write(report, text.data(), text.size());
    ::_exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
}

// Reads what a child reports, up to a time; false: it goes on then.
bool read_report(int fd, Clock::time_point until, std::string& report) {
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
        pollfd one{fd, POLLIN, 0};
        const int ready = ::poll(&one, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return false;
        std::array<char, 4096> chunk{};
        const ssize_t count = ::read(fd, chunk.data(), chunk.size());
        if (count <= 0) return true;
        report.append(chunk.data(), static_cast<std::size_t>(count));
    }
}

std::string end_of(int status) {
    if (WIFSIGNALED(status)) return std::string("it crashed (") + ::strsignal(WTERMSIG(status)) + ")";
    return "it ended the process with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Result in_process(const std::function<Result()>& check) {
    try {
        return check();
    } catch (const Broken& broken) {
        return {Outcome::fail, broken.why};
    } catch (const std::bad_alloc&) {
        return {Outcome::fail, "there was not enough memory for it"};
    } catch (const std::exception& exception) {
        return {Outcome::fail, std::string("the check could not be made: ") + exception.what()};
    }
}

Result in_child(const std::function<Result()>& check, const Limits& limits) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return skip("no pipe can be made for it");
    std::fflush(nullptr);  // so that the child has nothing of this process to write
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(pipe[0]);
        work(check, limits, pipe[1]);
    }
    ::close(pipe[1]);
    if (child < 0) {
        ::close(pipe[0]);
        return skip("no process can be made for it");
    }
    std::string report;
    const bool ended = read_report(pipe[0], Clock::now() + limits.time, report);
    ::close(pipe[0]);
    if (!ended) ::kill(child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    if (!ended)
        return {Outcome::fail, "it did not end within " + std::to_string(limits.time.count()) + " ms"};
    for (const Outcome outcome : {Outcome::pass, Outcome::fail, Outcome::skip})
        if (!report.empty() && report[0] == letters[static_cast<int>(outcome)])
            return {outcome, report.substr(1)};
    return {Outcome::fail, end_of(status)};
}

}  // namespace forecastd::verify
