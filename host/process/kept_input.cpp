#include "process/kept_input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "process/streams.hpp"

namespace forecastd::process {
namespace {

std::string temporary_folder() {
    const char* const folder = std::getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

int nameless_file(const std::string& folder) {
    if (const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); fd >= 0) return fd;
    std::string name = folder + "/forecastd-XXXXXX";
    const int fd = ::mkostemp(name.data(), O_CLOEXEC);
    if (fd >= 0) ::unlink(name.c_str());
    return fd;
}

// false: errno tells why.
bool copy(int from, int to) {
    std::array<char, 1 << 16> bytes;
    Output output(to);
    for (;;) {
        const ssize_t count = ::read(from, bytes.data(), bytes.size());
        if (count == 0) return true;
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 || !output.write({bytes.data(), static_cast<std::size_t>(count)})) return false;
    }
}

}  // namespace

Expected<void> keep_standard_input() {
    struct stat about {};
    if (::fstat(STDIN_FILENO, &about) == 0 && S_ISREG(about.st_mode)) {
        ::lseek(STDIN_FILENO, 0, SEEK_SET);
        return {};
    }
    const std::string folder = temporary_folder();
    const auto failed = [&](const char* what) {
        return fail(std::string(what) + " in '" + folder + "': " + std::strerror(errno) +
                    "; set TMPDIR to a folder with room for it, or give a file");
    };
    const int file = nameless_file(folder);
    if (file < 0) return failed("standard input cannot be kept");
    if (!copy(STDIN_FILENO, file)) {
        auto error = failed("standard input cannot be copied to a file");
        ::close(file);
        return error;
    }
    ::lseek(file, 0, SEEK_SET);
    ::dup2(file, STDIN_FILENO);  // which stays open when the program is executed again
    ::close(file);
    return {};
}

}  // namespace forecastd::process
