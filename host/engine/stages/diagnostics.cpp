#include "engine/stages/diagnostics.hpp"

#include <limits>

#include "engine/grid.hpp"

namespace forecastd::engine {

Expected<std::unique_ptr<Stage>> DiagnosticsStage::make(StageContext& context) {
    if (!context.forecaster || context.pipeline.forecast->diagnostics_every_ns == 0) return nullptr;
    if (!context.forecaster->feed().model().algorithm().diagnostics.table) return nullptr;
    std::unique_ptr<DiagnosticsStage> stage(new DiagnosticsStage(context));
    context.diagnostics = stage.get();
    return stage;
}

DiagnosticsStage::DiagnosticsStage(StageContext& context)
    : forecaster_(*context.forecaster),
      next_(context.layout.add<Next>("diagnostics")),
      every_ns_(context.pipeline.forecast->diagnostics_every_ns) {}

Expected<void> DiagnosticsStage::begin(Series& series, const SeriesInfo&) {
    next_.of(series).due_ns = std::numeric_limits<std::int64_t>::min();
    return {};
}

void DiagnosticsStage::run(Rows& rows) {
    for (Row& row : rows.all()) {
        if (!row.diagnosis_due || !row.is_fed()) continue;
        Series& series = *row.series;
        next_.of(series).due_ns = (floor_divide(row.judgement.time_ns, every_ns_) + 1) * every_ns_;
        const ModelFeed& feed = forecaster_.feed();
        const plugin::AtSeries at_series(feed.subject(row));
        if (const auto known = feed.model().diagnose(feed.state(series), values_); !known) {
            forecaster_.set_aside(row, known.error().text);
            continue;
        }
        row.diagnostics = {static_cast<std::uint32_t>(rows.diagnostics.size()),
                           static_cast<std::uint32_t>(values_.size())};
        rows.diagnostics.insert(rows.diagnostics.end(), values_.begin(), values_.end());
    }
}

Expected<void> DiagnosticsStage::save(const Series& series, ByteWriter& out) const {
    out.put(next_.of(series).due_ns);
    return {};
}

Expected<void> DiagnosticsStage::load(Series& series, ByteReader& in, std::span<const char> /*about*/) {
    next_.of(series).due_ns = in.take<std::int64_t>();
    return {};
}

}  // namespace forecastd::engine
