// What means something only while one batch of points is worked off: which values wait for their stages, and
// what was handed on already.
//
// A Batch lives as long as one Engine::process(). What it needs memory for stands in a Workspace, which the
// engine keeps, so that no batch allocates.
#ifndef FORECASTD_ENGINE_BATCH_HPP
#define FORECASTD_ENGINE_BATCH_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/emitter.hpp"
#include "engine/pipeline.hpp"

namespace forecastd::engine {

class Batch {
  public:
    // A row that waits, in the order of the points.
    struct Waiting {
        Pipeline* pipeline;
        Cohort* cohort;  // nullptr: it is in the nursery, and no stage is concerned
        std::size_t row;
    };
    struct Workspace {
        std::vector<KeyRecord*> records;    // of the points
        std::vector<std::uint64_t> hashes;  // of their keys
        std::vector<FieldPlan*> fields;     // of one point
        std::vector<Waiting> waiting;
        std::vector<Cohort*> cohorts;  // that have rows
        std::uint32_t number = 0;      // of the flushes so far: Series::batch
    };

    Batch(const lineprotocol::Points& points, Sink& sink, Workspace& workspace)
        : points_(points), workspace_(workspace), emitter_(points, workspace.records, sink) {}
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;

    // A row of a cohort, which the next flush gives to its stages. One of the first values of a series binds
    // it.
    Row& add(Pipeline& pipeline, Cohort& cohort, Series& series, const FieldPlan& field, std::size_t point,
             std::int64_t time_ns, double value);
    // A row of a series in the nursery, to be handed on as it is.
    Row& add_waiting(Pipeline& pipeline, Series& series, const FieldPlan& field, std::size_t point,
                     std::int64_t time_ns, double value);

    // Nothing more of the series may be learned before the next flush.
    void bind(Series& series, std::size_t leads);
    [[nodiscard]] bool is_bound(const Series& series) const { return series.batch == workspace_.number; }

    // Runs the stages over all rows that wait, and hands their results on.
    void flush();
    // Hands on an event that no row is about; nothing may wait.
    void tell(const Pipeline& pipeline, const Series& series, const FieldPlan& field, const Event& event) {
        emitter_.event(pipeline, series, field, event);
    }
    // The same of a state.
    void tell(const Pipeline& pipeline, const Series& series, const FieldPlan& field,
              const SeriesState& state) {
        emitter_.state(pipeline, series, field, state);
    }
    // Forgets the rows that wait: nothing is said about them.
    void give_up() noexcept;
    // No more rows than this need wait, so that a batch of large points is worked off in parts.
    static constexpr std::size_t max_waiting = 4096;
    // The first point that is not out yet.
    [[nodiscard]] std::size_t next_original() const { return emitter_.next_original(); }
    [[nodiscard]] std::size_t waiting() const { return workspace_.waiting.size(); }
    // The originals up to a point; those of rows that wait come with the next flush.
    void emit_originals(std::size_t up_to) { emitter_.originals(up_to); }

    [[nodiscard]] const lineprotocol::Points& points() const { return points_; }

  private:
    const lineprotocol::Points& points_;
    Workspace& workspace_;
    Emitter emitter_;
    std::size_t leads_ = 0;  // of the forecasts that are due
};

}  // namespace forecastd::engine

#endif
