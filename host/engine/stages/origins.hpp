// The stage that makes the forecasts which are kept until their values come, at the steps that calibration
// names: it takes those that are written anyway, and asks the forecaster for the others.
//
// A forecast must be made before the next value of its series is learned. So a row whose origin_due is set is
// the last of its series in its batch.
#ifndef FORECASTD_ENGINE_STAGES_ORIGINS_HPP
#define FORECASTD_ENGINE_STAGES_ORIGINS_HPP

#include "engine/stages/forecasts.hpp"

namespace forecastd::engine {

class OriginsStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "origins"; }
    void run(Rows& rows) override;

  private:
    explicit OriginsStage(StageContext& context)
        : forecaster_(*context.forecaster),
          calibration_(*context.calibration),
          forecasts_(*context.forecasts) {}
    void keep(const Rows& rows, Row& row);

    ForecasterStage& forecaster_;
    CalibrationStage& calibration_;
    const ForecastsStage& forecasts_;
};

}  // namespace forecastd::engine

#endif
