#include "engine/emitter.hpp"

#include <span>

namespace forecastd::engine {
namespace {

SeriesView view_of(const Pipeline& pipeline, const Series& series, const FieldPlan& field) {
    const KeyRecord& key = *series.key;
    const KeyRecord::OutputName name = key.output_name();
    return {key.text(),
            name.measurement,
            name.before,
            name.after,
            field.name,
            field.output_name,
            key.extra && key.extra->has_field_tag,
            pipeline.index(),
            pipeline.config()};
}

template <class Item>
std::span<const Item> slice(const std::vector<Item>& items, Range range) {
    return {items.data() + range.first, range.count};
}

}  // namespace

void Emitter::originals(std::size_t up_to) {
    for (; next_original_ < up_to; ++next_original_) {
        const KeyRecord* const record = records_[next_original_];
        if (!record || record->plan->passes_originals) sink_.original(points_.points[next_original_]);
    }
}

void Emitter::row(const Pipeline& pipeline, std::int64_t interval_ns, Rows& rows, const Row& row) {
    const bool is_told = !row.left_out && (row.tell || row.leads.count > 0 || row.diagnostics.count > 0);
    if (!is_told && row.events.count == 0 && row.states.count == 0) return;
    originals(row.point + 1);
    const SeriesView view = view_of(pipeline, *row.series, *row.field);
    if (row.tell && !row.left_out) sink_.judgement(view, row.judgement);
    for (const Event& event : slice(rows.events, row.events)) sink_.event(view, event);
    for (const SeriesState& state : slice(rows.states, row.states)) sink_.state(view, state);
    if (row.left_out) return;
    if (row.leads.count > 0)
        sink_.forecast(view, {row.judgement.time_ns, row.judgement.y}, slice(rows.leads, row.leads),
                       std::span(rows.reaches).subspan(row.lead_reaches));
    for (const Crossing& crossing : slice(rows.crossings, row.crossings))
        sink_.crossing(view, row.judgement.time_ns, interval_ns, crossing);
    if (row.diagnostics.count > 0)
        sink_.diagnostics(view, row.judgement.time_ns, slice(rows.diagnostics, row.diagnostics));
}

void Emitter::state(const Pipeline& pipeline, const Series& series, const FieldPlan& field,
                    const SeriesState& state) {
    sink_.state(view_of(pipeline, series, field), state);
}

void Emitter::event(const Pipeline& pipeline, const Series& series, const FieldPlan& field,
                    const Event& event) {
    sink_.event(view_of(pipeline, series, field), event);
}

}  // namespace forecastd::engine
