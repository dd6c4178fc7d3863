#include "engine/emitter.hpp"

#include <span>

namespace forecastd::engine {
namespace {

SeriesView view_of(const Pipeline& pipeline, const Row& row) {
    const KeyRecord& key = *row.series->key;
    const KeyRecord::OutputName name = key.output_name();
    return {key.text(),
            name.measurement,
            name.before,
            name.after,
            row.field->name,
            row.field->output_name,
            key.extra && key.extra->has_field_tag,
            pipeline.index(),
            pipeline.config(),
            pipeline.widths()};
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
    if (row.left_out) return;
    if (!row.tell && row.leads.count == 0 && row.diagnostics.count == 0) return;
    originals(row.point + 1);
    const SeriesView view = view_of(pipeline, row);
    if (row.tell) sink_.judgement(view, row.judgement);
    if (row.leads.count > 0)
        sink_.forecast(view, {row.judgement.time_ns, row.judgement.y}, slice(rows.leads, row.leads));
    for (const Crossing& crossing : slice(rows.crossings, row.crossings))
        sink_.crossing(view, row.judgement.time_ns, interval_ns, crossing);
    if (row.diagnostics.count > 0)
        sink_.diagnostics(view, row.judgement.time_ns, slice(rows.diagnostics, row.diagnostics));
}

}  // namespace forecastd::engine
