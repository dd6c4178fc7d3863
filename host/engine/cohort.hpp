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

namespace forecastd::engine {

// An array whose elements have the size that a plugin was built with, at least that of the type here.
template <class Element>
class PluginArray {
  public:
    explicit PluginArray(std::size_t element_size) : stride_(element_size) {}
    void clear() { size_ = 0; }
    Element& append() {
        if ((size_ + 1) * stride_ > bytes_.size()) bytes_.resize(2 * (size_ + 1) * stride_);
        ++size_;
        return (*this)[size_ - 1];
    }
    void resize(std::size_t size) {
        if (size * stride_ > bytes_.size()) bytes_.resize(2 * size * stride_);
        size_ = size;
    }
    Element& operator[](std::size_t i) { return *reinterpret_cast<Element*>(bytes_.data() + i * stride_); }
    Element* data() { return reinterpret_cast<Element*>(bytes_.data()); }
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    const std::size_t stride_;
    std::size_t size_ = 0;
    std::vector<char> bytes_;
};

// One algorithm with its parameters on one grid.
class Model {
  public:
    // nullptr: the plugin refused; error is its sentence.
    static std::unique_ptr<Model> make(const config::ModelChoice& choice, std::int64_t interval_ns,
                                       std::string& error);
    ~Model() { table().model_free(model_); }
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;

    [[nodiscard]] const fcd_algorithm& table() const { return *algorithm_->table; }
    [[nodiscard]] const loader::Algorithm& algorithm() const { return *algorithm_; }
    [[nodiscard]] const fcd_model* get() const { return model_; }
    [[nodiscard]] std::size_t series_size() const { return series_size_; }

    bool start(void* state, std::string& error) const;
    void finish(void* state) const;
    // What it knows of a series, in the order of its diagnostics, of which there must be some. False: it failed;
    // error is a sentence.
    bool diagnose(const void* state, std::vector<fcd_value>& values, std::string& error) const;

  private:
    Model(const loader::Algorithm* algorithm, fcd_model* model, std::size_t series_size)
        : algorithm_(algorithm), model_(model), series_size_(series_size) {}
    const loader::Algorithm* algorithm_;
    fcd_model* model_;
    std::size_t series_size_;
};

// The time of a plugin's calls. It is taken on one call in 64, of which the first is one: two readings of a clock cost as
// much as a point.
struct CallTimes {
    std::uint64_t calls = 0;
    std::uint64_t measured = 0;  // points, or forecasts, of which the time was taken
    std::uint64_t measured_ns = 0;

    // The result of body, which is a call for so many.
    template <class Body>
    auto take(std::size_t count, Body&& body);
};

// Points for one model and what it makes of them.
struct ModelBatch {
    explicit ModelBatch(const Model& model)
        : points(model.algorithm().library->point_size), verdicts(model.algorithm().library->verdict_size) {}
    PluginArray<fcd_point> points;
    PluginArray<fcd_verdict> verdicts;
    std::uint64_t answered = 0;  // points
    CallTimes times;
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
    Series* create(std::string& error);
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
    bool diagnose(const Model& model, const Series& series, std::vector<fcd_value>& values,
                  std::string& error) const {
        const std::size_t offset = &model == forecaster_.get() ? sizeof(Series) : detector_offset_;
        return model.diagnose(reinterpret_cast<const char*>(&series) + offset, values, error);
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
    [[nodiscard]] const CallTimes& forecast_times() const { return forecast_times_; }
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
    PluginArray<fcd_prediction> predictions_;
    CallTimes forecast_times_;
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
    for (std::size_t i = 0; i < size; ++i)
        if (members_[i] && !sound(batch.verdicts[i]))
            fail(i, model, "returned a verdict that is infinite or a deviation below 0", failed);
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
}

}  // namespace forecastd::engine

#endif
