#include "state/snapshot_writer.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "process/clock.hpp"
#include "state/snapshot_format.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace forecastd::state {
namespace {

void put_raw(Bytes& bytes, std::string_view text) { bytes.insert(bytes.end(), text.begin(), text.end()); }

void put_checksum(Bytes& bytes) { ByteWriter(bytes).put(checksum(bytes)); }

// The head of a block, or the trailer.
Bytes head(std::string_view magic, std::uint32_t size, std::uint32_t series, std::uint64_t number) {
    Bytes bytes;
    put_raw(bytes, magic);
    ByteWriter out(bytes);
    out.put(size);
    out.put(series);
    out.put(std::uint32_t{0});
    out.put(number);
    put_checksum(bytes);
    return bytes;
}

bool is_same(std::span<const char> a, const Bytes& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace

std::uint64_t checksum(std::span<const char> bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

SnapshotWriter::SnapshotWriter(int fd, std::int64_t now_ns) : fd_(fd) {
    Bytes header;
    put_raw(header, file_magic);
    ByteWriter out(header);
    out.put(format_version);
    out.put(std::uint32_t{0});
    out.put(now_ns);
    header.resize(header_bytes - sizeof(std::uint64_t), 0);
    put_checksum(header);
    write(header);
}

void SnapshotWriter::add_common(std::span<const char> bytes) {
    ByteWriter out(content_);
    out.put(static_cast<std::uint8_t>(Entry::common));
    out.put(bytes);
}

void SnapshotWriter::add(const engine::SavedSeries& saved) {
    if (has_failed()) return;
    ByteWriter out(content_);
    if (!has_cohort_ || saved.pipeline != pipeline_ || !is_same(saved.cohort, cohort_)) {
        has_cohort_ = true;
        pipeline_ = saved.pipeline;
        cohort_.assign(saved.cohort.begin(), saved.cohort.end());
        out.put(static_cast<std::uint8_t>(Entry::cohort));
        out.put(std::span<const char>(pipeline_));
        out.put(std::span<const char>(cohort_));
    }
    out.put(static_cast<std::uint8_t>(Entry::series));
    out.put(std::span<const char>(saved.key));
    out.put(std::span<const char>(saved.field));
    out.put(saved.state);
    ++in_block_;
    ++series_;
    if (content_.size() >= usual_content) end_block();
}

void SnapshotWriter::end_block() {
    if (content_.empty()) return;
    write(head(block_magic, static_cast<std::uint32_t>(content_.size()), in_block_, checksum(content_)));
    write(content_);
    content_.clear();
    in_block_ = 0;
    has_cohort_ = false;
}

Expected<void> SnapshotWriter::end() {
    end_block();
    write(head(end_magic, 0, 0, series_));
    if (has_failed()) return fail(std::generic_category().message(error_));
    return {};
}

void SnapshotWriter::write(const Bytes& bytes) {
    std::span<const char> rest(bytes);
    while (!has_failed() && !rest.empty()) {
        const ssize_t written = ::write(fd_, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            error_ = written < 0 ? errno : EIO;
            return;
        }
        rest = rest.subspan(static_cast<std::size_t>(written));
        bytes_ += static_cast<std::uint64_t>(written);
    }
}

Expected<Written> write_snapshot(int fd, const engine::Engine& engine, const std::function<bool()>& goes_on,
                                 const std::function<bool(const engine::SeriesNames&)>& leaves_out) {
    SnapshotWriter writer(fd, process::wall_clock_ns());
    writer.add_common(engine.save_common());
    bool in_time = true;
    const auto saved = engine.save(
        [&](const engine::SavedSeries& series) {
            in_time = in_time && goes_on();
            if (in_time) writer.add(series);
        },
        leaves_out);
    if (!in_time) return fail("no time was left for all of its series");
    if (auto ended = writer.end(); !ended)
        return fail("the snapshot cannot be written: " + ended.error().text);
    return Written{writer.series(), writer.bytes(), saved ? "" : saved.error().text};
}

}  // namespace forecastd::state
