// The process that a plugin is in, which it must leave as it found it. The calls are made without the host's door,
// which puts some of this back.
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstdio>
#include <filesystem>
#include <set>

#include "plugin/surroundings.hpp"
#include "verify/checks.hpp"
#include "verify/direct.hpp"

namespace forecastd::verify {
namespace {

// Makes a model, lets a series learn, forecasts and frees them.
void use_directly(const Rig& rig) {
    const DirectModel model(rig);
    DirectSeries series(model);
    for (const double value : rig.usual_values(60)) series.advance(value);
    series.forecast();
}

std::set<std::string> names_in(const char* folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::error_code error;
        const auto target = std::filesystem::read_symlink(entry.path(), error);
        // The descriptor of this walk itself is another one each time.
        if (target.native().find("/fd") == std::string::npos) names.insert(entry.path().filename());
    }
    return names;
}

std::string directory_now() {
    std::array<char, PATH_MAX> path{};
    return ::getcwd(path.data(), path.size()) ? path.data() : "";
}

}  // namespace

Result check_signals(const Rig& rig) {
    std::array<struct sigaction, 32> before{};
    sigset_t mask_before, mask_after;
    for (int signal = 1; signal < 32; ++signal)
        ::sigaction(signal, nullptr, &before[static_cast<std::size_t>(signal)]);
    ::sigprocmask(SIG_SETMASK, nullptr, &mask_before);
    use_directly(rig);
    ::sigprocmask(SIG_SETMASK, nullptr, &mask_after);
    for (int signal = 1; signal < 32; ++signal) {
        struct sigaction after {};
        ::sigaction(signal, nullptr, &after);
        const struct sigaction& was = before[static_cast<std::size_t>(signal)];
        require(after.sa_handler == was.sa_handler && after.sa_flags == was.sa_flags,
                std::string("the handler of the signal '") + ::strsignal(signal) + "' is another one");
        require(::sigismember(&mask_before, signal) == ::sigismember(&mask_after, signal),
                std::string("the signal '") + ::strsignal(signal) + "' was blocked or unblocked");
    }
    return {};
}

Result check_threads(const Rig& rig) {
    const std::size_t before = names_in("/proc/self/task").size();
    use_directly(rig);
    const std::size_t after = names_in("/proc/self/task").size();
    require(after <= before,
            "there are " + std::to_string(after) + " threads, and were " + std::to_string(before));
    return {};
}

Result check_output(const Rig& rig) {
    std::array<int, 2> files{::memfd_create("stdout", 0), ::memfd_create("stderr", 0)};
    const std::array<int, 2> kept{::dup(1), ::dup(2)};
    for (int i = 0; i < 2; ++i) ::dup2(files[static_cast<std::size_t>(i)], i + 1);
    use_directly(rig);
    std::fflush(nullptr);
    std::string found;
    for (int i = 0; i < 2; ++i) {
        const auto k = static_cast<std::size_t>(i);
        std::array<char, 60> text{};
        const ssize_t size = ::pread(files[k], text.data(), text.size() - 1, 0);
        if (size > 0)
            found = std::string(i == 0 ? "standard output: '" : "standard error: '") + text.data() + "'";
        ::dup2(kept[k], i + 1);
        ::close(kept[k]);
        ::close(files[k]);
    }
    require(found.empty(), "it wrote to " + found);
    return {};
}

Result check_descriptors(const Rig& rig) {
    const auto before = names_in("/proc/self/fd");
    use_directly(rig);
    const auto after = names_in("/proc/self/fd");
    require(after.size() <= before.size(),
            std::to_string(after.size() - before.size()) + " more descriptors are open");
    for (const std::string& one : before)
        require(after.count(one) > 0, "the descriptor " + one + " was closed");
    return {};
}

Result check_directory(const Rig& rig) {
    const std::string before = directory_now();
    use_directly(rig);
    require(directory_now() == before,
            "the working directory is '" + directory_now() + "', and was '" + before + "'");
    return {};
}

Result check_surroundings(const Rig& rig) {
    use_directly(rig);
    require(!plugin::floating_point_changed(), "the floating point mode is another one");
    require(!plugin::locale_changed(), "the locale is another one");
    return {};
}

}  // namespace forecastd::verify
