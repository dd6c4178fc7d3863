// Finds the series that give way when a limit is reached: those that have had no point for the longest time.
//
// A series that is still written never gives way: one is idle once its last point is idle_intervals behind the time
// that the data has reached. So neither more series than there is room for, which take turns, nor a sender with ever
// new names can drive out those that are in use.
//
// Looking at all series for each new one would take too long, so records are looked at in turn, `sample` at a time,
// until some are idle, and of these the `group` that are idle longest are found (the sampled form of least recently
// used that Redis has). A call looks at `most` records; where a whole turn finds none, the next one waits until the
// data has gone on for some time.
//
// Threads: one at a time.
#ifndef FORECASTD_ENGINE_IDLE_SERIES_HPP
#define FORECASTD_ENGINE_IDLE_SERIES_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/clock.hpp"
#include "engine/pipeline.hpp"

namespace forecastd::engine {

class IdleSeries {
  public:
    static constexpr std::int64_t idle_intervals = 10;
    static constexpr std::int64_t usual_interval_ns = 60'000'000'000;  // while it is not known
    static constexpr std::size_t sample = 512, most = 16'384, group = 32;

    struct Found {
        Series* series;
        Pipeline* pipeline;
    };

    // The pipelines must outlive it. Without gives_way it finds nothing.
    IdleSeries(const std::vector<std::unique_ptr<Pipeline>>& pipelines, bool gives_way)
        : pipelines_(pipelines), gives_way_(gives_way), clock_(hour_ns) {}

    // A point of this time came.
    void point(std::int64_t time_ns) {
        if (gives_way_) clock_.advance(time_ns);
    }

    // At most `group` series of all, or of a cohort, that are idle; valid until the next call.
    std::span<const Found> find();
    std::span<const Found> find(Pipeline& pipeline, std::uint16_t cohort);

  private:
    static constexpr std::int64_t hour_ns = 3'600'000'000'000;
    static constexpr std::int64_t patience_ns =
        10'000'000'000;  // of the data's time, where a turn found none

    // Where a walk in turns is.
    struct Turn {
        Slab::Cursor cursor;
        bool has_found = true;  // this turn, or there was none yet
        bool waits = false;
        std::int64_t waits_since_ns = 0;
    };
    // Looks at `left` records at most, which it counts down; whether it came to the end of the slab.
    bool look(Pipeline& pipeline, std::uint16_t cohort, Slab::Cursor& cursor, std::size_t& left);
    [[nodiscard]] bool may_look(const Turn& turn) const;
    void end(Turn& turn) const;
    void choose();

    const std::vector<std::unique_ptr<Pipeline>>& pipelines_;
    const bool gives_way_;
    EventClock clock_;
    std::unordered_map<const Slab*, Turn> turns_;  // of looks at one cohort
    std::vector<Found> found_;

    // Of looks at all series: where the next one goes on.
    std::size_t pipeline_ = 0, cohort_ = 0;
    Turn all_;
};

}  // namespace forecastd::engine

#endif
