#include "engine/silence_watch.hpp"

#include <algorithm>

namespace forecastd::engine {

void SilenceWatch::schedule(Cohort& cohort) {
    cohort.next_look_ns = clock_.now_ns() + cohort.interval_ns();
    next_look_ns_ = std::min(next_look_ns_, cohort.next_look_ns);
}

void SilenceWatch::resume(std::int64_t away_ns) {
    for (const auto& pipeline : pipelines_)
        for (const auto& cohort : pipeline->cohorts()) {
            const NoDataStage* const stage = cohort->no_data();
            if (!stage || cohort->slab().count() == 0) continue;
            cohort->slab().for_each([&](void* record) {
                stage->resume(*static_cast<Series*>(record), clock_.is_live() ? away_ns : 0);
            });
            schedule(*cohort);
        }
}

std::int64_t SilenceWatch::due_in_ns() const {
    constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
    if (next_look_ns_ == never || !clock_.is_live()) return never;
    return std::max<std::int64_t>(next_look_ns_ - clock_.now_ns(), 0);
}

void SilenceWatch::look(Batch& batch, std::size_t up_to) {
    std::size_t left = slice;
    const std::int64_t now_ns = clock_.now_ns();
    next_look_ns_ = std::numeric_limits<std::int64_t>::max();
    for (const auto& pipeline : pipelines_)
        for (const auto& cohort : pipeline->cohorts()) {
            if (!cohort->no_data() || cohort->next_look_ns < 0) continue;
            if (now_ns >= cohort->next_look_ns && left > 0) {
                const bool is_through = cohort->slab().visit_some(cohort->looked_at, left, [&](void* record) {
                    auto& series = *static_cast<Series*>(record);
                    if (!is_suppressed(*cohort, series) && cohort->no_data()->is_too_long(series, now_ns))
                        fallen_silent(batch, series, *pipeline, up_to);
                    cohort->judged += series.judged;
                    cohort->stopped_unjudged +=
                        !series.judged && cohort->no_data()->has_stopped(series, now_ns);
                });
                if (is_through) end_walk(*pipeline, *cohort);
            }
            next_look_ns_ = std::min(next_look_ns_, cohort->next_look_ns);
        }
}

bool SilenceWatch::is_suppressed(const Cohort& cohort, const Series& series) const {
    return cohort.labels() &&
           cohort.labels()->is_suppressed(series, cohort.no_data()->time_now(series, clock_.now_ns()));
}

void SilenceWatch::end_walk(Pipeline& pipeline, Cohort& cohort) {
    cohort.next_look_ns = clock_.now_ns() + cohort.interval_ns();
    pipeline.review_warm_up(cohort.stopped_unjudged, cohort.judged);
    cohort.stopped_unjudged = cohort.judged = 0;
}

void SilenceWatch::fallen_silent(Batch& batch, Series& series, Pipeline& pipeline, std::size_t up_to) {
    ++counters_.silences;
    journal_.changes(series, pipeline);
    pipeline.cohort(series.cohort).no_data()->fall_silent(series);
    batch.flush();
    batch.emit_originals(up_to);
    const FieldPlan& field = selector_.field_of(series.watch);
    batch.tell(pipeline, series, field,
               pipeline.cohort(series.cohort).no_data()->opening(series, field.name, clock_.now_ns()));
}

// The end of the silence is told behind the point that ended it, and lies 1 ns before it, as that point may
// open another event.
void SilenceWatch::returned(Batch& batch, Series& series, Pipeline& pipeline, std::size_t point,
                            std::int64_t time_ns) {
    batch.flush();
    batch.emit_originals(point + 1);
    NoDataStage& stage = *pipeline.cohort(series.cohort).no_data();
    const FieldPlan& field = selector_.field_of(series.watch);
    std::int64_t end_ns = std::max(time_ns - 1, stage.time_now(series, clock_.now_ns()));
    if (end_ns == time_ns) --end_ns;
    batch.tell(pipeline, series, field, stage.closing(series, field.name, end_ns, "no data"));
    stage.end_silence(series, clock_.now_ns());
}

void SilenceWatch::ended(Batch& batch, Series& series, Pipeline& pipeline, std::string_view reason) {
    if (Pipeline::is_nursery(series.cohort)) return;
    NoDataStage* const stage = pipeline.cohort(series.cohort).no_data();
    if (!stage || !stage->is_silent(series)) return;
    const FieldPlan& field = selector_.field_of(series.watch);
    batch.tell(pipeline, series, field,
               stage->closing(series, field.name, stage->time_now(series, clock_.now_ns()), reason));
    stage->end_silence(series, clock_.now_ns());
}

}  // namespace forecastd::engine
