// Hands the results of a batch to the Sink, in the order in which they are to be written: the points as they
// came, and behind each what was derived from it.
//
// It never drops a point: originals go out whether or not anything is said about them.
#ifndef FORECASTD_ENGINE_EMITTER_HPP
#define FORECASTD_ENGINE_EMITTER_HPP

#include <cstddef>
#include <vector>

#include "engine/key_table.hpp"
#include "engine/pipeline.hpp"
#include "engine/sink.hpp"
#include "lineprotocol/point.hpp"

namespace forecastd::engine {

class Emitter {
  public:
    // records: of the batch's points; nullptr: a point without one, which passes on.
    Emitter(const lineprotocol::Points& points, const std::vector<KeyRecord*>& records, Sink& sink)
        : points_(points), records_(records), sink_(sink) {}

    // The originals that are not out yet, up to a point.
    void originals(std::size_t up_to);
    [[nodiscard]] std::size_t next_original() const { return next_original_; }
    // A row behind its original.
    void row(const Pipeline& pipeline, std::int64_t interval_ns, Rows& rows, const Row& row);
    // An event of a series that no row is about, behind the originals that are out.
    void event(const Pipeline& pipeline, const Series& series, const FieldPlan& field, const Event& event);
    // The same of a state.
    void state(const Pipeline& pipeline, const Series& series, const FieldPlan& field,
               const SeriesState& state);

  private:
    const lineprotocol::Points& points_;
    const std::vector<KeyRecord*>& records_;
    Sink& sink_;
    std::size_t next_original_ = 0;
};

}  // namespace forecastd::engine

#endif
