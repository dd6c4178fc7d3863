// The engine: owns the series of one process (or of one shard of them), and does with each point what the
// pipelines ask for.
//
// Points go in as batches of views, results come out through a Sink: each original first, then what was
// derived from it. Neither batches nor the moments at which they are cut change a byte of the result. The
// engine has no global state, reads no clock, and never drops an original: what a limit, a plugin or a bad
// value stops is counted.
//
// It only puts together what others do: KeyDirectory finds keys, SeriesStore moves series along their grids,
// stages work off the values, Emitter hands the results on.
//
// Threads: one at a time for an engine; several engines may run side by side.
#ifndef FORECASTD_ENGINE_ENGINE_HPP
#define FORECASTD_ENGINE_ENGINE_HPP

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/expected.hpp"
#include "config/config.hpp"
#include "engine/batch.hpp"
#include "engine/clock.hpp"
#include "engine/counters.hpp"
#include "engine/journal.hpp"
#include "engine/key_directory.hpp"
#include "engine/limiter.hpp"
#include "engine/saved_series.hpp"
#include "engine/series_store.hpp"
#include "engine/silence_watch.hpp"
#include "engine/sink.hpp"
#include "lineprotocol/key_text.hpp"
#include "lineprotocol/point.hpp"

namespace forecastd::engine {

class Engine {
  public:
    // The largest batch that process() takes: enough to hide the latency of memory, and small enough that
    // what is kept for its points stays in the first cache.
    static constexpr std::size_t batch_points = 32;

    // stages must outlive the engine.
    Engine(const config::Config& config, Report report,
           const std::vector<StageMaker>& stages = standard_stages());
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Works off a batch of at most batch_points. clock_ns is the time of points that came without one.
    void process(const lineprotocol::Points& batch, std::int64_t clock_ns, Sink& sink);

    // Calls save for each series that has learned something and is not set aside, those of a cohort one after
    // another. leaves_out: of those for which it is true nothing is read but their names; nullptr: none. The
    // sentence of the first that could not be saved, if any, is the error; the others are saved.
    Expected<void> save(const std::function<void(const SavedSeries&)>& save,
                        const std::function<bool(const SeriesNames&)>& leaves_out = nullptr) const;
    // From now on save() saves the series as they were before the batch that is worked off, if a plugin was loaded
    // that does not come with forecastd. In a copy of the process, after a crash.
    void undo_batch() { journal_.undo(); }
    // What is known beside the series: labels that last, and whether the data is live.
    [[nodiscard]] Bytes save_common() const;

    // Takes a series that was saved, before its first point. After an error, a sentence, it begins with its
    // first point.
    Expected<void> load(const SavedSeries& saved);
    // The same while points come: a series that is there already, has no open event and has learned less gives way
    // to the saved one.
    Expected<void> load_over(const SavedSeries& saved);
    // Before the series. An error: none of it is taken.
    Expected<void> load_common(std::span<const char> bytes);
    // Where series that give way to others are kept, if they are; nullptr: nowhere. It must outlive the engine.
    void set_spill(Spill* spill) { series_.set_spill(spill); }
    // All series that were saved are loaded, and so much time has passed since then: from now on those are
    // waited for that do not come. Before the first point.
    void resume(std::int64_t away_ns);

    // So much time has passed since the last call, by a clock that never goes back: tells of series that have
    // fallen silent, even while no points come. Between calls of process().
    void pass(std::int64_t elapsed_ns, Sink& sink);
    // After how long pass() has something to do if no points come; the greatest number: never.
    [[nodiscard]] std::int64_t due_in_ns() const { return silence_.due_in_ns(); }

    [[nodiscard]] const Counters& counters() const { return counters_; }
    [[nodiscard]] std::size_t allocated_bytes() const;
    [[nodiscard]] const std::vector<std::unique_ptr<Pipeline>>& pipelines() const { return pipelines_; }

  private:
    void work_off(Batch& batch, std::int64_t clock_ns);
    void give_up(Batch& batch) noexcept;
    void look_up(Batch& batch);
    KeyRecord& key_of(Batch& batch, std::size_t index);
    void take(Batch& batch, std::size_t index, KeyRecord& key, std::int64_t time_ns);
    void take(Batch& batch, std::size_t index, KeyRecord& key, const FieldPlan& plan,
              const lineprotocol::FieldView& field, std::int64_t time_ns);
    void take(Batch& batch, KeyRecord& key, const FieldPlan::Watcher& watcher, const Value& value);
    void take_grouped(Batch& batch, const KeyRecord& key, std::string_view raw_field, const Value& value);
    void expire(Batch& batch);
    bool is_label(const lineprotocol::PointView& point) const;
    void take_label(Batch& batch, std::size_t index, std::int64_t time_ns);
    bool reclaim(std::size_t bytes, std::size_t limit);
    void forget_records(Batch& batch);
    Expected<void> load_one(const SavedSeries& saved, bool over);
    [[nodiscard]] std::string renamed(std::string_view key);

    const Report report_;
    const std::vector<config::Rename> renames_;
    const std::optional<std::string> control_;  // the raw measurement of labels
    Counters counters_;
    Limiter limiter_;
    std::vector<std::unique_ptr<Pipeline>> pipelines_;
    KeyDirectory keys_;
    Journal journal_;
    SilenceWatch silence_;
    SeriesStore series_;
    EventClock event_clock_;
    lineprotocol::KeyText key_text_;  // of series that are loaded
    Batch::Workspace workspace_;
    Batch* batch_ = nullptr;   // while it is worked off
    std::size_t current_ = 0;  // the point of it that is being worked off
};

}  // namespace forecastd::engine

#endif
