// A stage: one thing that is done with the values of a cohort's series, between the key and the output.
//
//   labels > no data > rate > data range > stuck > first value > forecaster > calibration > detector > tail >
//   rules > drift > alarm > accuracy > forecasts > origins > thresholds > diagnostics > state edges > watching
//
// Several detectors in a pipeline are one stage, voters, in place of detector and tail.
//
// A stage owns its part of each series' record, what it does with a batch, and how its bytes are saved and
// loaded. It is called once for the rows of a batch, never for one point. What it does with a row must follow
// from the series and the points alone, not from where a batch ends: nothing but the order of the rows is
// certain.
//
// To add one, see "How to add" in docs/maintainers.md.
//
// Threads: one at a time for the stages of a cohort.
#ifndef FORECASTD_ENGINE_STAGE_HPP
#define FORECASTD_ENGINE_STAGE_HPP

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/expected.hpp"
#include "config/config.hpp"
#include "engine/counters.hpp"
#include "engine/failures.hpp"
#include "engine/record_layout.hpp"
#include "engine/rows.hpp"

namespace forecastd::engine {

// What a stage may know of the series that begins.
struct SeriesInfo {
    std::uint64_t id_hash = 0;  // the same in every run; see series_id.hpp
    std::int64_t first_time_ns = 0;
};

class Stage {
  public:
    virtual ~Stage() = default;

    // Names it in saved bytes: a literal. Two stages of a pipeline have two names.
    [[nodiscard]] virtual std::string_view name() const = 0;

    // Begins its part of a record, which is zeroed. After an error the series does not begin.
    virtual Expected<void> begin(Series&, const SeriesInfo&) { return {}; }
    // Ends it, where something is to be freed.
    virtual void end(Series&) {}

    // Works off a batch.
    virtual void run(Rows& rows) = 0;

    // What describe() tells of it and run() changes, as plain bytes: what its series share.
    virtual std::span<char> shared() { return {}; }
    // What is the same for all series that it saves, such as how a model was made.
    virtual void describe(ByteWriter&) const {}
    // Its part of a record as bytes, and back into one that was just begun. about: what describe() wrote then.
    // load must refuse what it does not understand, with a sentence; the series then begins again.
    virtual Expected<void> save(const Series&, ByteWriter&) const { return {}; }
    virtual Expected<void> load(Series&, ByteReader&, std::span<const char> /*about*/) { return {}; }
};

class ForecasterStage;
class CalibrationStage;
class DetectorStage;
class VotersStage;
class WatchingStage;
class ForecastsStage;
class DiagnosticsStage;
class AccuracyStage;
class AlarmStage;
class NoDataStage;
class LabelsStage;

// What a stage is made from: the pipeline, the grid, the record that it adds its part to, and the stages
// before it.
struct StageContext {
    const config::Pipeline& pipeline;
    const std::vector<double>& widths;  // in deviations, of normal intervals, for each level of the config
    std::int64_t interval_ns;
    bool measures_accuracy;
    RecordLayout& layout;
    Counters& counters;
    Failures& failures;

    // nullptr: the pipeline has none.
    ForecasterStage* forecaster = nullptr;
    CalibrationStage* calibration = nullptr;
    VotersStage* voters = nullptr;
    ForecastsStage* forecasts = nullptr;
    DiagnosticsStage* diagnostics = nullptr;
    AccuracyStage* accuracy = nullptr;
    AlarmStage* alarm = nullptr;
    NoDataStage* no_data = nullptr;
    LabelsStage* labels = nullptr;
    WatchingStage* watching = nullptr;
    std::vector<DetectorStage*> detectors = {};  // in the order of the config; none: the pipeline has none
};

// Makes a stage; nullptr: this pipeline does not have it. An error: the pipeline cannot run on this grid.
using StageMaker = std::function<Expected<std::unique_ptr<Stage>>(StageContext&)>;

// The stages of forecastd, in their order.
const std::vector<StageMaker>& standard_stages();

}  // namespace forecastd::engine

#endif
