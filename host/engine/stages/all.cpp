// The stages of forecastd, in the order in which the rows of a batch go through them.
#include "engine/stages/accuracy_stage.hpp"
#include "engine/stages/alarm.hpp"
#include "engine/stages/calibration.hpp"
#include "engine/stages/data_range.hpp"
#include "engine/stages/detector.hpp"
#include "engine/stages/diagnostics.hpp"
#include "engine/stages/drift_stage.hpp"
#include "engine/stages/first_value.hpp"
#include "engine/stages/forecaster.hpp"
#include "engine/stages/forecasts.hpp"
#include "engine/stages/labels.hpp"
#include "engine/stages/no_data.hpp"
#include "engine/stages/origins.hpp"
#include "engine/stages/rate.hpp"
#include "engine/stages/rules.hpp"
#include "engine/stages/state_edges.hpp"
#include "engine/stages/stuck.hpp"
#include "engine/stages/tail.hpp"
#include "engine/stages/thresholds.hpp"
#include "engine/stages/voters.hpp"
#include "engine/stages/watching.hpp"

namespace forecastd::engine {

const std::vector<StageMaker>& standard_stages() {
    static const std::vector<StageMaker> stages{
        LabelsStage::make,   NoDataStage::make,     RateStage::make,        DataRangeStage::make,
        StuckStage::make,    FirstValueStage::make, ForecasterStage::make,  CalibrationStage::make,
        DetectorStage::make, TailStage::make,       VotersStage::make,      RulesStage::make,
        DriftStage::make,    AlarmStage::make,      AccuracyStage::make,    ForecastsStage::make,
        OriginsStage::make,  ThresholdsStage::make, DiagnosticsStage::make, StateEdgesStage::make,
        WatchingStage::make,
    };
    return stages;
}

}  // namespace forecastd::engine
