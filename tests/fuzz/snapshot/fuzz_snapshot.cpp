// Whatever the bytes of a snapshot are, reading it ends, and what is loaded of it goes on or is refused with a
// sentence.
//
// The first byte tells what the others are: a file; the content of a block, which is made into a file with the
// right checksums, so that more than these is tried; or what is known beside the series.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "state/snapshot_format.hpp"
#include "state/snapshot_reader.hpp"
#include "unit/engine/rig.hpp"

namespace {

using namespace forecastd;

config::Config both_kinds() {
    config::Pipeline known = engine::doing_both("p"), learned = engine::doing_both("q", 0);
    known.output.event = learned.output.event = "{measurement}_event";
    return engine::with({known, learned});
}

// Takes what the reader hands on, and gives the series that are there some more points.
void read(std::span<const char> file) {
    engine::Rig rig(both_kinds());
    std::size_t at = 0;
    state::SnapshotReader reader([&](std::span<char> space) -> std::ptrdiff_t {
        const std::size_t count = std::min(space.size(), file.size() - at);
        if (count > 0) std::memcpy(space.data(), file.data() + at, count);
        at += count;
        return static_cast<std::ptrdiff_t>(count);
    });
    if (!reader.begin()) return;
    std::string points;
    reader.read({[&](const engine::SavedSeries& saved) {
                     const auto loaded = rig.engine.load(saved);
                     if (!loaded && loaded.error().text.empty()) std::abort();
                     (void)engine::last_time_ns(saved);
                     if (!loaded || points.size() > 10'000) return;
                     for (int i = 0; i < 3; ++i)
                         points += std::string(saved.key) + " v=" + std::to_string(i) + " " +
                                   std::to_string((1000 + 10 * i) * engine::second) + "\n";
                 },
                 [&](std::span<const char> bytes) { (void)rig.engine.load_common(bytes); }});
    rig.engine.resume(3600 * engine::second);
    if (points.find_first_of("\"\\\r") == std::string::npos) rig.feed(points);
    if (!rig.engine.save([](const engine::SavedSeries&) {})) std::abort();
}

void seal(Bytes& bytes, std::size_t from) {
    ByteWriter(bytes).put(state::checksum(std::span(bytes).subspan(from)));
}

// A file with one block of this content.
Bytes file_with(std::span<const char> content) {
    Bytes file(state::file_magic.begin(), state::file_magic.end());
    ByteWriter out(file);
    out.put(state::format_version);
    file.resize(state::header_bytes - 8, 0);
    seal(file, 0);
    std::uint32_t series = 0;
    ByteReader in(content);
    while (in.complete() && !in.at_end()) {
        const auto kind = in.take<std::uint8_t>();
        const int texts = kind == 1 ? 2 : kind == 2 ? 3 : 1;
        for (int i = 0; i < texts; ++i) in.take_bytes();
        series += kind == 2;
    }
    const std::size_t head = file.size();
    file.insert(file.end(), state::block_magic.begin(), state::block_magic.end());
    out.put(static_cast<std::uint32_t>(content.size()));
    out.put(series);
    out.put(std::uint32_t{0});
    out.put(state::checksum(content));
    seal(file, head);
    file.insert(file.end(), content.begin(), content.end());
    return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::span<const char> bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 3) {
        case 0:
            read(bytes);
            break;
        case 1:
            read(file_with(bytes));
            break;
        default: {
            engine::Rig rig(both_kinds());
            if (!rig.engine.load_common(bytes)) break;
            if (!rig.engine.load_common(rig.engine.save_common())) std::abort();
        }
    }
    return 0;
}
