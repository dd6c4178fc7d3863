#include "state/spilled.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "engine/series_id.hpp"
#include "process/clock.hpp"
#include "state/snapshot_reader.hpp"

namespace forecastd::state {
namespace {

constexpr const char* current_name = "evicted";
constexpr const char* before_name = "evicted.before";

std::uint64_t hash_of(const engine::SeriesNames& names) {
    return engine::series_id_hash(names.pipeline, names.key, names.field);
}

// Reads a file from an offset on.
SnapshotReader::Source source_at(int file, std::uint64_t offset) {
    return [file, offset](std::span<char> space) mutable -> std::ptrdiff_t {
        for (;;) {
            const ssize_t count = ::pread(file, space.data(), space.size(), static_cast<off_t>(offset));
            if (count < 0 && errno == EINTR) continue;
            if (count > 0) offset += static_cast<std::uint64_t>(count);
            return count;
        }
    };
}

std::uint64_t size_of(const Descriptor& file) {
    struct stat status {};
    return ::fstat(file.get(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

}  // namespace

Expected<std::unique_ptr<Spilled>> Spilled::open(const Directory& directory, std::size_t most, Tell tell) {
    std::unique_ptr<Spilled> spilled(new Spilled(directory, most, std::move(tell)));
    for (const auto& [file, name] :
         {std::pair(&spilled->before_, before_name), {&spilled->current_, current_name}})
        if (auto opened = spilled->open_file(*file, name); !opened)
            return fail(std::move(opened.error().text));
    const std::uint64_t size = size_of(spilled->current_.file);
    if (size == 0) {
        spilled->writer_.emplace(spilled->current_.file.get(), process::wall_clock_ns());
    } else {
        ::lseek(spilled->current_.file.get(), 0, SEEK_END);
        spilled->writer_.emplace(spilled->current_.file.get(), SnapshotWriter::Append{size});
    }
    return spilled;
}

// Opens it and finds what is in it. One that is no snapshot is moved aside.
Expected<void> Spilled::open_file(File& file, const std::string& name) {
    auto opened = directory_.open_file(name);
    if (!opened) return fail(std::move(opened.error().text));
    file.file = std::move(*opened);
    if (size_of(file.file) == 0) return {};
    SnapshotReader reader(source_at(file.file.get(), 0));
    if (const auto begun = reader.begin(); !begun) {
        const auto aside = directory_.move_aside(name, "foreign");
        tell_(config::LogLevel::warn, "state: '" + directory_.path() + "/" + name + "' " +
                                          begun.error().text + "; " +
                                          (aside ? "it is kept as '" + *aside + "'" : aside.error().text));
        opened = directory_.open_file(name);
        if (!opened) return fail(std::move(opened.error().text));
        file.file = std::move(*opened);
        return {};
    }
    const SnapshotReader::Taker taker{
        [&](const engine::SavedSeries& saved) { file.index.put(hash_of(saved.names()), reader.block_at()); }};
    while (reader.read_block(taker)) {
    }
    return {};
}

// The file to which is written takes the place of the one before, and another one begins.
Expected<void> Spilled::begin_file() {
    writer_.reset();
    if (auto replaced = directory_.replace(current_name, before_name); !replaced) return replaced;
    before_ = std::exchange(current_, File());
    auto opened = directory_.open_file(current_name);
    if (!opened) return fail(std::move(opened.error().text));
    current_.file = std::move(*opened);
    writer_.emplace(current_.file.get(), process::wall_clock_ns());
    return {};
}

void Spilled::put(const engine::SavedSeries& saved) {
    if (!writer_) {
        if (Clock::now() < next_try_) return;
        if (const auto begun = begin_file(); !begun) return fail_for_now(begun.error().text);
    }
    const std::uint64_t hash = hash_of(saved.names());
    before_.index.erase(hash);
    current_.index.put(hash, writer_->bytes());
    writer_->add(saved);
}

void Spilled::end_group() {
    if (!writer_) return;
    writer_->end_block();
    if (writer_->has_failed()) return fail_for_now("a block cannot be written");
    if (problem_told_) tell_(config::LogLevel::info, "state: series that give way are kept again");
    problem_told_ = false;
    if (current_.index.size() >= most_ / 2)
        if (const auto begun = begin_file(); !begun) fail_for_now(begun.error().text);
}

// What was not written is missing where it is looked for.
void Spilled::fail_for_now(const std::string& problem) {
    constexpr std::chrono::minutes patience(1);
    writer_.reset();
    next_try_ = Clock::now() + patience;
    if (!std::exchange(problem_told_, true))
        tell_(config::LogLevel::error,
              "state: series that give way to others are not kept, and begin again if "
              "they return: '" +
                  directory_.path() + "/" + current_name + "': " + problem);
}

bool Spilled::take_from(File& file, const engine::SeriesNames& names, std::uint64_t hash,
                        const std::function<void(const engine::SavedSeries&)>& to) {
    const auto offset = file.index.find(hash);
    if (!offset) return false;
    file.index.erase(hash);
    bool found = false;
    SnapshotReader reader(source_at(file.file.get(), *offset));
    reader.read_block({[&](const engine::SavedSeries& saved) {
        if (found || saved.names() != names) return;
        found = true;
        to(saved);
    }});
    return found;
}

void Spilled::forget(const engine::SeriesNames& names) {
    if (size() == 0) return;
    const std::uint64_t hash = hash_of(names);
    current_.index.erase(hash);
    before_.index.erase(hash);
}

bool Spilled::take(const engine::SeriesNames& names,
                   const std::function<void(const engine::SavedSeries&)>& to) {
    if (size() == 0) return false;
    const std::uint64_t hash = hash_of(names);
    return take_from(current_, names, hash, to) || take_from(before_, names, hash, to);
}

}  // namespace forecastd::state
