#include "engine/stages/labels.hpp"

#include <limits>

namespace forecastd::engine {
namespace {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();

}  // namespace

Expected<std::unique_ptr<Stage>> LabelsStage::make(StageContext& context) {
    if (!context.pipeline.detect || !context.pipeline.takes_labels) return nullptr;
    std::unique_ptr<LabelsStage> stage(new LabelsStage(context));
    context.labels = stage.get();
    return stage;
}

Expected<void> LabelsStage::begin(Series& series, const SeriesInfo&) {
    labels_.of(series) = {never, never};
    return {};
}

void LabelsStage::run(Rows& rows) {
    for (Row& row : rows.all()) {
        const Known& known = labels_.of(*row.series);
        row.normal = row.judgement.time_ns < known.normal_until_ns;
        row.suppressed = row.normal || row.judgement.time_ns < known.suppressed_until_ns;
    }
}

void LabelsStage::take(Series& series, const Label& label) const {
    Known& known = labels_.of(series);
    if (label.action == Label::Action::suppress) known.suppressed_until_ns = label.until_ns;
    if (label.action == Label::Action::resume) known = {never, never};
    if (label.action == Label::Action::normal) known.normal_until_ns = label.until_ns;
}

Expected<void> LabelsStage::save(const Series& series, ByteWriter& out) const {
    out.put(labels_.of(series).suppressed_until_ns);
    out.put(labels_.of(series).normal_until_ns);
    return {};
}

Expected<void> LabelsStage::load(Series& series, ByteReader& in, std::span<const char> /*about*/) {
    labels_.of(series).suppressed_until_ns = in.take<std::int64_t>();
    labels_.of(series).normal_until_ns = in.take<std::int64_t>();
    return {};
}

}  // namespace forecastd::engine
