#include "engine/journal.hpp"

#include <algorithm>
#include <new>

namespace forecastd::engine {

void Journal::keep(const Series& series, Pipeline& pipeline) {
    const bool waits = Pipeline::is_nursery(series.cohort);
    Cohort* const cohort = waits ? nullptr : &pipeline.cohort(series.cohort);
    const Slab& slab = pipeline.slab_of(series.cohort);
    const std::size_t units = (slab.record_size() + sizeof(Unit) - 1) / sizeof(Unit);
    if ((used_ + units) * sizeof(Unit) > most_bytes) return;
    try {
        if (entries_.contains(&series)) return;
        if (bytes_.size() < used_ + units) bytes_.resize(std::max(used_ + units, 2 * bytes_.size()));
        slab.copy(bytes_.data() + used_, &series);
        kept_.push_back({&pipeline, series.cohort, used_});
        used_ += units;
        entries_.insert(&series);
        const auto is_same = [cohort](const Shared& one) { return one.cohort == cohort; };
        if (waits || std::any_of(shared_.begin(), shared_.end(), is_same)) return;
        shared_.push_back({cohort, {}});
        cohort->copy_shared(shared_.back().bytes);
    } catch (const std::bad_alloc&) {
        // Then the series goes on as it is.
    }
}

void Journal::undo() {
    is_undone_ = true;
    for (const Shared& one : shared_) one.cohort->put_shared(one.bytes);
}

}  // namespace forecastd::engine
