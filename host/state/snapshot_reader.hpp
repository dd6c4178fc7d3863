// Reads a snapshot (snapshot_format.hpp) as a stream, in memory of about one block. Bytes of any content do
// no harm: what is damaged is passed over and counted. Thread: one at a time.
#ifndef FORECASTD_STATE_SNAPSHOT_READER_HPP
#define FORECASTD_STATE_SNAPSHOT_READER_HPP

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "base/bytes.hpp"
#include "base/expected.hpp"
#include "engine/engine.hpp"

namespace forecastd::state {

// What a snapshot turned out to be.
struct SnapshotReport {
    std::uint64_t series = 0;         // that were handed on
    std::uint64_t damaged_bytes = 0;  // that were passed over
    bool is_whole = false;            // nothing was damaged, and the trailer was there
    std::uint64_t announced = 0;      // series by the trailer; 0 without one
    int error = 0;                    // errno, if it could not be read to its end
};

class SnapshotReader {
  public:
    // Fills a space with the next bytes; returns how many, 0 at the end, below 0 if it cannot be read.
    using Source = std::function<std::ptrdiff_t(std::span<char> space)>;
    explicit SnapshotReader(Source source) : source_(std::move(source)) {}
    // Of an open file, from where it stands; not closed here.
    explicit SnapshotReader(int fd);

    // Reads the header, first of all. An error: it is no snapshot, or one of another format; a sentence
    // without a subject, such as "is no snapshot of forecastd".
    Expected<void> begin();
    [[nodiscard]] std::int64_t written_ns() const { return written_ns_; }

    // Hands each series on, and before them what is known beside; what these get is valid during the call.
    struct Taker {
        std::function<void(const engine::SavedSeries&)> series;
        std::function<void(std::span<const char>)> common = [](std::span<const char>) {};
    };
    SnapshotReport read(const Taker& taker);
    // The same block by block, also of a source that begins at one: false at the end.
    bool read_block(const Taker& taker);
    // How many bytes stand before the last block, from the begin of the source.
    [[nodiscard]] std::uint64_t block_at() const { return block_at_; }
    [[nodiscard]] const SnapshotReport& report() const { return report_; }

  private:
    struct Head {
        std::uint32_t size, series;
        std::uint64_t number;
        bool is_end;
    };
    bool make_available(std::size_t count);
    [[nodiscard]] std::span<const char> rest() const { return std::span(buffer_).subspan(at_); }
    [[nodiscard]] static bool read_head(std::span<const char> bytes, Head& head);
    bool find_head(Head& head);
    static bool read_content(std::span<const char> content, const Head& head, const Taker* taker);

    Source source_;
    Bytes buffer_;
    std::size_t at_ = 0;  // of the first byte that was not read
    std::uint64_t dropped_ = 0,
                  block_at_ = 0;  // bytes of the source before the buffer, before the last block
    SnapshotReport report_;
    bool at_end_ = false;
    std::int64_t written_ns_ = 0;
};

}  // namespace forecastd::state

#endif
