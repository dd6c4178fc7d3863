#include "engine/stages/accuracy_stage.hpp"

#include <limits>

namespace forecastd::engine {

Expected<std::unique_ptr<Stage>> AccuracyStage::make(StageContext& context) {
    if (!context.forecaster || !context.measures_accuracy) return nullptr;
    std::unique_ptr<AccuracyStage> stage(new AccuracyStage(context));
    context.accuracy = stage.get();
    return stage;
}

Expected<void> AccuracyStage::begin(Series& series, const SeriesInfo&) {
    last_.of(series).value = std::numeric_limits<double>::quiet_NaN();
    return {};
}

void AccuracyStage::run(Rows& rows) {
    for (const Row& row : rows.all()) {
        if (!row.is_fed()) continue;
        double& last = last_.of(*row.series).value;
        const double y = row.judgement.y;
        if (!row.held_back)
            measure_.add(y - row.judgement.yhat, y - last,
                         std::span(rows.reaches).subspan(row.reaches, levels_));
        last = y;
    }
}

Expected<void> AccuracyStage::save(const Series& series, ByteWriter& out) const {
    out.put(last_.of(series).value);
    return {};
}

Expected<void> AccuracyStage::load(Series& series, ByteReader& in, std::span<const char> /*about*/) {
    last_.of(series).value = in.take_double();
    return {};
}

}  // namespace forecastd::engine
