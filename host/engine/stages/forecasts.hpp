// The stage that makes the forecasts that are handed on: for every value, or at most one in each emit_every,
// once the series has learned min_samples values.
//
// A forecast must be made before the next value of its series is learned. So a row for which is_due() is the
// last of its series in its batch.
#ifndef FORECASTD_ENGINE_STAGES_FORECASTS_HPP
#define FORECASTD_ENGINE_STAGES_FORECASTS_HPP

#include "engine/stages/calibration.hpp"

namespace forecastd::engine {

class ForecastsStage : public Stage {
  public:
    // The largest horizon that is worked out for one point, in steps.
    static constexpr std::int64_t max_horizon = 1'000'000;

    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "forecasts"; }
    void run(Rows& rows) override;

    // Whether a forecast is due at a value of that time, if the series has learned enough by then.
    [[nodiscard]] bool is_due(const Series& series, std::int64_t time_ns) const {
        return time_ns >= memory_.of(series).next_emit_ns;
    }
    [[nodiscard]] std::size_t lead_count() const { return leads_.size(); }
    // The forecast of the row for a lead in steps, if it was made; else nullptr.
    [[nodiscard]] const Lead* made_for(const Rows& rows, const Row& row, std::int64_t lead) const;

  private:
    ForecastsStage(StageContext& context, std::vector<std::int64_t> leads);
    void forecast(Rows& rows, Row& row);
    void forecast_each(Rows& rows, Row& row);
    bool add_lead(Rows& rows, const Row& row, std::size_t place, const fcd_prediction& prediction);

    ForecasterStage& forecaster_;
    const CalibrationStage& calibration_;
    const Part<ForecasterStage::Memory> memory_;
    Counters& counters_;
    const std::int64_t interval_ns_, emit_every_ns_, min_samples_;
    const std::vector<std::int64_t> leads_;  // in steps, ascending
    std::vector<BetweenLeads> between_;      // where each stands between judged ones
    const bool contiguous_;                  // 1, 2, 3, ...
};

// The number of steps of an interval that is meant: 1 at least.
std::int64_t count_steps(const config::Steps& steps, std::int64_t interval_ns);

// The leads that a forecast is asked for, in steps, ascending.
Expected<std::vector<std::int64_t>> leads_of(const config::Forecast& forecast, std::int64_t interval_ns);

// How far thresholds are looked for, in steps; 0: there are none. horizon: the furthest lead.
Expected<std::int64_t> search_of(const config::Forecast& forecast, std::int64_t horizon,
                                 std::int64_t interval_ns);

// An error if that many steps are too many to be worked out for one point. what: "the horizon".
Expected<void> check_reach(const char* what, std::int64_t steps);

}  // namespace forecastd::engine

#endif
