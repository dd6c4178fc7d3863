#include "state/restore.hpp"

#include <algorithm>
#include <map>
#include <system_error>
#include <utility>

#include "config/units.hpp"
#include "state/snapshot_reader.hpp"

namespace forecastd::state {
namespace {

// Sentences of one kind, which differ in what stands between quotes: the first of them, and how many.
class Kinds {
  public:
    void add(const std::string& sentence) {
        auto& [first, count] = kinds_[without_quoted(sentence)];
        if (count++ == 0) first = sentence;
    }
    void tell(std::vector<std::string>& to) const {
        for (const auto& [kind, one] : kinds_) {
            const auto& [first, count] = one;
            to.push_back(
                std::to_string(count) +
                (count == 1 ? " saved series is not taken over: " : " saved series are not taken over: ") +
                first);
        }
    }

  private:
    static std::string without_quoted(const std::string& sentence) {
        std::string kind;
        bool is_quoted = false;
        for (const char c : sentence) {
            if (c == '\'') is_quoted = !is_quoted;
            if (!is_quoted) kind += c;
        }
        return kind;
    }
    std::map<std::string, std::pair<std::string, std::uint64_t>> kinds_;
};

class Restorer {
  public:
    Restorer(engine::Engine& engine, std::int64_t now_ns) : engine_(engine), now_ns_(now_ns) {}

    // Whether everything is there now.
    bool take_handed_over(int file) {
        SnapshotReader reader(file);
        return reader.begin() && take(reader).is_whole;
    }
    void take_from(const Directory& directory, std::int64_t max_age_ns) {
        for (const Directory::Found& found : directory.snapshots(restored_.problems))
            if (take_file(directory, found, max_age_ns)) return;
    }
    Restored end() {
        kinds_.tell(restored_.problems);
        if (restored_.series > 0) engine_.resume(std::max<std::int64_t>(now_ns_ - restored_.written_ns, 0));
        return std::move(restored_);
    }

  private:
    SnapshotReport take(SnapshotReader& reader) {
        const bool is_first = restored_.written_ns == 0;
        if (is_first) restored_.written_ns = reader.written_ns();
        return reader.read({[this, is_first](const engine::SavedSeries& saved) { take(saved, is_first); },
                            [this, is_first](std::span<const char> bytes) {
                                if (!is_first) return;
                                if (const auto loaded = engine_.load_common(bytes); !loaded)
                                    restored_.problems.push_back(loaded.error().text);
                            }});
    }
    void take(const engine::SavedSeries& saved, bool is_first) {
        const auto loaded = engine_.load(saved);
        if (loaded) {
            ++restored_.series;
        } else if (is_first) {  // in a second file, most are there already
            ++restored_.refused;
            kinds_.add(loaded.error().text);
        }
    }
    // Whether it was the last that is needed.
    bool take_file(const Directory& directory, const Directory::Found& found, std::int64_t max_age_ns) {
        SnapshotReader reader(found.file.get());
        if (const auto begun = reader.begin(); !begun) {
            set_aside(directory, found.name, "foreign", begun.error().text);
            return false;
        }
        const std::int64_t age_ns = now_ns_ - reader.written_ns();
        if (max_age_ns > 0 && age_ns > max_age_ns) {
            restored_.problems.push_back("'" + directory.path() + "/" + found.name + "' is " +
                                         config::format_duration(age_ns / 1'000'000'000 * 1'000'000'000) +
                                         " old, and state.max_age is " + config::format_duration(max_age_ns) +
                                         ": its series begin again");
            return false;
        }
        const SnapshotReport report = take(reader);
        if (report.is_whole) return true;
        set_aside(directory, found.name, "damaged",
                  report.error != 0
                      ? "cannot be read to its end: " + std::generic_category().message(report.error)
                  : report.damaged_bytes > 0
                      ? "is damaged: " + std::to_string(report.damaged_bytes) + " bytes of it are passed over"
                      : "ends before its end: " + std::to_string(report.series) + " series are there");
        return false;
    }
    // It is kept under another name, so that no checkpoint writes over it.
    void set_aside(const Directory& directory, const std::string& name, std::string_view why,
                   const std::string& what) {
        const auto aside = directory.move_aside(name, why);
        restored_.problems.push_back("'" + directory.path() + "/" + name + "' " + what + "; " +
                                     (aside ? "it is kept as '" + *aside + "'" : aside.error().text));
    }

    engine::Engine& engine_;
    const std::int64_t now_ns_;
    Kinds kinds_;
    Restored restored_;
};

}  // namespace

Restored restore(engine::Engine& engine, const Sources& sources, std::int64_t now_ns) {
    Restorer restorer(engine, now_ns);
    const bool is_whole = sources.handed_over >= 0 && restorer.take_handed_over(sources.handed_over);
    if (!is_whole && sources.directory) restorer.take_from(*sources.directory, sources.max_age_ns);
    return restorer.end();
}

}  // namespace forecastd::state
