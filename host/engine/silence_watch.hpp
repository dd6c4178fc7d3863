// Finds series that have fallen silent, and tells of their events: one row where nothing came for too long,
// and one where the series returns, or ends. How long is too long is what NoDataStage knows.
//
// The series of a cohort are walked once in an interval by the ArrivalClock, `slice` of them at most in one
// look, so that no point waits for a walk over all. Nothing is told at the end of the input: a series that
// ends there has not fallen silent.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_SILENCE_WATCH_HPP
#define FORECASTD_ENGINE_SILENCE_WATCH_HPP

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "engine/arrival_clock.hpp"
#include "engine/batch.hpp"
#include "engine/counters.hpp"
#include "engine/journal.hpp"
#include "engine/pipeline.hpp"
#include "engine/selection.hpp"

namespace forecastd::engine {

class SilenceWatch {
  public:
    SilenceWatch(const std::vector<std::unique_ptr<Pipeline>>& pipelines, const Selector& selector,
                 Journal& journal, Counters& counters)
        : pipelines_(pipelines), selector_(selector), journal_(journal), counters_(counters) {}

    [[nodiscard]] ArrivalClock& clock() { return clock_; }
    [[nodiscard]] bool is_live() const { return clock_.is_live(); }

    // A point of a series came, before the series moves on.
    void came(Batch& batch, Series& series, Pipeline& pipeline, std::size_t point, std::int64_t time_ns) {
        if (Pipeline::is_nursery(series.cohort)) return;
        Cohort& cohort = pipeline.cohort(series.cohort);
        if (!cohort.no_data()) return;
        clock_.point(time_ns, cohort.interval_ns());
        if (cohort.no_data()->heard(series, time_ns, clock_.now_ns()))
            returned(batch, series, pipeline, point, time_ns);
        if (cohort.next_look_ns < 0) schedule(cohort);
    }

    // The series ends, or begins again: its event is closed.
    void ended(Batch& batch, Series& series, Pipeline& pipeline, std::string_view reason);

    // Whether nothing has come of a series for too long, which was told.
    [[nodiscard]] bool is_silent(const Series& series, Pipeline& pipeline) const {
        if (Pipeline::is_nursery(series.cohort)) return false;
        const NoDataStage* const stage = pipeline.cohort(series.cohort).no_data();
        return stage && stage->is_silent(series);
    }
    // A series was taken over while points come: it is waited for from now on.
    void heard_now(Series& series, Pipeline& pipeline) {
        if (Pipeline::is_nursery(series.cohort)) return;
        Cohort& cohort = pipeline.cohort(series.cohort);
        if (!cohort.no_data()) return;
        cohort.no_data()->end_silence(series, clock_.now_ns());
        if (cohort.next_look_ns < 0) schedule(cohort);
    }

    // Whether series are to be looked at, by the clock.
    [[nodiscard]] bool is_due() const { return clock_.now_ns() >= next_look_ns_; }
    // How long it is until then; the greatest number: for ever.
    [[nodiscard]] std::int64_t due_in_ns() const;
    // Looks at some of them. up_to: the first point of the batch that has not been worked off.
    void look(Batch& batch, std::size_t up_to);

    // Series were taken over that nothing was heard of for so long: from now on they are waited for.
    void resume(std::int64_t away_ns);

    static constexpr std::size_t slice = 4096;

  private:
    void schedule(Cohort& cohort);
    [[nodiscard]] bool is_suppressed(const Cohort& cohort, const Series& series) const;
    void end_walk(Pipeline& pipeline, Cohort& cohort);
    void returned(Batch& batch, Series& series, Pipeline& pipeline, std::size_t point, std::int64_t time_ns);
    void fallen_silent(Batch& batch, Series& series, Pipeline& pipeline, std::size_t up_to);

    const std::vector<std::unique_ptr<Pipeline>>& pipelines_;
    const Selector& selector_;
    Journal& journal_;
    Counters& counters_;
    ArrivalClock clock_;
    std::int64_t next_look_ns_ = std::numeric_limits<std::int64_t>::max();
};

}  // namespace forecastd::engine

#endif
