#include "state/checkpoint.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "state/child.hpp"
#include "state/snapshot_writer.hpp"

namespace forecastd::state {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

// Writes a new file and puts it in its place. goes_on: asked after each series.
Expected<Written> write_all(const Directory& directory, const engine::Engine& engine,
                            const std::function<bool()>& goes_on) {
    const auto file = directory.begin_new();
    if (!file) return fail(file.error().text);
    auto written = write_snapshot(file->get(), engine, goes_on);
    if (!written) {
        directory.discard_new();
        return written;
    }
    if (auto published = directory.publish(*file); !published) return fail(std::move(published.error().text));
    return written;
}

// What the child reports: "+SERIES BYTES PROBLEM" or "-SENTENCE".
std::string report_of(const Expected<Written>& written) {
    if (!written) return "-" + written.error().text;
    return "+" + std::to_string(written->series) + " " + std::to_string(written->bytes) + " " +
           written->problem;
}

Expected<Written> result_of(const std::string& report) {
    if (report.starts_with("-")) return fail(report.substr(1));
    Written written;
    std::size_t at = 1;
    const auto number = [&] {
        std::uint64_t value = 0;
        for (; at < report.size() && report[at] >= '0' && report[at] <= '9'; ++at)
            value = 10 * value + static_cast<std::uint64_t>(report[at] - '0');
        ++at;
        return value;
    };
    written.series = number();
    written.bytes = number();
    if (at < report.size()) written.problem = report.substr(at);
    return written;
}

std::string end_of(int status) {
    if (WIFSIGNALED(status))
        return "the process that wrote it ended by " + std::string(::strsignal(WTERMSIG(status)));
    return "the process that wrote it ended with code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Checkpoint::~Checkpoint() { abandon(); }

Expected<void> Checkpoint::begin(const engine::Engine& engine) {
    if (is_under_way()) return {};
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return fail("no pipe can be made: " + reason(errno));
    Descriptor read_end(pipe[0]), write_end(pipe[1]);
    const pid_t child = ::fork();
    if (child < 0) return fail("no process can be made for it: " + reason(errno));
    if (child == 0) write_in_child(engine, write_end.get());
    ::fcntl(read_end.get(), F_SETFL, O_NONBLOCK);
    child_ = child;
    report_ = std::move(read_end);
    began_ = Clock::now();
    return {};
}

// It dies with its parent, so that no other process can have taken the lock meanwhile. Its crashes are its own:
// process/crash.hpp outlives those of the process that began alone.
void Checkpoint::write_in_child(const engine::Engine& engine, int report) {
    begin_child();
    directory_.forget_lock();
    const std::string text = report_of(write_all(directory_, engine, [] { return true; }));
    const ssize_t written = ::write(report, text.data(), std::min<std::size_t>(text.size(), 4000));
    ::_exit(written < 0 ? 1 : 0);
}

std::optional<Expected<Written>> Checkpoint::poll() {
    if (!is_under_way()) return std::nullopt;
    int status = 0;
    const pid_t ended = ::waitpid(child_, &status, WNOHANG);
    if (ended == 0) {
        if (Clock::now() - began_ < patience) return std::nullopt;
        abandon();
        return fail("it took longer than 10 minutes");
    }
    const pid_t child = std::exchange(child_, -1);
    std::string text(4096, '\0');
    const ssize_t size = ::read(report_.get(), text.data(), text.size());
    report_ = Descriptor();
    if (ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 && size > 0) {
        text.resize(static_cast<std::size_t>(size));
        return result_of(text);
    }
    directory_.discard_new(child);
    return fail(end_of(status));
}

void Checkpoint::abandon() {
    if (!is_under_way()) return;
    end_child(child_);
    directory_.discard_new(std::exchange(child_, -1));
    report_ = Descriptor();
}

Expected<Written> Checkpoint::write_now(const engine::Engine& engine, Clock::time_point deadline) {
    abandon();
    return write_all(directory_, engine, [deadline] { return Clock::now() < deadline; });
}

}  // namespace forecastd::state
