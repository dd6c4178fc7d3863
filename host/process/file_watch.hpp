// Whether files have changed: by what the system tells of them, never by their contents, so a look costs little.
// A file that is replaced by rename, as editors and package managers do, has changed; one that is gone has too.
//
// Threads: one at a time.
#ifndef FORECASTD_PROCESS_FILE_WATCH_HPP
#define FORECASTD_PROCESS_FILE_WATCH_HPP

#include <sys/stat.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

namespace forecastd::process {

class FileWatch {
  public:
    explicit FileWatch(std::vector<std::filesystem::path> files) : files_(std::move(files)), seen_(look()) {}

    // Since the last call, or since it was made.
    bool has_changed() {
        std::vector<Look> now = look();
        const bool changed = now != seen_;
        seen_ = std::move(now);
        return changed;
    }

  private:
    using Look = std::array<std::int64_t, 5>;  // all 0: there is no such file

    [[nodiscard]] std::vector<Look> look() const {
        std::vector<Look> looks;
        for (const std::filesystem::path& file : files_) {
            struct stat status {};
            looks.emplace_back();
            if (::stat(file.c_str(), &status) == 0)
                looks.back() = {static_cast<std::int64_t>(status.st_dev),
                                static_cast<std::int64_t>(status.st_ino), status.st_size,
                                status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
        }
        return looks;
    }

    std::vector<std::filesystem::path> files_;
    std::vector<Look> seen_;
};

}  // namespace forecastd::process

#endif
