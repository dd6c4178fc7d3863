#include "engine/stages/thresholds.hpp"

#include <algorithm>
#include <cmath>

#include "engine/stages/forecasts.hpp"

namespace forecastd::engine {

Expected<std::unique_ptr<Stage>> ThresholdsStage::make(StageContext& context) {
    if (!context.forecaster || context.pipeline.forecast->thresholds.empty()) return nullptr;
    const config::Forecast& forecast = *context.pipeline.forecast;
    const auto leads = leads_of(forecast, context.interval_ns);
    if (!leads) return fail(leads.error().text);
    const auto max_lead = search_of(forecast, leads->back(), context.interval_ns);
    if (!max_lead) return fail(max_lead.error().text);
    return std::unique_ptr<Stage>(new ThresholdsStage(context, *max_lead));
}

ThresholdsStage::ThresholdsStage(StageContext& context, std::int64_t max_lead)
    : forecaster_(*context.forecaster),
      thresholds_(context.pipeline.forecast->thresholds),
      calibration_(*context.calibration),
      max_lead_(max_lead) {}

void ThresholdsStage::run(Rows& rows) {
    for (Row& row : rows.all())
        if (row.leads.count > 0) search(rows, row);
}

// Steps are asked for in blocks that double: a crossing nearby costs little, and a model that has to walk up
// to the first step of each block walks no more than twice as far as without blocks.
void ThresholdsStage::search(Rows& rows, Row& row) {
    search_.begin(thresholds_, row.judgement.y);
    std::int64_t block = 64;
    for (std::int64_t lead = 0; lead < max_lead_ && !search_.done(); block *= 2) {
        const auto asked = static_cast<std::uint32_t>(std::min(block, max_lead_ - lead));
        const std::int32_t result = forecaster_.ask(row, row.step + lead + 1, asked);
        if (result == FCD_ERROR) row.diagnosis_due = false;
        if (result != FCD_OK) return;
        const std::uint32_t count = forecaster_.sound_predictions(asked);  // a model may run off to infinity
        for (std::uint32_t i = 0; i < count; ++i) {
            const fcd_prediction& prediction = forecaster_.prediction(i);
            ++lead;
            search_.add_step(prediction.mean,
                             calibration_.greatest_reach(
                                 *row.series, calibration_.leads().between(lead),
                                 forecaster_.deviation_at(*row.series, lead, prediction.deviation)));
        }
        if (count < asked) break;
    }
    row.crossings.first = static_cast<std::uint32_t>(rows.crossings.size());
    for (const Crossing& crossing : search_.result())
        if (!std::isnan(crossing.mean)) rows.crossings.push_back(crossing);
    row.crossings.count = static_cast<std::uint32_t>(rows.crossings.size()) - row.crossings.first;
}

}  // namespace forecastd::engine
