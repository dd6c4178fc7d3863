// The series of a pipeline that share an interval: the two models made for it, and the slab with their states.
//
// A cohort collects the points of a batch and gives them to its models in one call each: first the forecaster, whose
// expectations the detector then gets. A point on which a plugin fails sets its series aside; the others go on.
#ifndef FORECASTD_ENGINE_COHORT_HPP
#define FORECASTD_ENGINE_COHORT_HPP

#include <forecastd/plugin.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "engine/accuracy.hpp"
#include "engine/counter_reading.hpp"
#include "engine/series.hpp"
#include "engine/slab.hpp"
#include "plugin/array.hpp"
#include "plugin/call_times.hpp"
#include "plugin/guard.hpp"
#include "plugin/model.hpp"

namespace forecastd::engine {

using plugin::Model;

// Points for one model and what it makes of them.
struct ModelBatch {
    explicit ModelBatch(const Model& model)
        : points(model.algorithm().library->point_size), verdicts(model.algorithm().library->verdict_size) {}
    plugin::Array<fcd_point> points;
    plugin::Array<fcd_verdict> verdicts;
    std::uint64_t answered = 0;  // points
    plugin::CallTimes times;
};

class Cohort {
  public:
    // nullptr: a plugin refused its parameters on this grid; error is a sentence. With measured_widths, the accuracy
    // of the forecaster is measured, and intervals that reach so many deviations.
    static std::unique_ptr<Cohort> make(const config::Pipeline& pipeline, std::int64_t interval_ns,
                                        std::string& error,
                                        const std::vector<double>* measured_widths = nullptr);
    ~Cohort();

    // A new series with its states begun, or nullptr: a plugin refused; error is a sentence.
    Series* create(std::string& error, std::uint64_t id_hash = 0, std::int64_t first_time_ns = 0);
    void destroy(Series* series);

    // Adds a point to the batch and returns its place in it.
    std::size_t add(Series* series, std::int64_t time_ns, std::int64_t step, double value);
    // Gives the batch to the models. Calls failed(Series&, const Model&, text) for each series that a plugin fails on.
    template <class Failed>
    void advance(Failed&& failed);
    void clear();
    [[nodiscard]] bool empty() const { return members_.empty(); }

    // About the point at that place, after advance(): whether a plugin failed on it, in which case nothing is
    // known, its step, and what each said.
    [[nodiscard]] bool failed_at(std::size_t place) const { return !members_[place]; }
    std::int64_t step_at(std::size_t place) {
        return (forecaster_ ? forecaster_batch_ : detector_batch_).points[place].step;
    }
    const fcd_verdict* forecaster_verdict(std::size_t place) {
        return forecaster_ ? &forecaster_batch_.verdicts[place] : nullptr;
    }
    const fcd_verdict* detector_verdict(std::size_t place) {
        return detector_ ? &detector_batch_.verdicts[place] : nullptr;
    }

    // The prediction for steps [first, first + count): FCD_OK, FCD_NOT_YET or FCD_ERROR with a sentence.
    std::int32_t forecast(const Series& series, std::int64_t first_step, std::uint32_t count,
                          std::string& error);
    fcd_prediction& prediction(std::size_t i) { return predictions_[i]; }
    // The same so far ahead that a model may run off to infinity: count becomes that of the steps before it does.
    std::int32_t look_ahead(const Series& series, std::int64_t first_step, std::uint32_t& count,
                            std::string& error);

    // nullptr: it is not measured.
    [[nodiscard]] Accuracy* accuracy() { return accuracy_ ? &*accuracy_ : nullptr; }
    // The last value that a series has learned, NaN before the first; kept only while accuracy is measured.
    double& last_value(Series& series) const {
        return *reinterpret_cast<double*>(reinterpret_cast<char*>(&series) + last_value_offset_);
    }

    // What one of the two models knows of a series.
    Expected<void> diagnose(const Model& model, const Series& series, std::vector<fcd_value>& values) const {
        const std::size_t offset = &model == forecaster_.get() ? sizeof(Series) : detector_offset_;
        return model.diagnose(reinterpret_cast<const char*>(&series) + offset, values);
    }

    // The last reading of a series whose field is a counter, as all of this cohort are, or none is.
    [[nodiscard]] CounterReading& counter_reading(Series& series) const {
        return *reinterpret_cast<CounterReading*>(reinterpret_cast<char*>(&series) + counter_offset_);
    }

    [[nodiscard]] std::int64_t interval_ns() const { return interval_ns_; }
    [[nodiscard]] const std::vector<std::int64_t>& leads() const { return leads_; }  // in steps, ascending
    [[nodiscard]] bool contiguous_leads() const { return contiguous_leads_; }        // 1, 2, 3, ...
    [[nodiscard]] std::int64_t max_lead() const { return max_lead_; }  // how far thresholds are looked for
    [[nodiscard]] const Model* forecaster() const { return forecaster_.get(); }
    [[nodiscard]] const Model* detector() const { return detector_.get(); }
    [[nodiscard]] ModelBatch& forecaster_batch() { return forecaster_batch_; }
    [[nodiscard]] ModelBatch& detector_batch() { return detector_batch_; }
    [[nodiscard]] const plugin::CallTimes& forecast_times() const { return forecast_times_; }
    Slab& slab() { return slab_; }
    [[nodiscard]] const Slab& slab() const { return slab_; }

    // The largest horizon that is worked out for one point, in steps.
    static constexpr std::int64_t max_horizon = 1'000'000;

  private:
    Cohort(std::int64_t interval_ns, std::unique_ptr<Model> forecaster, std::unique_ptr<Model> detector,
           std::vector<std::int64_t> leads, std::int64_t max_lead, bool rate,
           const std::vector<double>* measured_widths);
    static const Model& any(const std::unique_ptr<Model>& a, const std::unique_ptr<Model>& b) {
        return a ? *a : *b;
    }
    [[nodiscard]] void* forecaster_state(Series* series) const {
        return reinterpret_cast<char*>(series) + sizeof(Series);
    }
    [[nodiscard]] void* detector_state(Series* series) const {
        return reinterpret_cast<char*>(series) + detector_offset_;
    }
    std::int32_t ask(const Series& series, std::int64_t first_step, std::uint32_t count, std::string& error);
    // How many of the first `count` predictions are sound before one is not.
    std::uint32_t sound_predictions(std::uint32_t count);
    template <class Failed>
    void run(const Model& model, ModelBatch& batch, Failed&& failed);
    template <class Failed>
    void fail(std::size_t place, const Model& model, const std::string& text, Failed&& failed);
    static std::size_t call(const Model& model, ModelBatch& batch, std::size_t from, std::size_t count,
                            std::string& error);
    // Reports a detector that never gives a score, once.
    void watch_scores();
    static bool sound(const fcd_verdict& verdict);

    const std::int64_t interval_ns_;
    std::unique_ptr<Model> forecaster_, detector_;
    const std::size_t detector_offset_, last_value_offset_;
    std::optional<Accuracy> accuracy_;
    const std::size_t counter_offset_;
    const bool counters_;
    Slab slab_;
    const std::vector<std::int64_t> leads_;
    const bool contiguous_leads_;
    const std::int64_t max_lead_;

    std::vector<Series*> members_;  // of the batch, by place; nullptr where a plugin failed
    ModelBatch forecaster_batch_, detector_batch_;
    plugin::Array<fcd_prediction> predictions_;
    plugin::CallTimes forecast_times_;
    std::uint64_t unscored_points_ = 0;  // before the first score of any series
    bool scored_ = false;
};

// ---- Only the batch call is a template, for the callback's sake -----------------------------------------

template <class Failed>
void Cohort::run(const Model& model, ModelBatch& batch, Failed&& failed) {
    const std::size_t size = batch.points.size();
    batch.verdicts.resize(size);
    for (std::size_t from = 0; from < size;) {
        std::size_t count = 0;  // up to the next point that is to be passed over
        while (from + count < size && members_[from + count]) ++count;
        std::string error;
        const std::size_t done = call(model, batch, from, count, error);
        from += done;
        if (done < count)
            fail(from, model, error, failed);
        else
            ++from;  // over the one that is passed over
    }
    for (std::size_t i = 0; i < size; ++i) {
        if (!members_[i]) continue;
        if (!plugin::guard_is_intact(batch.points[i].series, model.series_size()))
            fail(i, model, plugin::wrote_too_far, failed);
        else if (!sound(batch.verdicts[i]))
            fail(i, model, "returned a verdict that is infinite, or a score or a deviation below 0", failed);
    }
}

// The point at that place failed: neither it nor what comes later of its series is fed or answered.
template <class Failed>
void Cohort::fail(std::size_t place, const Model& model, const std::string& text, Failed&& failed) {
    Series* const bad = members_[place];
    failed(*bad, model, text);
    for (std::size_t i = place; i < members_.size(); ++i)
        if (members_[i] == bad) members_[i] = nullptr;
}

template <class Failed>
void Cohort::advance(Failed&& failed) {
    if (forecaster_) run(*forecaster_, forecaster_batch_, failed);
    if (!detector_) return;
    for (std::size_t i = 0; i < detector_batch_.points.size(); ++i) {
        if (!forecaster_ || !members_[i]) continue;
        fcd_point& point = detector_batch_.points[i];
        point.expected = forecaster_batch_.verdicts[i].expected;
        point.deviation = forecaster_batch_.verdicts[i].deviation;
    }
    run(*detector_, detector_batch_, failed);
    if (!scored_) watch_scores();
}

}  // namespace forecastd::engine

#endif
