// The directory in which snapshots are kept. Its files:
//
//   snapshot          the newest
//   snapshot.before   the one before that, for the case that the newest is damaged
//   snapshot.new-PID  one that a process is writing; what another one has left is removed with the lock
//   snapshot.damaged-TIME, snapshot.foreign-TIME   moved aside, never deleted
//   lock              held by the process that saves
//   evicted, evicted.before   series that gave way to others; see spilled.hpp
//
// A directory, or a snapshot, that others than its owner may write to is refused: what is loaded from it ends
// in the memory of plugins. Nothing else in the directory is touched.
//
// Thread: one at a time.
#ifndef FORECASTD_STATE_DIRECTORY_HPP
#define FORECASTD_STATE_DIRECTORY_HPP

#include <sys/types.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/expected.hpp"

namespace forecastd::state {

// A file descriptor that is closed with its owner.
class Descriptor {
  public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] bool is_open() const { return fd_ >= 0; }

  private:
    int fd_;
};

class Directory {
  public:
    // Makes it if need be, for its owner alone. An error is a sentence.
    static Expected<Directory> open(const std::string& path);
    // One that there is.
    static Expected<Directory> open_existing(const std::string& path);

    // Takes the lock, until the directory is closed. An error: another process holds it, or it cannot be had.
    Expected<void> lock();

    // Opens the snapshots there are, the newest first. A snapshot that must not be read is a problem.
    struct Found {
        std::string name;
        Descriptor file;
    };
    std::vector<Found> snapshots(std::vector<std::string>& problems) const;
    // Moves one aside: why is "damaged" or "foreign". An error: it stays where it is.
    Expected<std::string> move_aside(const std::string& name, std::string_view why) const;

    // A file of another name, for reading and writing, made if need be; and one in the place of another.
    [[nodiscard]] Expected<Descriptor> open_file(const std::string& name) const;
    [[nodiscard]] Expected<void> replace(const std::string& from, const std::string& to) const;

    // A file for the next snapshot, empty. An error is a sentence.
    [[nodiscard]] Expected<Descriptor> begin_new() const;
    // Puts it in the place of the newest, which becomes the one before; file: all of it was written. After an
    // error the snapshots are as before.
    [[nodiscard]] Expected<void> publish(const Descriptor& file) const;
    // Removes a file that a process has begun: this one, or a child that has ended.
    void discard_new(pid_t writer = ::getpid()) const;

    [[nodiscard]] const std::string& path() const { return path_; }
    // In a child process: the lock is the parent's alone.
    void forget_lock() { lock_ = Descriptor(); }

  private:
    Directory(std::string path, Descriptor directory)
        : path_(std::move(path)), directory_(std::move(directory)) {}
    [[nodiscard]] Expected<void> check_owner(int fd, const std::string& name) const;
    void remove_leftovers() const;

    std::string path_;
    Descriptor directory_, lock_;
};

}  // namespace forecastd::state

#endif
