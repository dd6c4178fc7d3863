#include "engine/cohort.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <exception>
#include <limits>
#include <new>
#include <string_view>

#include "plugin/guard.hpp"
#include "plugin/messages.hpp"

namespace forecastd::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::size_t aligned(std::size_t bytes) { return (bytes + 15) / 16 * 16; }

std::size_t state_bytes(const std::unique_ptr<Model>& model) {
    return model ? aligned(model->series_size() + plugin::guard_bytes) : 0;
}

std::optional<Accuracy> measure(const std::unique_ptr<Model>& forecaster, const std::vector<double>* widths) {
    return forecaster && widths ? std::optional<Accuracy>(*widths) : std::nullopt;
}

// The model of a choice on a grid, or nullptr and an error.
std::unique_ptr<Model> make_model(const config::ModelChoice& choice, std::int64_t interval_ns,
                                  std::string& error) {
    const auto values = choice.resolve(interval_ns);
    if (!values) {
        error = "plugin '" + std::string(choice.algorithm->id()) + "': " + values.error().text;
        return nullptr;
    }
    auto made = Model::make(*choice.algorithm, *values, {interval_ns});
    if (made) return std::move(*made);
    error = made.error().text;
    return nullptr;
}

std::int64_t count_steps(const config::Steps& steps, std::int64_t interval_ns) {
    return std::max<std::int64_t>(steps.ns == 0 ? steps.count : (steps.ns + interval_ns / 2) / interval_ns,
                                  1);
}

// False: so many steps are too many to be worked out for one point.
bool within_reach(const char* what, std::int64_t steps, std::string& error) {
    if (steps <= Cohort::max_horizon) return true;
    error = std::string(what) + " is " + std::to_string(steps) +
            " steps of this interval, expected at most " + std::to_string(Cohort::max_horizon);
    return false;
}

// The leads that a forecast is asked for, in steps. False: not possible on this grid.
bool leads_of(const config::Forecast& forecast, std::int64_t interval_ns, std::vector<std::int64_t>& leads,
              std::string& error) {
    if (forecast.forecast_at.empty()) {
        const std::int64_t horizon = count_steps(forecast.horizon, interval_ns);
        if (!within_reach("the horizon", horizon, error)) return false;
        for (std::int64_t lead = 1; lead <= horizon; ++lead) leads.push_back(lead);
        return true;
    }
    for (const config::Steps& at : forecast.forecast_at) leads.push_back(count_steps(at, interval_ns));
    std::sort(leads.begin(), leads.end());
    leads.erase(std::unique(leads.begin(), leads.end()), leads.end());
    return true;
}

}  // namespace

std::unique_ptr<Cohort> Cohort::make(const config::Pipeline& pipeline, std::int64_t interval_ns,
                                     std::string& error, const std::vector<double>* measured_widths) {
    std::unique_ptr<Model> forecaster, detector;
    std::vector<std::int64_t> leads;
    std::int64_t max_lead = 0;
    if (pipeline.forecast) {
        if (!leads_of(*pipeline.forecast, interval_ns, leads, error)) return nullptr;
        const auto& given = pipeline.forecast->max_horizon;
        max_lead = given ? count_steps(*given, interval_ns) : leads.back();
        if (!pipeline.forecast->thresholds.empty() && !within_reach("max_horizon", max_lead, error))
            return nullptr;
        forecaster = make_model(pipeline.forecast->model, interval_ns, error);
        if (!forecaster) return nullptr;
    }
    if (pipeline.detect) {
        detector = make_model(pipeline.detect->model, interval_ns, error);
        if (!detector) return nullptr;
    }
    return std::unique_ptr<Cohort>(new Cohort(interval_ns, std::move(forecaster), std::move(detector),
                                              std::move(leads), max_lead, pipeline.rate, measured_widths));
}

Cohort::Cohort(std::int64_t interval_ns, std::unique_ptr<Model> forecaster, std::unique_ptr<Model> detector,
               std::vector<std::int64_t> leads, std::int64_t max_lead, bool rate,
               const std::vector<double>* measured_widths)
    : interval_ns_(interval_ns),
      forecaster_(std::move(forecaster)),
      detector_(std::move(detector)),
      detector_offset_(sizeof(Series) + state_bytes(forecaster_)),
      last_value_offset_(detector_offset_ + state_bytes(detector_)),
      accuracy_(measure(forecaster_, measured_widths)),
      counter_offset_(last_value_offset_ + (accuracy_ ? aligned(sizeof(double)) : 0)),
      counters_(rate),
      slab_(counter_offset_ + (rate ? aligned(sizeof(CounterReading)) : 0)),
      leads_(std::move(leads)),
      contiguous_leads_(!leads_.empty() && leads_.back() == static_cast<std::int64_t>(leads_.size())),
      max_lead_(max_lead),
      forecaster_batch_(any(forecaster_, detector_)),
      detector_batch_(any(detector_, forecaster_)),
      predictions_(any(forecaster_, detector_).algorithm().library->prediction_size) {}

Cohort::~Cohort() {
    slab_.for_each([this](void* record) {
        auto* const series = static_cast<Series*>(record);
        if (forecaster_) forecaster_->end(forecaster_state(series));
        if (detector_) detector_->end(detector_state(series));
    });
}

Series* Cohort::create(std::string& error, std::uint64_t id_hash, std::int64_t first_time_ns) {
    const auto begin = [&](const Model& model, void* state) {
        plugin::set_guard(state, model.series_size());
        const auto begun = model.begin(state, id_hash, first_time_ns);
        if (!begun) error = begun.error().text;
        return begun.has_value();
    };
    auto* const series = ::new (slab_.allocate()) Series();
    if (counters_) ::new (&counter_reading(*series)) CounterReading();
    if (forecaster_ && !begin(*forecaster_, forecaster_state(series))) {
        slab_.release(series);
        return nullptr;
    }
    if (detector_ && !begin(*detector_, detector_state(series))) {
        if (forecaster_) forecaster_->end(forecaster_state(series));
        slab_.release(series);
        return nullptr;
    }
    if (accuracy_) last_value(*series) = nan;
    return series;
}

void Cohort::destroy(Series* series) {
    if (forecaster_) forecaster_->end(forecaster_state(series));
    if (detector_) detector_->end(detector_state(series));
    slab_.release(series);
}

std::size_t Cohort::add(Series* series, std::int64_t time_ns, std::int64_t step, double value) {
    // Written field by field, in place: a copy of a struct just built waits for its parts.
    const auto append = [&](ModelBatch& batch, void* state) {
        fcd_point& point = batch.points.append();
        point.series = state;
        point.time_ns = time_ns;
        point.step = step;
        point.local_step = step;
        point.value = value;
        point.expected = nan;
        point.deviation = nan;
        point.learn_limit = nan;
        point.flags = 0;
        point.reserved = 0;
        point.inputs = nullptr;
    };
    if (forecaster_) append(forecaster_batch_, forecaster_state(series));
    if (detector_) append(detector_batch_, detector_state(series));
    members_.push_back(series);
    return members_.size() - 1;
}

void Cohort::clear() {
    forecaster_batch_.points.clear();
    detector_batch_.points.clear();
    members_.clear();
}

std::size_t Cohort::call(const Model& model, ModelBatch& batch, std::size_t from, std::size_t count,
                         std::string& error) {
    if (count == 0) return 0;
    plugin::Failure failure;
    const std::size_t done = batch.times.take(
        count, [&] { return model.advance(&batch.points[from], count, &batch.verdicts[from], failure); });
    batch.answered += done;
    if (done < count) error = std::move(failure.text);
    return done;
}

bool Cohort::sound(const fcd_verdict& verdict) {
    return !std::isinf(verdict.score) && !std::isinf(verdict.expected) && !std::isinf(verdict.deviation) &&
           !(verdict.deviation < 0) && !(verdict.score < 0);
}

std::int32_t Cohort::ask(const Series& series, std::int64_t first_step, std::uint32_t count,
                         std::string& error) {
    predictions_.resize(count);
    const fcd_horizon horizon{
        sizeof(fcd_horizon), count, first_step, nullptr, 0, 0, nullptr, nullptr, nullptr};
    plugin::Failure failure;
    const std::int32_t result = forecast_times_.take(1, [&] {
        return forecaster_->forecast(forecaster_state(const_cast<Series*>(&series)), horizon,
                                     predictions_.data(), failure);
    });
    if (result == FCD_ERROR) error = std::move(failure.text);
    if (!plugin::guard_is_intact(forecaster_state(const_cast<Series*>(&series)),
                                 forecaster_->series_size())) {
        error = plugin::wrote_too_far;
        return FCD_ERROR;
    }
    return result;
}

void Cohort::watch_scores() {
    for (std::size_t i = 0; i < members_.size() && !scored_; ++i)
        scored_ = members_[i] && !std::isnan(detector_batch_.verdicts[i].score);
    constexpr std::uint64_t points_of_a_series = 1000;
    if (scored_ || (unscored_points_ += members_.size()) < points_of_a_series * slab_.count()) return;
    scored_ = true;  // not really, but it is enough to say it once
    plugin::tell(plugin::Level::warn,
                 "plugin '" + std::string(detector_->algorithm().id()) + "' has given no score in " +
                     std::to_string(unscored_points_) +
                     " points, which is 1000 for each series, so nothing can be found to be an anomaly; "
                     "check the parameters that rule its warm-up");
}

std::uint32_t Cohort::sound_predictions(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
        const fcd_prediction& one = predictions_[i];
        if (!std::isfinite(one.mean) || std::isinf(one.deviation) || one.deviation < 0) return i;
    }
    return count;
}

std::int32_t Cohort::forecast(const Series& series, std::int64_t first_step, std::uint32_t count,
                              std::string& error) {
    const std::int32_t result = ask(series, first_step, count, error);
    if (result != FCD_OK) return result;
    const std::uint32_t sound = sound_predictions(count);
    if (sound == count) return FCD_OK;
    error = "forecast a mean of " + std::to_string(predictions_[sound].mean) + " and a deviation of " +
            std::to_string(predictions_[sound].deviation) + " for step " + std::to_string(sound + 1) +
            ", expected a finite mean and a deviation that is not negative";
    return FCD_ERROR;
}

std::int32_t Cohort::look_ahead(const Series& series, std::int64_t first_step, std::uint32_t& count,
                                std::string& error) {
    const std::int32_t result = ask(series, first_step, count, error);
    if (result == FCD_OK) count = sound_predictions(count);
    return result;
}

}  // namespace forecastd::engine
