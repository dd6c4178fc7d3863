// What the system tells of a file or a directory: whether it has changed is seen without reading it. A file that is
// replaced by rename, as editors and package managers do, has changed; one that is gone has, too.
//
// Whoever reads a file and wants to know of later changes looks before it reads: then none is missed in between.
//
// Threads: one at a time.
#ifndef FORECASTD_BASE_FILE_LOOK_HPP
#define FORECASTD_BASE_FILE_LOOK_HPP

#include <sys/stat.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

namespace forecastd {

class FileLook {
  public:
    explicit FileLook(std::filesystem::path path) : path_(std::move(path)), seen_(look()) {}
    // status: of the file that is open.
    FileLook(std::filesystem::path path, const struct stat& status)
        : path_(std::move(path)), seen_(seen(status)) {}

    // Since the last call, or since it was made.
    bool has_changed() {
        const Seen now = look();
        return std::exchange(seen_, now) != now;
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    // Whether it was the same file, perhaps under another name. Where there was none, it was not.
    [[nodiscard]] bool is_of_same_file(const FileLook& other) const {
        return seen_ != Seen{} && seen_[0] == other.seen_[0] && seen_[1] == other.seen_[1];
    }

  private:
    using Seen = std::array<std::int64_t, 5>;  // all 0: there is no such file

    static Seen seen(const struct stat& status) {
        return {static_cast<std::int64_t>(status.st_dev), static_cast<std::int64_t>(status.st_ino),
                status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
    }
    [[nodiscard]] Seen look() const {
        struct stat status {};
        return ::stat(path_.c_str(), &status) == 0 ? seen(status) : Seen{};
    }

    std::filesystem::path path_;
    Seen seen_;
};

using FileLooks = std::vector<FileLook>;

// Whether any of them has. Looks at all.
inline bool any_has_changed(FileLooks& looks) {
    bool changed = false;
    for (FileLook& one : looks) changed = one.has_changed() || changed;
    return changed;
}

}  // namespace forecastd

#endif
