#include "state/directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <system_error>

namespace forecastd::state {
namespace {

constexpr const char* newest = "snapshot";
constexpr const char* before = "snapshot.before";
constexpr std::string_view unfinished = "snapshot.new-";
constexpr const char* lock_name = "lock";

std::string unfinished_of(pid_t writer) { return std::string(unfinished) + std::to_string(writer); }

std::string reason(int error) { return std::generic_category().message(error); }

}  // namespace

Descriptor::~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

Expected<Directory> Directory::open(const std::string& path) {
    std::error_code error;
    const std::filesystem::path parent = std::filesystem::path(path).parent_path();
    if (!parent.empty()) std::filesystem::create_directories(parent, error);
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return fail("the directory '" + path + "' cannot be made: " + reason(errno));
    return open_existing(path);
}

Expected<Directory> Directory::open_existing(const std::string& path) {
    Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.is_open()) return fail("the directory '" + path + "' cannot be opened: " + reason(errno));
    Directory result(path, std::move(directory));
    if (auto checked = result.check_owner(result.directory_.get(), path); !checked)
        return fail(std::move(checked.error().text));
    return result;
}

// Of a directory or a snapshot: nobody else may put bytes there that would be loaded.
Expected<void> Directory::check_owner(int fd, const std::string& name) const {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return fail("'" + name + "' cannot be looked at: " + reason(errno));
    const bool is_own = status.st_uid == ::geteuid() || status.st_uid == 0;
    if (!is_own)
        return fail("'" + name + "' belongs to user " + std::to_string(status.st_uid) + ", expected user " +
                    std::to_string(::geteuid()) + ", who runs forecastd");
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return fail("others than its owner may write to '" + name +
                    "'; take that right away, as with 'chmod go-w'");
    return {};
}

Expected<void> Directory::lock() {
    Descriptor file(::openat(directory_.get(), lock_name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.is_open()) return fail("the file '" + path_ + "/lock' cannot be opened: " + reason(errno));
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return fail("another process saves to '" + path_ + "'");
        return fail("the file '" + path_ + "/lock' cannot be locked: " + reason(errno));
    }
    lock_ = std::move(file);
    remove_leftovers();
    return {};
}

// Of processes that were killed. A child that still writes for an earlier life of this process fails then.
void Directory::remove_leftovers() const {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(path_, error))
        if (const std::string name = entry.path().filename(); name.starts_with(unfinished))
            ::unlinkat(directory_.get(), name.c_str(), 0);
}

std::vector<Directory::Found> Directory::snapshots(std::vector<std::string>& problems) const {
    std::vector<Found> found;
    for (const char* const name : {newest, before}) {
        Descriptor file(::openat(directory_.get(), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        const std::string full = path_ + "/" + name;
        if (!file.is_open()) {
            if (errno != ENOENT) problems.push_back("'" + full + "' cannot be opened: " + reason(errno));
            continue;
        }
        if (auto checked = check_owner(file.get(), full); !checked)
            problems.push_back(std::move(checked.error().text));
        else
            found.push_back({name, std::move(file)});
    }
    return found;
}

Expected<std::string> Directory::move_aside(const std::string& name, std::string_view why) const {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char stamp[32];
    std::strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &utc);
    const std::string stem = "snapshot." + std::string(why) + "-" + stamp;
    std::string aside = stem;
    for (int i = 2; ::faccessat(directory_.get(), aside.c_str(), F_OK, 0) == 0 && i < 1000; ++i)
        aside = stem + "-" + std::to_string(i);
    if (::renameat(directory_.get(), name.c_str(), directory_.get(), aside.c_str()) != 0)
        return fail("'" + path_ + "/" + name + "' cannot be moved aside: " + reason(errno));
    return path_ + "/" + aside;
}

Expected<Descriptor> Directory::begin_new() const {
    const std::string name = unfinished_of(::getpid());
    Descriptor file(::openat(directory_.get(), name.c_str(),
                             O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.is_open())
        return fail("the file '" + path_ + "/" + name + "' cannot be opened: " + reason(errno));
    return file;
}

Expected<Descriptor> Directory::open_file(const std::string& name) const {
    Descriptor file(
        ::openat(directory_.get(), name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    const std::string full = path_ + "/" + name;
    if (!file.is_open()) return fail("the file '" + full + "' cannot be opened: " + reason(errno));
    if (auto checked = check_owner(file.get(), full); !checked) return fail(std::move(checked.error().text));
    return file;
}

Expected<void> Directory::replace(const std::string& from, const std::string& to) const {
    if (::renameat(directory_.get(), from.c_str(), directory_.get(), to.c_str()) != 0)
        return fail("the file '" + path_ + "/" + from + "' cannot be renamed: " + reason(errno));
    return {};
}

// At each moment there is a whole snapshot under the name of the newest. Where there are no hard links, it is
// under the name of the one before for a moment.
Expected<void> Directory::publish(const Descriptor& file) const {
    const auto failed = [this](const char* what) {
        const int error = errno;
        discard_new();
        return fail("the snapshot in '" + path_ + "' cannot be " + what + ": " + reason(error));
    };
    if (::fsync(file.get()) != 0) return failed("written to the disk");
    const int directory = directory_.get();
    const std::string name = unfinished_of(::getpid());
    if (::faccessat(directory, name.c_str(), F_OK, 0) != 0) return failed("renamed");
    ::unlinkat(directory, before, 0);
    if (::linkat(directory, newest, directory, before, 0) != 0 && errno != ENOENT &&
        ::renameat(directory, newest, directory, before) != 0)
        return failed("renamed");
    if (::renameat(directory, name.c_str(), directory, newest) != 0) return failed("renamed");
    if (::fsync(directory) != 0) return failed("written to the disk");
    return {};
}

void Directory::discard_new(pid_t writer) const {
    ::unlinkat(directory_.get(), unfinished_of(writer).c_str(), 0);
}

}  // namespace forecastd::state
