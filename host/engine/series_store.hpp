// The series of an engine: how they begin, move on along their grid, begin again, and end. A value that moves
// its series on becomes a row of the batch.
//
// It never looks at how a value is judged or forecast: that is the stages' part. It holds pointers to keys
// and is held by them, but does not own them.
//
// Nothing is global: one SeriesStore with its stages is what a shard has.
//
// Threads: one at a time.
#ifndef FORECASTD_ENGINE_SERIES_STORE_HPP
#define FORECASTD_ENGINE_SERIES_STORE_HPP

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/batch.hpp"
#include "engine/counters.hpp"
#include "engine/idle_series.hpp"
#include "engine/journal.hpp"
#include "engine/key_directory.hpp"
#include "engine/label.hpp"
#include "engine/limiter.hpp"
#include "engine/pipeline.hpp"
#include "engine/saved_series.hpp"
#include "engine/selection.hpp"
#include "engine/series_saver.hpp"
#include "engine/silence_watch.hpp"
#include "engine/spill.hpp"

namespace forecastd::engine {

// A number of a watched field.
struct Value {
    const FieldPlan* field;
    Pipeline* pipeline;
    std::size_t point;  // in the batch
    std::int64_t time_ns;
    double value;
};

class SeriesStore {
  public:
    // All of it must outlive the store; the keys are those of its series.
    SeriesStore(const std::vector<std::unique_ptr<Pipeline>>& pipelines, KeyDirectory& keys, Limiter& limiter,
                SilenceWatch& silence, Journal& journal, Counters& counters)
        : pipelines_(pipelines),
          keys_(keys),
          limiter_(limiter),
          idle_(pipelines, limiter.limits().evict == config::Limits::Evict::lru),
          saver_(keys.selector()),
          silence_(silence),
          journal_(journal),
          counters_(counters) {}
    // Where series that give way are kept; nullptr: nowhere.
    void set_spill(Spill* spill) { spill_ = spill; }

    // A point of this time is about to be worked off.
    void point(std::int64_t time_ns) { idle_.point(time_ns); }

    // The series of a key that a pipeline watches, for a value, made if it is new; nullptr: a limit or a plugin
    // refuses it, which was counted. Idle series may give way to it, which flushes the batch.
    Series* find_or_create(Batch& batch, KeyRecord& key, const FieldPlan::Watcher& watcher,
                           const Value& value);

    // A value of the series. It may flush the batch, and may replace the series by another record.
    void take(Batch& batch, Series& series, const Value& value);

    // The same of a series that is set aside: nothing is done with the value.
    void pass(Batch& batch, Series& series, const Value& value);

    // Idle series give way, so that their keys can be forgotten, before a point of the batch is worked off.
    void make_room(Batch& batch, std::size_t point) { evict({&batch, point}, idle_.find()); }

    // Ends the series that have not been seen since a time, and closes their events. No row may wait.
    void expire(Batch& batch, std::int64_t oldest_ns);

    // Does what a label says with the series that it is about, and with those that begin later. No row may
    // wait.
    void take_label(Batch& batch, const Label& label);

    // Takes over a series that was saved: it must be new to the key. about: what its cohort told then. After
    // an error there is no such series, and it begins at its first value.
    Expected<void> load(KeyRecord& key, const FieldPlan& field, const FieldPlan::Watcher& watcher,
                        std::span<const char> about, std::span<const char> bytes);
    // The same in place of one that is there already, if that has no open event and has learned less. Between
    // points: nothing waits.
    Expected<void> load_over(KeyRecord& key, const FieldPlan& field, const FieldPlan::Watcher& watcher,
                             std::span<const char> about, std::span<const char> bytes);
    // A series whose interval is being learned, as bytes; its cohort tells no_interval.
    static void save_learner(const Series& series, Bytes& bytes);
    // The time of its last point, from these bytes.
    static std::optional<std::int64_t> last_time_of_learner(ByteReader& in);

    // The labels that last, as bytes, and back.
    void save_labels(ByteWriter& out) const;
    Expected<void> load_labels(ByteReader& in);

  private:
    // What a new series may drive out others for: the batch, and the point in it; no batch: for nothing.
    struct Occasion {
        Batch* batch = nullptr;
        std::size_t point = 0;
    };
    static void release(Series& series, Pipeline& pipeline);
    static bool crashed_before(const config::Pipeline& pipeline, const KeyRecord& key,
                               const FieldPlan& field);
    bool room_for_series(const Occasion& occasion, KeyRecord& key, const FieldPlan& field, Pipeline& pipeline,
                         std::uint16_t cohort);
    bool room_in_slab(const Occasion& occasion, Pipeline& pipeline, std::uint16_t cohort, std::size_t more);
    void evict(const Occasion& occasion, std::span<const IdleSeries::Found> found);
    Series* take_back(Batch& batch, KeyRecord& key, const FieldPlan::Watcher& watcher, const Value& value);
    void refuse(KeyRecord& key, const FieldPlan& field, const Pipeline& pipeline);
    Expected<void> load(const Occasion& occasion, KeyRecord& key, const FieldPlan& field,
                        const FieldPlan::Watcher& watcher, std::span<const char> about,
                        std::span<const char> bytes);
    Series* create(Pipeline& pipeline, std::uint16_t cohort, KeyRecord& key, const FieldPlan& field,
                   std::uint32_t watch, std::int64_t time_ns);
    bool attach(KeyRecord& key, const FieldPlan& field, Pipeline& pipeline, Series& series);
    void remove(Series& series, Pipeline& pipeline);
    void close_event(Batch& batch, Series& series, Pipeline& pipeline, std::string_view reason);
    void label_new(Series& series, Pipeline& pipeline, const FieldPlan& field, std::int64_t time_ns);
    static void tell_state(Batch& batch, const Series& series, const Value& value, const SeriesState& state);
    static void tell_passed_over(Batch& batch, Series& series, const Value& value);
    static void tell_failing(Batch& batch, const Series& series, const Value& value, std::string_view reason);
    static void tell_learning_interval(Pipeline& pipeline, Series& series, Row& row);
    void queue(Batch& batch, Series& series, const Value& value);
    void begin_again(Batch& batch, Series& series, const Value& value);
    void learn_interval(Batch& batch, Series& series, const Value& value);
    bool widen(Batch& batch, Series& series, const Value& value);
    void settle(Batch& batch, Series& series, const Value& value);
    Expected<void> load_learner(const Occasion& occasion, KeyRecord& key, const FieldPlan& field,
                                const FieldPlan::Watcher& watcher, std::span<const char> bytes);

    const std::vector<std::unique_ptr<Pipeline>>& pipelines_;
    KeyDirectory& keys_;
    Limiter& limiter_;
    std::vector<Label> labels_;  // that last, for series that begin
    IdleSeries idle_;
    SeriesSaver saver_;  // of series that give way
    Spill* spill_ = nullptr;
    SilenceWatch& silence_;
    Journal& journal_;
    Counters& counters_;
};

}  // namespace forecastd::engine

#endif
