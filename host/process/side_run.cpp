#include "process/side_run.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace forecastd::process {

SideRun::~SideRun() { stop(); }

Expected<void> SideRun::begin(const std::string& program, const std::vector<std::string>& arguments) {
    stop();
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return fail("no pipe can be made: " + std::generic_category().message(errno));
    std::vector<char*> list{const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments) list.push_back(const_cast<char*>(argument.c_str()));
    list.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t all, none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    const int error = ::posix_spawn(&child_, program.c_str(), &actions, &attributes, list.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (error != 0) {
        child_ = -1;
        ::close(ends[0]);
        return fail("'" + program + "' cannot be executed: " + std::generic_category().message(error));
    }
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    messages_fd_ = ends[0];
    messages_.clear();
    began_ = Clock::now();
    return {};
}

// What is beyond the bound is read too, so that the writer does not wait.
void SideRun::read() {
    std::array<char, 4096> bytes{};
    for (;;) {
        const ssize_t count = ::read(messages_fd_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return;
        const auto size = static_cast<std::size_t>(count);
        messages_.append(bytes.data(), std::min(size, most_messages - messages_.size()));
    }
}

std::optional<SideRun::End> SideRun::poll() {
    if (!is_under_way()) return std::nullopt;
    read();
    int status = 0;
    const pid_t ended = ::waitpid(child_, &status, WNOHANG);
    if (ended == 0 && Clock::now() - began_ < patience) return std::nullopt;
    End end;
    if (ended == 0) {
        end.how = "did not end within " + std::to_string(patience.count()) + " s";
    } else {
        read();
        child_ = -1;
        end.succeeded = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        end.how = WIFEXITED(status) ? "ended with exit code " + std::to_string(WEXITSTATUS(status))
                                    : std::string("ended by ") + ::strsignal(WTERMSIG(status));
    }
    stop();
    end.messages = std::move(messages_);
    return end;
}

void SideRun::stop() {
    if (is_under_way()) {
        ::kill(child_, SIGKILL);
        while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) continue;
        child_ = -1;
    }
    if (messages_fd_ >= 0) ::close(messages_fd_);
    messages_fd_ = -1;
}

}  // namespace forecastd::process
