// How a store keeps to the limits: which series may begin, which give way to them, and how these return.
#include <algorithm>
#include <string_view>

#include "engine/series_store.hpp"

namespace forecastd::engine {

// Whether one more series may begin in a cohort. false: it is reported and counted.
bool SeriesStore::room_for_series(const Occasion& occasion, KeyRecord& key, const FieldPlan& field,
                                  Pipeline& pipeline, std::uint16_t cohort) {
    if (occasion.batch && !limiter_.has_room_for_series()) evict(occasion, idle_.find());
    if (limiter_.room_for_series() &&
        room_in_slab(occasion, pipeline, cohort, KeyTable::watch_growth_bytes(key)))
        return true;
    refuse(key, field, pipeline);
    return false;
}

// Whether the records of a cohort may become one more, and a number of other bytes with that. false: it is
// reported.
bool SeriesStore::room_in_slab(const Occasion& occasion, Pipeline& pipeline, std::uint16_t cohort,
                               std::size_t more) {
    const Slab& slab = pipeline.slab_of(cohort);
    const auto wanted = [&] {
        const std::size_t growth = slab.growth_bytes();
        return growth + more + (growth > 0 ? limiter_.kept_for_keys() : 0);
    };
    if (occasion.batch && slab.growth_bytes() > 0 && !limiter_.has_room_for(wanted()))
        evict(occasion, idle_.find(pipeline, cohort));
    return limiter_.room_for(wanted());
}

void SeriesStore::refuse(KeyRecord& key, const FieldPlan& field, const Pipeline& pipeline) {
    limiter_.refuse_series(key.text(), field.name, pipeline.index());
    keys_.refused(key);
}

// Ends series, and keeps what they have learned, if there is a place for it.
void SeriesStore::evict(const Occasion& occasion, std::span<const IdleSeries::Found> found) {
    if (found.empty()) return;
    limiter_.gives_way();
    occasion.batch->flush();
    occasion.batch->emit_originals(occasion.point);
    const Pipeline* saved_pipeline = nullptr;
    std::uint16_t saved_cohort = 0;
    for (const auto& [series, pipeline] : found) {
        ++counters_.evicted_series;
        if (pipeline->config().detect && !series->judged && !series->set_aside) pipeline->ended_unjudged();
        close_event(*occasion.batch, *series, *pipeline,
                    "No value came for some time, and the series gave way to others.");
        if (spill_) {
            if (saved_pipeline != pipeline || saved_cohort != series->cohort)
                saver_.begin(*pipeline, series->cohort);
            saved_pipeline = pipeline;
            saved_cohort = series->cohort;
            // One that cannot be saved begins again if it returns.
            (void)saver_.save(*series, [this](const SavedSeries& saved) { spill_->put(saved); });
        }
        remove(*series, *pipeline);
    }
    if (spill_) spill_->end_group();
}

// A series that gave way before, as it was then; nullptr: there is none, or it does not fit any more.
Series* SeriesStore::take_back(Batch& batch, KeyRecord& key, const FieldPlan::Watcher& watcher,
                               const Value& value) {
    const std::int64_t ttl_ns = limiter_.limits().ttl_ns;
    spill_->take({watcher.pipeline->config().name, key.text(), value.field->name},
                 [&](const SavedSeries& saved) {
                     const auto last_ns = last_time_ns(saved);
                     if (!last_ns || (ttl_ns > 0 && value.time_ns - *last_ns > ttl_ns)) return;
                     (void)load({&batch, value.point}, key, *value.field, watcher, saved.cohort, saved.state);
                 });
    Series** const series = key.series_of(watcher.id);
    if (!series) return nullptr;
    ++counters_.returned_series;
    return *series;
}

}  // namespace forecastd::engine
