#include "plugin/file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace forecastd::plugin {
namespace {

namespace fs = std::filesystem;

std::string reason(int error) { return std::generic_category().message(error); }

std::string octal(mode_t mode) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode & 07777));
    return text.data();
}

bool trusted_owner(const struct stat& status) { return status.st_uid == 0 || status.st_uid == ::geteuid(); }

std::string foreign(const struct stat& status) {
    return "belongs to user " + std::to_string(status.st_uid) +
           ", expected root or the user that runs forecastd (" + std::to_string(::geteuid()) +
           "); change that with 'chown'";
}

Expected<void> check_directory(const fs::path& directory) {
    struct stat status {};
    const std::string place = "is in " + directory.native() + ", which ";
    if (::stat(directory.c_str(), &status) != 0) return fail(place + "cannot be examined: " + reason(errno));
    if (!trusted_owner(status)) return fail(place + foreign(status));
    if ((status.st_mode & S_ISVTX) != 0) return {};
    const bool group = (status.st_mode & S_IWGRP) != 0;
    if (group || (status.st_mode & S_IWOTH) != 0)
        return fail(place + (group ? "its group" : "others") + " may write to (mode " +
                    octal(status.st_mode) + ") and so could replace it; forbid that with 'chmod go-w " +
                    directory.native() + "'");
    return {};
}

// Every directory above, the nearest first.
Expected<void> check_directories_of(const fs::path& file) {
    for (fs::path directory = file.parent_path();; directory = directory.parent_path()) {
        if (auto sound = check_directory(directory); !sound) return sound;
        if (directory == directory.root_path()) return {};
    }
}

Expected<void> check_file(const fs::path& path, const struct stat& status) {
    if (!S_ISREG(status.st_mode))
        return fail("is no regular file; a plugin is a shared object, so move this elsewhere");
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return fail("may be written to by its group or by others (mode " + octal(status.st_mode) +
                    "), who could change what forecastd runs; forbid that with 'chmod go-w " + path.native() +
                    "'");
    if (!trusted_owner(status)) return fail(foreign(status));
    return {};
}

// A descriptor that is closed at the end of its scope.
struct Descriptor {
    explicit Descriptor(int number) : fd(number) {}
    ~Descriptor() {
        if (fd >= 0) ::close(fd);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int fd;
};

// A copy in memory that nobody can write to; -1: it cannot be made. It stays open until the process ends: the
// loader takes two libraries of one name for the same, and the name is made of the number of the descriptor.
int copy_of(int file, off_t size, const char* name) {
    Descriptor copy(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (copy.fd < 0) return -1;
    for (off_t at = 0; at < size;) {
        const ssize_t copied = ::sendfile(copy.fd, file, &at, static_cast<std::size_t>(size - at));
        if (copied < 0 && errno == EINTR) continue;
        if (copied <= 0) return -1;
    }
    ::fcntl(copy.fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    return std::exchange(copy.fd, -1);
}

}  // namespace

Expected<File> open_trusted(const fs::path& path, bool private_copy) {
    std::error_code error;
    const fs::path given = fs::absolute(path, error).lexically_normal();
    const fs::path target = error ? path : fs::canonical(given, error);
    if (error) return fail("cannot be examined: " + error.message());
    // A FIFO would block without O_NONBLOCK.
    const Descriptor opened(::open(target.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat status {};
    if (opened.fd < 0 || ::fstat(opened.fd, &status) != 0) return fail("cannot be opened: " + reason(errno));
    if (auto sound = check_file(given, status); !sound) return tl::unexpected(sound.error());
    for (const fs::path& way : {given, target})
        if (auto sound = check_directories_of(way); !sound) return tl::unexpected(sound.error());

    File file{FileLook(given, status), given.native()};
    const int copy = private_copy ? copy_of(opened.fd, status.st_size, given.filename().c_str()) : -1;
    if (copy < 0) return file;
    file.load_name = "/proc/self/fd/" + std::to_string(copy);
    if (::access(file.load_name.c_str(), R_OK) != 0) file.load_name = given.native();
    return file;
}

}  // namespace forecastd::plugin
