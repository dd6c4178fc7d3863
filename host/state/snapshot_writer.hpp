// Writes a snapshot (snapshot_format.hpp) to a file, block by block. Thread: one at a time.
#ifndef FORECASTD_STATE_SNAPSHOT_WRITER_HPP
#define FORECASTD_STATE_SNAPSHOT_WRITER_HPP

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "base/bytes.hpp"
#include "base/expected.hpp"
#include "engine/engine.hpp"

namespace forecastd::state {

class SnapshotWriter {
  public:
    // fd: open for writing, at its beginning; not closed here.
    SnapshotWriter(int fd, std::int64_t now_ns);
    // Goes on with a file that has a header and blocks already, at its end. bytes: its size.
    struct Append {
        std::uint64_t bytes;
    };
    SnapshotWriter(int fd, Append to) : fd_(fd), bytes_(to.bytes) {}

    // After an error all that follows does nothing, and end() reports it.
    void add_common(std::span<const char> bytes);
    void add(const engine::SavedSeries& saved);
    // Ends the block, so that what follows begins another one, at bytes().
    void end_block();
    // Writes what is left, and the trailer. An error: why a byte could not be written.
    Expected<void> end();

    [[nodiscard]] std::uint64_t series() const { return series_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    [[nodiscard]] bool has_failed() const { return error_ != 0; }

  private:
    void write(const Bytes& bytes);

    const int fd_;
    Bytes content_;
    std::uint32_t in_block_ = 0;  // series
    bool has_cohort_ = false;     // the block has told a cohort
    std::string pipeline_;        // of the cohort that the block told last
    Bytes cohort_;
    std::uint64_t series_ = 0, bytes_ = 0;
    int error_ = 0;  // errno of the first write that failed
};

// Writes all that an engine knows to a file, and the end of it. leaves_out: as for Engine::save(); goes_on: asked
// after each series whether there is time for more. An error is a sentence. The result's problem: of the first
// series that could not be saved, if any.
struct Written {
    std::uint64_t series = 0, bytes = 0;
    std::string problem;  // "": none
};
Expected<Written> write_snapshot(int fd, const engine::Engine& engine, const std::function<bool()>& goes_on,
                                 const std::function<bool(const engine::SeriesNames&)>& leaves_out = nullptr);

}  // namespace forecastd::state

#endif
