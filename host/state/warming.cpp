#include "state/warming.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "state/child.hpp"
#include "state/history.hpp"
#include "state/snapshot_reader.hpp"

namespace forecastd::state {

Warming::~Warming() { abandon(); }

Expected<void> Warming::begin(const config::Config& config, const std::vector<std::string>& files,
                              const Tell& tell) {
    Descriptor file(::memfd_create("forecastd-history", MFD_CLOEXEC));
    if (!file.is_open())
        return fail("no file in memory can be made: " + std::generic_category().message(errno));
    const pid_t child = ::fork();
    if (child < 0) return fail("no process can be made for it: " + std::generic_category().message(errno));
    if (child == 0) {
        begin_child();
        ::_exit(learn_to_file(file.get(), config, files, tell) ? 0 : 1);
    }
    child_ = child;
    file_ = std::move(file);
    return {};
}

std::optional<Expected<std::uint64_t>> Warming::poll(engine::Engine& engine) {
    if (!is_under_way()) return std::nullopt;
    int status = 0;
    if (::waitpid(child_, &status, WNOHANG) == 0) return std::nullopt;
    child_ = -1;
    const Descriptor file = std::move(file_);
    if (WIFSIGNALED(status))
        return fail("the process that learned from them ended by " +
                    std::string(::strsignal(WTERMSIG(status))));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail("the process that learned from them could not hand over what it has learned");
    ::lseek(file.get(), 0, SEEK_SET);
    SnapshotReader reader(file.get());
    if (auto begun = reader.begin(); !begun) return fail("what was learned " + begun.error().text);
    std::uint64_t series = 0;
    reader.read({[&](const engine::SavedSeries& saved) { series += engine.load_over(saved).has_value(); }});
    return series;
}

void Warming::abandon() {
    if (!is_under_way()) return;
    end_child(child_);
    child_ = -1;
    file_ = Descriptor();
}

}  // namespace forecastd::state
