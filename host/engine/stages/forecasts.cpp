#include "engine/stages/forecasts.hpp"

#include <algorithm>
#include <string>

#include "engine/grid.hpp"

namespace forecastd::engine {

std::int64_t count_steps(const config::Steps& steps, std::int64_t interval_ns) {
    if (steps.ns == 0) return std::max<std::int64_t>(steps.count, 1);
    const std::int64_t whole = steps.ns / interval_ns, rest = steps.ns % interval_ns;
    return std::max<std::int64_t>(whole + (rest >= interval_ns - rest ? 1 : 0), 1);
}

Expected<void> check_reach(const char* what, std::int64_t steps) {
    if (steps <= ForecastsStage::max_horizon) return {};
    return fail(std::string(what) + " is " + std::to_string(steps) +
                " steps of this interval, expected at most " + std::to_string(ForecastsStage::max_horizon));
}

Expected<std::vector<std::int64_t>> leads_of(const config::Forecast& forecast, std::int64_t interval_ns) {
    std::vector<std::int64_t> leads;
    if (forecast.forecast_at.empty()) {
        const std::int64_t horizon = count_steps(forecast.horizon, interval_ns);
        if (auto within = check_reach("the horizon", horizon); !within) return fail(within.error().text);
        for (std::int64_t lead = 1; lead <= horizon; ++lead) leads.push_back(lead);
        return leads;
    }
    for (const config::Steps& at : forecast.forecast_at) leads.push_back(count_steps(at, interval_ns));
    std::sort(leads.begin(), leads.end());
    leads.erase(std::unique(leads.begin(), leads.end()), leads.end());
    return leads;
}

Expected<std::int64_t> search_of(const config::Forecast& forecast, std::int64_t horizon,
                                 std::int64_t interval_ns) {
    if (forecast.thresholds.empty()) return 0;
    const std::int64_t steps =
        forecast.max_horizon ? count_steps(*forecast.max_horizon, interval_ns) : horizon;
    if (auto within = check_reach("max_horizon", steps); !within) return fail(within.error().text);
    return steps;
}

Expected<std::unique_ptr<Stage>> ForecastsStage::make(StageContext& context) {
    if (!context.forecaster) return nullptr;
    auto leads = leads_of(*context.pipeline.forecast, context.interval_ns);
    if (!leads) return fail(std::move(leads.error().text));
    std::unique_ptr<ForecastsStage> stage(new ForecastsStage(context, std::move(*leads)));
    context.forecasts = stage.get();
    return stage;
}

ForecastsStage::ForecastsStage(StageContext& context, std::vector<std::int64_t> leads)
    : forecaster_(*context.forecaster),
      calibration_(*context.calibration),
      memory_(forecaster_.memory()),
      counters_(context.counters),
      interval_ns_(context.interval_ns),
      emit_every_ns_(context.pipeline.forecast->emit_every_ns),
      min_samples_(context.pipeline.forecast->min_samples),
      leads_(std::move(leads)),
      contiguous_(leads_.back() == static_cast<std::int64_t>(leads_.size())) {
    for (const std::int64_t lead : leads_) between_.push_back(calibration_.leads().between(lead));
}

void ForecastsStage::run(Rows& rows) {
    for (Row& row : rows.all()) {
        if (!row.forecast_due || !row.is_fed() || row.series->learned < min_samples_) continue;
        row.leads.first = static_cast<std::uint32_t>(rows.leads.size());
        row.lead_reaches = static_cast<std::uint32_t>(rows.reaches.size());
        contiguous_ ? forecast(rows, row) : forecast_each(rows, row);
        row.leads.count = static_cast<std::uint32_t>(rows.leads.size()) - row.leads.first;
        if (row.leads.count == 0) continue;
        ++counters_.forecasts;
        // Only a forecast that was made uses up the time until the next.
        if (emit_every_ns_ > 0)
            memory_.of(*row.series).next_emit_ns =
                (floor_divide(row.judgement.time_ns, emit_every_ns_) + 1) * emit_every_ns_;
    }
}

void ForecastsStage::forecast(Rows& rows, Row& row) {
    const std::int32_t result =
        forecaster_.forecast(row, row.step + 1, static_cast<std::uint32_t>(leads_.size()));
    if (result == FCD_ERROR) row.diagnosis_due = false;
    if (result != FCD_OK) return;
    for (std::size_t i = 0; i < leads_.size(); ++i)
        if (!add_lead(rows, row, i, forecaster_.prediction(i))) break;
}

void ForecastsStage::forecast_each(Rows& rows, Row& row) {
    for (std::size_t i = 0; i < leads_.size(); ++i) {
        const std::int32_t result = forecaster_.forecast(row, row.step + leads_[i], 1);
        if (result != FCD_OK) {
            rows.leads.resize(row.leads.first);
            rows.reaches.resize(rows.reaches.size() - i * calibration_.level_count());
            if (result == FCD_ERROR) row.diagnosis_due = false;
            return;
        }
        if (!add_lead(rows, row, i, forecaster_.prediction(0))) return;
    }
}

// False: the time of the step, or the distance to it, does not fit into 64 bits.
bool ForecastsStage::add_lead(Rows& rows, const Row& row, std::size_t place,
                              const fcd_prediction& prediction) {
    const std::int64_t lead = leads_[place];
    std::int64_t time_ns = 0, lead_ns = 0;
    if (__builtin_mul_overflow(lead, interval_ns_, &lead_ns) ||
        !time_of(row.step + lead, interval_ns_, row.series->phase_ns, time_ns))
        return false;
    const double deviation = forecaster_.deviation_at(*row.series, lead, prediction.deviation);
    rows.leads.push_back({time_ns, lead_ns, prediction.mean, deviation});
    calibration_.add_reaches(*row.series, between_[place], deviation, rows.reaches);
    return true;
}

const Lead* ForecastsStage::made_for(const Rows& rows, const Row& row, std::int64_t lead) const {
    const auto found = std::lower_bound(leads_.begin(), leads_.end(), lead);
    const auto place = static_cast<std::uint32_t>(found - leads_.begin());
    if (found == leads_.end() || *found != lead || place >= row.leads.count) return nullptr;
    return &rows.leads[row.leads.first + place];
}

}  // namespace forecastd::engine
