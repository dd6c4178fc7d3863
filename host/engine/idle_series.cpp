#include "engine/idle_series.hpp"

#include <algorithm>

namespace forecastd::engine {
namespace {

// The cohorts of a pipeline by a number, the nurseries first.
std::size_t cohort_count(const Pipeline& pipeline) { return 2 + pipeline.cohorts().size(); }
std::uint16_t cohort_at(std::size_t number) {
    if (number == 0) return Pipeline::nursery;
    if (number == 1) return Pipeline::wide_nursery;
    return static_cast<std::uint16_t>(number - 2);
}

}  // namespace

bool IdleSeries::look(Pipeline& pipeline, std::uint16_t cohort, Slab::Cursor& cursor, std::size_t& left) {
    const bool waits = Pipeline::is_nursery(cohort);
    Slab& slab = pipeline.slab_of(cohort);
    const std::int64_t interval_ns = waits ? usual_interval_ns : pipeline.cohort(cohort).interval_ns();
    const std::int64_t oldest_ns = clock_.now_ns() - idle_intervals * interval_ns;
    return slab.visit_some(cursor, left, [&](void* record) {
        auto& series = *static_cast<Series*>(record);
        if (series.last_time_ns < oldest_ns) found_.push_back({&series, &pipeline});
    });
}

bool IdleSeries::may_look(const Turn& turn) const {
    if (!gives_way_ || !clock_.is_known()) return false;
    const std::int64_t now_ns = clock_.now_ns();
    return !turn.waits || now_ns < turn.waits_since_ns || now_ns - turn.waits_since_ns >= patience_ns;
}

// A turn is through.
void IdleSeries::end(Turn& turn) const {
    turn.waits = !turn.has_found;
    turn.waits_since_ns = clock_.now_ns();
    turn.has_found = false;
}

// Leaves those that are idle longest.
void IdleSeries::choose() {
    if (found_.size() <= group) return;
    std::nth_element(
        found_.begin(), found_.begin() + group, found_.end(),
        [](const Found& a, const Found& b) { return a.series->last_time_ns < b.series->last_time_ns; });
    found_.resize(group);
}

std::span<const IdleSeries::Found> IdleSeries::find(Pipeline& pipeline, std::uint16_t cohort) {
    found_.clear();
    Turn& turn = turns_[&pipeline.slab_of(cohort)];
    for (std::size_t looked = 0; looked < most && found_.empty() && may_look(turn); looked += sample) {
        std::size_t left = sample;
        const bool is_through = look(pipeline, cohort, turn.cursor, left);
        turn.has_found = turn.has_found || !found_.empty();
        if (is_through) end(turn);
    }
    choose();
    return found_;
}

std::span<const IdleSeries::Found> IdleSeries::find() {
    found_.clear();
    if (pipelines_.empty()) return found_;
    for (std::size_t looked = 0; looked < most && found_.empty() && may_look(all_); looked += sample) {
        Pipeline& pipeline = *pipelines_[pipeline_];
        std::size_t left = sample;
        if (look(pipeline, cohort_at(cohort_), all_.cursor, left)) ++cohort_;
        all_.has_found = all_.has_found || !found_.empty();
        if (cohort_ < cohort_count(pipeline)) continue;
        cohort_ = 0;
        pipeline_ = (pipeline_ + 1) % pipelines_.size();
        if (pipeline_ == 0) end(all_);
    }
    choose();
    return found_;
}

}  // namespace forecastd::engine
