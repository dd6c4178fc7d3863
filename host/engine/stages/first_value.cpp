#include "engine/stages/first_value.hpp"

#include <string>

namespace forecastd::engine {

Expected<std::unique_ptr<Stage>> FirstValueStage::make(StageContext& context) {
    const auto& forecast = context.pipeline.forecast;
    if (forecast && forecast->learn_from_anomalies == config::LearnFrom::always) return nullptr;
    return std::unique_ptr<Stage>(new FirstValueStage(context));
}

Expected<void> FirstValueStage::begin(Series& series, const SeriesInfo&) {
    series.first_values = FirstValues::count;
    return {};
}

void FirstValueStage::run(Rows& rows) {
    for (const std::size_t i : rows.young) {
        const Row& row = rows[i];
        if (!row.is_fed()) continue;
        Series& series = *row.series;
        const std::uint32_t taken = FirstValues::count - series.first_values;
        --series.first_values;
        if (first_.of(series).take(row.judgement.y, taken)) rows.beginning_again.push_back(i);
    }
}

Expected<void> FirstValueStage::save(const Series& series, ByteWriter& out) const {
    first_.of(series).save(out);
    out.put(static_cast<std::uint8_t>(series.first_values));
    return {};
}

Expected<void> FirstValueStage::load(Series& series, ByteReader& in, std::span<const char> /*about*/) {
    first_.of(series).load(in);
    const auto to_come = in.take<std::uint8_t>();
    if (to_come > FirstValues::count)
        return fail("the saved series has " + std::to_string(to_come) +
                    " of its first values still to come, expected " + std::to_string(FirstValues::count) +
                    " at most");
    series.first_values = to_come & 15u;
    return {};
}

}  // namespace forecastd::engine
