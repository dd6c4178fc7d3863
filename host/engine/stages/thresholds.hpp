// The stage that looks for thresholds which the forecast of a value crosses, whenever a forecast of it was
// made.
#ifndef FORECASTD_ENGINE_STAGES_THRESHOLDS_HPP
#define FORECASTD_ENGINE_STAGES_THRESHOLDS_HPP

#include "engine/crossing.hpp"
#include "engine/stages/calibration.hpp"

namespace forecastd::engine {

class ThresholdsStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "thresholds"; }
    void run(Rows& rows) override;

  private:
    ThresholdsStage(StageContext& context, std::int64_t max_lead);
    void search(Rows& rows, Row& row);

    ForecasterStage& forecaster_;
    const std::vector<config::Threshold>& thresholds_;
    const CalibrationStage& calibration_;
    const std::int64_t max_lead_;  // how far thresholds are looked for, in steps
    CrossingSearch search_;
};

}  // namespace forecastd::engine

#endif
