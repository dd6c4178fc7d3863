#include "engine/stages/origins.hpp"

namespace forecastd::engine {

Expected<std::unique_ptr<Stage>> OriginsStage::make(StageContext& context) {
    if (!context.forecaster) return nullptr;
    return std::unique_ptr<Stage>(new OriginsStage(context));
}

void OriginsStage::run(Rows& rows) {
    for (Row& row : rows.all())
        if (row.origin_due && row.is_fed() && !row.series->set_aside) keep(rows, row);
}

void OriginsStage::keep(const Rows& rows, Row& row) {
    for (const JudgedLead& lead : calibration_.leads().all()) {
        if (lead.slots == 0 || !JudgedLeads::begins_at(lead, row.step)) continue;
        if (const Lead* const made = forecasts_.made_for(rows, row, lead.steps)) {
            calibration_.keep(row, lead, made->mean, made->deviation);
            continue;
        }
        const std::int32_t result = forecaster_.forecast(row, row.step + lead.steps, 1);
        if (result == FCD_ERROR) row.diagnosis_due = false;
        if (result != FCD_OK) return;
        const fcd_prediction& prediction = forecaster_.prediction(0);
        calibration_.keep(row, lead, prediction.mean,
                          forecaster_.deviation_at(*row.series, lead.steps, prediction.deviation));
    }
}

}  // namespace forecastd::engine
