#include "state/snapshot_reader.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <system_error>

#include "state/snapshot_format.hpp"

namespace forecastd::state {
namespace {

std::string_view text_of(std::span<const char> bytes) { return {bytes.data(), bytes.size()}; }

// Whether the last eight bytes are the checksum of those before.
bool is_sealed(std::span<const char> bytes) {
    const auto body = bytes.first(bytes.size() - sizeof(std::uint64_t));
    return ByteReader(bytes.subspan(body.size())).take<std::uint64_t>() == checksum(body);
}

}  // namespace

SnapshotReader::SnapshotReader(int fd)
    : SnapshotReader([fd](std::span<char> space) -> std::ptrdiff_t {
          for (;;) {
              const ssize_t count = ::read(fd, space.data(), space.size());
              if (count >= 0 || errno != EINTR) return count;
          }
      }) {}

// False: fewer bytes are left.
bool SnapshotReader::make_available(std::size_t count) {
    if (at_ > usual_content && at_ > buffer_.size() / 2) {
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at_));
        dropped_ += at_;
        at_ = 0;
    }
    while (!at_end_ && buffer_.size() - at_ < count) {
        // In steps: a size that is damaged must not make room for what is not there.
        const std::size_t before = buffer_.size();
        const std::size_t step = std::min(std::max(count - (before - at_), header_bytes), usual_content);
        buffer_.resize(before + step);
        const std::ptrdiff_t read = source_(std::span(buffer_).subspan(before));
        buffer_.resize(before + static_cast<std::size_t>(std::max<std::ptrdiff_t>(read, 0)));
        at_end_ = read <= 0;
        if (read < 0) report_.error = errno;
    }
    return buffer_.size() - at_ >= count;
}

Expected<void> SnapshotReader::begin() {
    const bool has_magic =
        make_available(file_magic.size()) && text_of(rest().first(file_magic.size())) == file_magic;
    if (report_.error != 0) return fail("cannot be read: " + std::generic_category().message(report_.error));
    if (!has_magic) return fail("is no snapshot of forecastd");
    if (!make_available(header_bytes)) return fail("ends within its first 64 bytes");
    ByteReader header(rest().subspan(file_magic.size(), header_bytes - file_magic.size()));
    const auto version = header.take<std::uint32_t>();
    if (version != format_version)
        return fail("has the format " + std::to_string(version) + ", and this version reads format " +
                    std::to_string(format_version));
    if (!is_sealed(rest().first(header_bytes))) return fail("is damaged in its first 64 bytes");
    header.take<std::uint32_t>();
    written_ns_ = header.take<std::int64_t>();
    at_ += header_bytes;
    return {};
}

bool SnapshotReader::read_head(std::span<const char> bytes, Head& head) {
    const std::string_view magic = text_of(bytes.first(block_magic.size()));
    if (magic != block_magic && magic != end_magic) return false;
    if (!is_sealed(bytes.first(head_bytes))) return false;
    ByteReader in(bytes.subspan(block_magic.size(), head_bytes - block_magic.size()));
    head.size = in.take<std::uint32_t>();
    head.series = in.take<std::uint32_t>();
    in.take<std::uint32_t>();
    head.number = in.take<std::uint64_t>();
    head.is_end = magic == end_magic;
    return head.size <= longest_content;
}

// The next head that is whole, and behind it. False: there is none.
bool SnapshotReader::find_head(Head& head) {
    for (; make_available(head_bytes); ++at_, ++report_.damaged_bytes) {
        if (!read_head(rest().first(head_bytes), head)) continue;
        at_ += head_bytes;
        return true;
    }
    report_.damaged_bytes += rest().size();
    return false;
}

// Without a taker it looks whether the content is what a writer makes.
bool SnapshotReader::read_content(std::span<const char> content, const Head& head, const Taker* taker) {
    ByteReader in(content);
    engine::SavedSeries saved{};
    std::uint32_t series = 0;
    bool has_cohort = false;
    while (in.complete() && !in.at_end()) {
        switch (static_cast<Entry>(in.take<std::uint8_t>())) {
            case Entry::cohort:
                saved.pipeline = text_of(in.take_bytes());
                saved.cohort = in.take_bytes();
                has_cohort = true;
                continue;
            case Entry::series:
                saved.key = text_of(in.take_bytes());
                saved.field = text_of(in.take_bytes());
                saved.state = in.take_bytes();
                if (!in.complete() || !has_cohort) return false;
                ++series;
                if (taker) taker->series(saved);
                continue;
            case Entry::common: {
                const std::span<const char> bytes = in.take_bytes();
                if (!in.complete()) return false;
                if (taker) taker->common(bytes);
                continue;
            }
        }
        return false;
    }
    return in.complete() && series == head.series;
}

bool SnapshotReader::read_block(const Taker& taker) {
    Head head{};
    while (find_head(head)) {
        if (head.is_end) {
            report_.announced = head.number;
            report_.is_whole = report_.damaged_bytes == 0 && head.number == report_.series;
            return false;
        }
        if (!make_available(head.size)) continue;  // the head lies, or the end is missing
        const auto content = rest().first(head.size);
        if (checksum(content) != head.number || !read_content(content, head, nullptr)) {
            report_.damaged_bytes += head_bytes;
            continue;  // with the byte behind the head, where the next one may stand
        }
        block_at_ = dropped_ + at_ - head_bytes;
        read_content(content, head, &taker);
        report_.series += head.series;
        at_ += head.size;
        return true;
    }
    return false;
}

SnapshotReport SnapshotReader::read(const Taker& taker) {
    while (read_block(taker)) {
    }
    return report_;
}

}  // namespace forecastd::state
