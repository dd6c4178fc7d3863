// Writes what an engine has learned to the directory, while it runs.
//
// A checkpoint is made by a child process: fork() gives it the memory of all series as it is between two
// points, and it writes that while the parent goes on. The parent is held up by the fork alone, which copies
// page tables: some milliseconds for a gigabyte. While the child writes, the system copies each page that the
// parent changes, so the memory of the series may be needed twice for that time. (The other way, saving a part
// of the series between two points each time, needs no second memory, but makes a snapshot of no one moment,
// and holds up points for as long as the saving takes in all.)
//
// A plugin that crashes or hangs while it saves ends the child, and there is no new checkpoint.
//
// At the end of a run the process writes the last checkpoint itself.
//
// Thread: the main thread.
#ifndef FORECASTD_STATE_CHECKPOINT_HPP
#define FORECASTD_STATE_CHECKPOINT_HPP

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/expected.hpp"
#include "engine/engine.hpp"
#include "state/directory.hpp"
#include "state/snapshot_writer.hpp"

namespace forecastd::state {

class Checkpoint {
  public:
    using Clock = std::chrono::steady_clock;

    explicit Checkpoint(Directory& directory) : directory_(directory) {}
    ~Checkpoint();
    Checkpoint(const Checkpoint&) = delete;
    Checkpoint& operator=(const Checkpoint&) = delete;

    // Begins one beside the flow, unless one is under way. An error is a sentence.
    Expected<void> begin(const engine::Engine& engine);
    [[nodiscard]] bool is_under_way() const { return child_ > 0; }
    // The result of the one that was under way, once it has ended; nullopt: it goes on, or there is none. One
    // that takes longer than `patience` is ended.
    std::optional<Expected<Written>> poll();

    // Ends the one that is under way.
    void abandon();

    // Writes one now, and gives up at the deadline: the one before then stays.
    Expected<Written> write_now(const engine::Engine& engine, Clock::time_point deadline);

    static constexpr std::chrono::minutes patience{10};

  private:
    [[noreturn]] void write_in_child(const engine::Engine& engine, int report);

    Directory& directory_;
    pid_t child_ = -1;
    Descriptor report_;  // what the child writes: a line
    Clock::time_point began_;
};

}  // namespace forecastd::state

#endif
