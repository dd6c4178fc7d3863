#include "engine/stages/rate.hpp"

namespace forecastd::engine {

Expected<std::unique_ptr<Stage>> RateStage::make(StageContext& context) {
    if (!context.pipeline.rate) return nullptr;
    return std::unique_ptr<Stage>(new RateStage(context));
}

Expected<void> RateStage::begin(Series& series, const SeriesInfo&) {
    reading_.of(series) = {};
    return {};
}

void RateStage::run(Rows& rows) {
    for (Row& row : rows.all()) {
        if (row.left_out) continue;
        row.judgement.y = reading_.of(*row.series).rate(row.judgement.time_ns, row.judgement.y);
        row.left_out = std::isnan(row.judgement.y);
    }
}

Expected<void> RateStage::save(const Series& series, ByteWriter& out) const {
    out.put(reading_.of(series).time_ns);
    out.put(reading_.of(series).value);
    return {};
}

Expected<void> RateStage::load(Series& series, ByteReader& in, std::span<const char> /*about*/) {
    reading_.of(series).time_ns = in.take<std::int64_t>();
    reading_.of(series).value = in.take_double();
    return {};
}

}  // namespace forecastd::engine
