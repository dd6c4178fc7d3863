// Series that gave way to others (engine/spill.hpp), in files of the directory: "evicted", to which is written, and
// "evicted.before". Once the first has half of the series that are kept, it takes the place of the other, whose
// series are then forgotten; so what is kept is bounded, and what was not asked for longest goes.
//
// A file has the header and the blocks of a snapshot (snapshot_format.hpp) and no trailer. Where each series stands
// is kept in memory (spill_index.hpp); the files of an earlier life of the process are read once, at the begin.
// Nothing is synced: after a loss of power some of these series begin again.
//
// A series is written and read while points wait: some microseconds, from and to the system's cache. If the disk
// is full, series are forgotten, which is told once.
//
// Thread: one at a time.
#ifndef FORECASTD_STATE_SPILLED_HPP
#define FORECASTD_STATE_SPILLED_HPP

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "engine/spill.hpp"
#include "state/directory.hpp"
#include "state/snapshot_writer.hpp"
#include "state/spill_index.hpp"

namespace forecastd::state {

class Spilled : public engine::Spill {
  public:
    using Tell = std::function<void(config::LogLevel, const std::string&)>;

    // directory: locked, and outlives it. most: series to keep. An error: the files cannot be used.
    static Expected<std::unique_ptr<Spilled>> open(const Directory& directory, std::size_t most, Tell tell);

    void put(const engine::SavedSeries& saved) override;
    void end_group() override;
    bool take(const engine::SeriesNames& names,
              const std::function<void(const engine::SavedSeries&)>& to) override;
    void forget(const engine::SeriesNames& names) override;

    [[nodiscard]] std::size_t size() const { return current_.index.size() + before_.index.size(); }

  private:
    struct File {
        Descriptor file;
        SpillIndex index;
    };
    Spilled(const Directory& directory, std::size_t most, Tell tell)
        : directory_(directory), most_(most), tell_(std::move(tell)) {}
    Expected<void> open_file(File& file, const std::string& name);
    Expected<void> begin_file();
    bool take_from(File& file, const engine::SeriesNames& names, std::uint64_t hash,
                   const std::function<void(const engine::SavedSeries&)>& to);
    void fail_for_now(const std::string& problem);

    using Clock = std::chrono::steady_clock;
    const Directory& directory_;
    const std::size_t most_;
    const Tell tell_;
    File current_, before_;
    std::optional<SnapshotWriter> writer_;  // to current_; nullopt: nothing can be written
    Clock::time_point next_try_;            // then
    bool problem_told_ = false;
};

}  // namespace forecastd::state

#endif
