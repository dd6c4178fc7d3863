// Snapshots: what is written is read again, and what is damaged costs no more than its block.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "state/snapshot_format.hpp"
#include "state/snapshot_reader.hpp"
#include "state/snapshot_writer.hpp"

namespace forecastd::state {
namespace {

constexpr std::string_view common_part = "what is known beside";

struct One {
    std::string pipeline, key, field, cohort, state;
    bool operator==(const One&) const = default;
};

engine::SavedSeries saved(const One& one) {
    return {one.pipeline, one.key, one.field, std::span(one.cohort), std::span(one.state)};
}

// Series of three cohorts, some of them large.
std::vector<One> series(std::size_t count, std::size_t bytes = 2000) {
    std::vector<One> all;
    for (std::size_t i = 0; i < count; ++i)
        all.push_back({i < count / 2 ? "cpu" : "mem", "m,host=" + std::to_string(i), "v",
                       i < count / 3 ? "a cohort" : "another",
                       std::string(bytes + i % 7, char('a' + i % 26))});
    return all;
}

Bytes written(const std::vector<One>& all) {
    const int fd = ::memfd_create("snapshot", 0);
    SnapshotWriter writer(fd, 1234);
    writer.add_common(std::span(common_part));
    for (const One& one : all) writer.add(saved(one));
    REQUIRE(writer.end());
    CHECK(writer.series() == all.size());
    Bytes bytes(writer.bytes());
    REQUIRE(::pread(fd, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    ::close(fd);
    return bytes;
}

// What is read from bytes that come in pieces.
struct Read {
    explicit Read(const Bytes& bytes, std::size_t piece = 4096) {
        std::size_t at = 0;
        SnapshotReader reader([&](std::span<char> space) -> std::ptrdiff_t {
            const std::size_t count = std::min({space.size(), piece, bytes.size() - at});
            if (count > 0) std::memcpy(space.data(), bytes.data() + at, count);
            at += count;
            return static_cast<std::ptrdiff_t>(count);
        });
        const auto begun = reader.begin();
        if (!begun) {
            error = begun.error().text;
            return;
        }
        written_ns = reader.written_ns();
        report = reader.read({[&](const engine::SavedSeries& one) {
                                  all.push_back({std::string(one.pipeline), std::string(one.key),
                                                 std::string(one.field),
                                                 std::string(one.cohort.begin(), one.cohort.end()),
                                                 std::string(one.state.begin(), one.state.end())});
                              },
                              [&](std::span<const char> part) { common.assign(part.begin(), part.end()); }});
    }
    std::string error;
    std::int64_t written_ns = 0;
    SnapshotReport report;
    std::vector<One> all;
    std::string common;
};

}  // namespace

TEST_CASE("what is written is read again, in pieces of any size") {
    for (const std::size_t count : {0u, 1u, 5u, 3000u}) {
        const std::vector<One> all = series(count);
        const Bytes bytes = written(all);
        for (const std::size_t piece : {1u, 1000u, 1u << 20}) {
            if (piece == 1 && count > 100) continue;
            const Read read(bytes, piece);
            CHECK(read.error.empty());
            CHECK(read.written_ns == 1234);
            CHECK(read.report.is_whole);
            CHECK(read.report.announced == count);
            CHECK(read.all == all);
            CHECK(read.common == common_part);
        }
    }
}

TEST_CASE("a flipped bit costs the series of its block alone") {
    const std::vector<One> all = series(2000);  // in about four blocks
    const Bytes bytes = written(all);
    std::minstd_rand random(1);
    for (int i = 0; i < 60; ++i) {
        Bytes damaged = bytes;
        const std::size_t at = header_bytes + random() % (bytes.size() - header_bytes - head_bytes);
        damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
        const Read read(damaged, 1 << 20);
        CHECK_FALSE(read.report.is_whole);
        CHECK(read.all.size() == read.report.series);
        CHECK(read.all.size() >= all.size() - 600);
        CHECK(read.all.size() < all.size());
        for (const One& one : read.all) CHECK(std::find(all.begin(), all.end(), one) != all.end());
    }
}

TEST_CASE("a snapshot that was cut off has the series up to there") {
    const std::vector<One> all = series(2000);
    const Bytes bytes = written(all);
    std::size_t before = 0;
    for (std::size_t size = header_bytes; size < bytes.size(); size += 100'003) {
        const Read read(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)), 1 << 20);
        CHECK_FALSE(read.report.is_whole);
        CHECK(read.all.size() >= before);
        before = read.all.size();
    }
    CHECK(before > 1000);
}

TEST_CASE("what is no snapshot is told") {
    CHECK(Read(Bytes{}).error == "is no snapshot of forecastd");
    const std::string text =
        "some other file, which is longer than the header of a snapshot would be .........";
    CHECK(Read(Bytes(text.begin(), text.end())).error == "is no snapshot of forecastd");
    Bytes bytes = written(series(1));
    CHECK(Read(Bytes(bytes.begin(), bytes.begin() + 40)).error == "ends within its first 64 bytes");
    Bytes newer = bytes;
    newer[16] = 2;
    CHECK(Read(newer).error == "has the format 2, and this version reads format 1");
    bytes[30] = 'x';
    CHECK(Read(bytes).error == "is damaged in its first 64 bytes");
}

TEST_CASE("random bytes do no harm") {
    std::minstd_rand random(2);
    const Bytes bytes = written(series(20, 50));
    for (int i = 0; i < 10'000; ++i) {
        Bytes noise = bytes;
        for (auto changes = 1 + random() % 5; changes > 0; --changes)
            noise[random() % noise.size()] = static_cast<char>(random());
        if (random() % 4 == 0) noise.resize(random() % noise.size());
        const Read read(noise);
        CHECK(read.all.size() <= 20);
    }
}

}  // namespace forecastd::state
