// The series of a pipeline that share an interval: the stages made for it, the layout of a record, and the
// slab with the records.
//
// Threads: one at a time.
#ifndef FORECASTD_ENGINE_COHORT_HPP
#define FORECASTD_ENGINE_COHORT_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/expected.hpp"
#include "engine/record_layout.hpp"
#include "engine/rows.hpp"
#include "engine/slab.hpp"
#include "engine/stage.hpp"
#include "engine/stages/accuracy_stage.hpp"
#include "engine/stages/alarm.hpp"
#include "engine/stages/detector.hpp"
#include "engine/stages/diagnostics.hpp"
#include "engine/stages/forecaster.hpp"
#include "engine/stages/forecasts.hpp"
#include "engine/stages/labels.hpp"
#include "engine/stages/no_data.hpp"

namespace forecastd::engine {

// What a cohort is made from, besides its interval. All of it must outlive the cohort.
struct CohortSetup {
    const config::Pipeline& pipeline;
    const std::vector<double>& widths;  // in deviations, of normal intervals, for each level of the config
    bool measures_accuracy;
    Counters& counters;
    Failures& failures;
    const std::vector<StageMaker>& stages;
    RecordLayout::States states = RecordLayout::States::beside_others;
};

class Cohort {
  public:
    // An error: the pipeline cannot run on this grid.
    static Expected<std::unique_ptr<Cohort>> make(const CohortSetup& setup, std::int64_t interval_ns);
    ~Cohort();

    // A new series with the parts of all stages begun.
    Expected<Series*> create(const SeriesInfo& info);
    void destroy(Series* series);

    // The rows of the batch: appended to, then worked off by all stages, then cleared.
    [[nodiscard]] Rows& rows() { return rows_; }
    void run() {
        for (const auto& stage : stages_) stage->run(rows_);
    }
    // Whether something is to be done between a value of that time and the next one of its series.
    [[nodiscard]] bool forecast_due(const Series& series, std::int64_t time_ns) const {
        return forecasts_ && forecasts_->is_due(series, time_ns);
    }
    [[nodiscard]] bool diagnosis_due(const Series& series, std::int64_t time_ns) const {
        return diagnostics_ && diagnostics_->is_due(series, time_ns);
    }
    [[nodiscard]] bool origin_due(std::int64_t step) const {
        return calibration_ && calibration_->is_due(step);
    }
    [[nodiscard]] std::size_t lead_count() const { return forecasts_ ? forecasts_->lead_count() : 0; }

    // What is the same for all of its series that are saved: the interval, and what each stage tells.
    void describe(Bytes& bytes) const;
    // A series as bytes, and back into one that was just created: the core and what each stage saves. about:
    // what describe() wrote then. After an error of load, the series must be destroyed.
    Expected<void> save(const Series& series, Bytes& bytes) const;
    Expected<void> load(Series& series, std::span<const char> about, std::span<const char> bytes);

    // What its series share, which its stages change with each batch: as it is now, and put back.
    void copy_shared(Bytes& bytes) const;
    void put_shared(std::span<const char> bytes);

    [[nodiscard]] std::int64_t interval_ns() const { return interval_ns_; }
    [[nodiscard]] const RecordLayout& layout() const { return layout_; }
    [[nodiscard]] Slab& slab() { return *slab_; }
    [[nodiscard]] const Slab& slab() const { return *slab_; }
    // nullptr: the pipeline has none.
    [[nodiscard]] const ForecasterStage* forecaster() const { return forecaster_; }
    [[nodiscard]] CalibrationStage* calibration() const { return calibration_; }
    [[nodiscard]] const VotersStage* voters() const { return voters_; }
    [[nodiscard]] WatchingStage* watching() const { return watching_; }
    // In the order of the config; of several, those that can run on the grid.
    [[nodiscard]] const std::vector<DetectorStage*>& detectors() const { return detectors_; }
    [[nodiscard]] AlarmStage* alarm() { return alarm_; }
    [[nodiscard]] NoDataStage* no_data() const { return no_data_; }
    [[nodiscard]] const LabelsStage* labels() const { return labels_; }
    // Of the SilenceWatch: when it walks over the series next, and where it is. -1: there were no points yet.
    std::int64_t next_look_ns = -1;
    Slab::Cursor looked_at;
    std::uint64_t stopped_unjudged = 0, judged = 0;  // series of the walk so far
    [[nodiscard]] Accuracy* accuracy() { return accuracy_ ? &accuracy_->measure() : nullptr; }

  private:
    Cohort(std::int64_t interval_ns, RecordLayout::States states)
        : interval_ns_(interval_ns), layout_(states) {}
    void end(Series& series, std::size_t stages);

    const std::int64_t interval_ns_;
    RecordLayout layout_;
    std::vector<std::unique_ptr<Stage>> stages_;
    ForecasterStage* forecaster_ = nullptr;
    CalibrationStage* calibration_ = nullptr;
    VotersStage* voters_ = nullptr;
    WatchingStage* watching_ = nullptr;
    std::vector<DetectorStage*> detectors_;
    ForecastsStage* forecasts_ = nullptr;
    DiagnosticsStage* diagnostics_ = nullptr;
    AccuracyStage* accuracy_ = nullptr;
    AlarmStage* alarm_ = nullptr;
    NoDataStage* no_data_ = nullptr;
    LabelsStage* labels_ = nullptr;
    std::unique_ptr<Slab> slab_;
    Rows rows_;
};

}  // namespace forecastd::engine

#endif
