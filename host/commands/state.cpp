// forecastd state: what the snapshots of a directory hold.
#include <unistd.h>

#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "commands/command.hpp"
#include "config/units.hpp"
#include "engine/series_store.hpp"
#include "lineprotocol/key_text.hpp"
#include "lineprotocol/names.hpp"
#include "process/clock.hpp"
#include "state/directory.hpp"
#include "state/snapshot_reader.hpp"
#include "state/snapshot_writer.hpp"
#include "text/escaped.hpp"

namespace forecastd::commands {
namespace {

using engine::SavedSeries;

struct Sizes {
    std::uint64_t series = 0, bytes = 0;
};

void report(const std::string& sentence) {
    std::cerr << "E! forecastd state: " << text::escaped(sentence) << "\n";
}

std::string interval_of(const SavedSeries& saved) {
    const auto interval_ns = ByteReader(saved.cohort).take<std::int64_t>();
    return interval_ns == engine::no_interval ? "being learned" : config::format_duration(interval_ns);
}

// A line of JSON for each series.
void export_series(const SavedSeries& saved) {
    const std::optional<std::int64_t> last_ns = engine::last_time_ns(saved);
    const nlohmann::ordered_json line{{"pipeline", saved.pipeline},
                                      {"key", saved.key},
                                      {"field", saved.field},
                                      {"interval", interval_of(saved)},
                                      {"last_time", last_ns ? nlohmann::ordered_json(*last_ns) : nullptr},
                                      {"bytes", saved.state.size()}};
    std::cout << line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
}

std::string age_of(std::int64_t written_ns) {
    const std::int64_t seconds = (process::wall_clock_ns() - written_ns) / 1'000'000'000;
    return seconds < 0 ? "in the future" : config::format_duration(seconds * 1'000'000'000) + " ago";
}

std::string damage_of(const state::SnapshotReport& report) {
    return "is damaged: " + std::to_string(report.damaged_bytes) + " bytes of it cannot be read, and " +
           std::to_string(report.series) + " of " +
           (report.announced > 0 ? std::to_string(report.announced) : "an unknown number of") +
           " series are there";
}

// Whether the snapshot is whole.
bool show(const state::Directory& directory, const state::Directory::Found& found,
          const options::variables_map& values) {
    const std::string name = directory.path() + "/" + found.name;
    state::SnapshotReader reader(found.file.get());
    if (auto begun = reader.begin(); !begun) {
        report("'" + name + "' " + begun.error().text);
        return false;
    }
    const bool exports = values.count("json") > 0;
    const std::string wanted = values.count("series") > 0 ? values["series"].as<std::string>() : "";
    std::map<std::string, Sizes> pipelines;
    const state::SnapshotReport read = reader.read({[&](const SavedSeries& saved) {
        if (!wanted.empty() && saved.key.find(wanted) == std::string_view::npos) return;
        Sizes& sizes = pipelines[std::string(saved.pipeline)];
        ++sizes.series;
        sizes.bytes += saved.state.size();
        if (exports) export_series(saved);
    }});
    if (!exports) {
        std::cout << text::escaped(name) << ": written " << age_of(reader.written_ns()) << ", " << read.series
                  << " series\n";
        for (const auto& [pipeline, sizes] : pipelines)
            std::cout << "  pipeline '" << text::escaped(pipeline) << "': " << sizes.series << " series, "
                      << sizes.bytes / std::max<std::uint64_t>(sizes.series, 1) << " bytes each\n";
    }
    if (!read.is_whole) report("'" + name + "' " + damage_of(read));
    return read.is_whole;
}

// What becomes of a saved series: its key, or another one; nullopt: it goes.
using Change = std::function<std::optional<std::string>(const SavedSeries&)>;

// Reads the newest snapshot, and writes it again with changes.
class Rewriting {
  public:
    static Expected<Rewriting> begin(state::Directory& directory) {
        if (auto locked = directory.lock(); !locked) return fail(locked.error().text + "; stop it first");
        std::vector<std::string> problems;
        auto snapshots = directory.snapshots(problems);
        if (!problems.empty()) return fail(problems.front());
        if (snapshots.empty()) return fail("there is no snapshot in '" + directory.path() + "'");
        return Rewriting(directory, std::move(snapshots.front()));
    }

    Expected<void> read(const state::SnapshotReader::Taker& taker) const {
        ::lseek(found_.file.get(), 0, SEEK_SET);
        state::SnapshotReader reader(found_.file.get());
        const std::string name = "'" + directory_.path() + "/" + found_.name + "' ";
        if (auto begun = reader.begin(); !begun) return fail(name + begun.error().text);
        const state::SnapshotReport result = reader.read(taker);
        if (!result.is_whole) return fail(name + damage_of(result));
        return {};
    }

    Expected<void> write(const Change& change) const {
        const auto file = directory_.begin_new();
        if (!file) return fail(file.error().text);
        state::SnapshotWriter writer(file->get(), process::wall_clock_ns());
        auto done = read({[&](const SavedSeries& saved) {
                              const auto key = change(saved);
                              if (!key) return;
                              SavedSeries changed = saved;
                              changed.key = *key;
                              writer.add(changed);
                          },
                          [&](std::span<const char> bytes) { writer.add_common(bytes); }});
        if (done)
            if (auto ended = writer.end(); !ended)
                done = fail("the snapshot cannot be written: " + ended.error().text);
        if (!done) {
            directory_.discard_new();
            return done;
        }
        return directory_.publish(*file);
    }

  private:
    Rewriting(const state::Directory& directory, state::Directory::Found found)
        : directory_(directory), found_(std::move(found)) {}
    const state::Directory& directory_;
    state::Directory::Found found_;
};

// Removes the series that were not seen for so long before the last point of all.
Expected<void> prune(state::Directory& directory, std::int64_t age_ns) {
    const auto rewriting = Rewriting::begin(directory);
    if (!rewriting) return fail(rewriting.error().text);
    std::int64_t latest_ns = std::numeric_limits<std::int64_t>::min();
    if (auto read = rewriting->read({[&](const SavedSeries& saved) {
            latest_ns = std::max(latest_ns, engine::last_time_ns(saved).value_or(latest_ns));
        }});
        !read)
        return read;
    std::uint64_t gone = 0, stay = 0;
    const Change change = [&](const SavedSeries& saved) -> std::optional<std::string> {
        const bool is_old = latest_ns - engine::last_time_ns(saved).value_or(latest_ns) > age_ns;
        ++(is_old ? gone : stay);
        if (is_old) return std::nullopt;
        return std::string(saved.key);
    };
    if (auto written = rewriting->write(change); !written) return written;
    std::cout << gone << " series are gone, " << stay << " stay; the snapshot from before is '"
              << text::escaped(directory.path()) << "/snapshot.before'\n";
    return {};
}

// Gives series with a value of a tag another one: rule is "TAG=OLD=NEW".
Expected<void> rename(state::Directory& directory, const std::string& rule) {
    const std::size_t first = rule.find('='), second = first == rule.npos ? first : rule.find('=', first + 1);
    if (second == rule.npos || first == 0 || second == first + 1 || second + 1 == rule.size())
        return fail("--rename: found '" + rule + "', expected TAG=OLD=NEW, such as host=db1=db2");
    const std::string tag = rule.substr(0, first), old = rule.substr(first + 1, second - first - 1),
                      fresh = rule.substr(second + 1);
    const auto rewriting = Rewriting::begin(directory);
    if (!rewriting) return fail(rewriting.error().text);
    std::uint64_t renamed = 0;
    lineprotocol::KeyText text;
    const Change change = [&](const SavedSeries& saved) -> std::optional<std::string> {
        const auto point = text.read(saved.key);
        if (!point) return std::string(saved.key);
        lineprotocol::Key key = lineprotocol::parse_key(saved.key, point->measurement_size);
        bool is_other = false;
        for (auto& [name, value] : key.tags)
            if (name == tag && value == old) {
                value = fresh;
                is_other = true;
            }
        renamed += is_other;
        return is_other ? lineprotocol::canonical_key(key) : std::string(saved.key);
    };
    if (auto written = rewriting->write(change); !written) return written;
    std::cout << renamed << " series are renamed; the snapshot from before is '"
              << text::escaped(directory.path()) << "/snapshot.before'\n";
    return {};
}

int run(const options::variables_map& values) {
    auto directory = state::Directory::open_existing(values["DIR"].as<std::string>());
    if (!directory) {
        report(directory.error().text);
        return failure;
    }
    if (values.count("prune")) {
        const auto age_ns = config::parse_duration(values["prune"].as<std::string>());
        if (!age_ns) {
            report("--prune: " + age_ns.error().text);
            return usage;
        }
        const auto pruned = prune(*directory, *age_ns);
        if (!pruned) report(pruned.error().text);
        return pruned ? success : failure;
    }
    if (values.count("rename")) {
        const auto renamed = rename(*directory, values["rename"].as<std::string>());
        if (!renamed) report(renamed.error().text);
        return renamed ? success : failure;
    }
    std::vector<std::string> problems;
    const auto snapshots = directory->snapshots(problems);
    for (const std::string& problem : problems) report(problem);
    if (snapshots.empty() && problems.empty()) report("there is no snapshot in '" + directory->path() + "'");
    bool is_good = problems.empty() && !snapshots.empty();
    for (const auto& found : snapshots) {
        is_good = show(*directory, found, values) && is_good;
        if (values.count("json") > 0) break;  // the newest
    }
    return is_good ? success : failure;
}

}  // namespace

Command state_command() {
    return {
        "state",
        "what was saved of the series",
        "Reads the snapshots in DIR, the state.dir of a config, and prints when each was written and what "
        "it holds,\n"
        "by pipeline. It reads every byte, and changes none but with --prune and --rename. Returns 0, or 1 "
        "if a snapshot "
        "is damaged\n"
        "or there is none.",
        {{"DIR", "the directory that state.dir of a config names", true}},
        [](options::options_description_easy_init& add) {
            add("json", "the series of the newest snapshot, a line of JSON each");
            add("series", options::value<std::string>()->value_name("TEXT"),
                "count, or print, only series whose key holds this text");
            add("prune", options::value<std::string>()->value_name("AGE"),
                "remove the series without a point in this time before the last one of all, such as 30d; "
                "while no forecastd runs with the directory");
            add("rename", options::value<std::string>()->value_name("TAG=OLD=NEW"),
                "give the series with this value of a tag another one, such as host=db1=db2 for a host that "
                "has a new "
                "name; while no forecastd runs with the directory");
        },
        run};
}

}  // namespace forecastd::commands
