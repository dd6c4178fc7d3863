#include "engine/cohort.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <exception>
#include <limits>
#include <new>
#include <string_view>

#include "loader/at_work.hpp"

namespace forecastd::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::size_t aligned(std::size_t bytes) { return (bytes + 15) / 16 * 16; }

std::size_t state_bytes(const std::unique_ptr<Model>& model) {
    return model ? aligned(model->series_size()) : 0;
}

// A plugin must not throw across its interface; if one does all the same, its host goes on. If it crashes, at_work
// names it.
// error begins empty, and ends in NUL also if the plugin fills all of it.
template <class Result, class Body>
Result guarded(const loader::Algorithm& algorithm, fcd_error& error, Result failed, Body&& body) {
    const loader::AtWork at_work(algorithm.table->id);
    const auto write = [&](const char* text) {
        error.text[std::string_view(text).copy(error.text, sizeof error.text - 1)] = '\0';
    };
    error.text[0] = '\0';  // not all of it: this is done for each call
    error.text[sizeof error.text - 1] = '\0';
    try {
        return body();
    } catch (const std::exception& exception) {
        write(exception.what());
    } catch (...) {
        write("threw something that is not a std::exception");
    }
    return failed;
}

std::string text_of(const fcd_error& error) {
    const std::string_view text(error.text, ::strnlen(error.text, sizeof error.text - 1));
    return std::string(text.empty() ? "failed and gave no reason" : text);
}

std::optional<Accuracy> measure(const std::unique_ptr<Model>& forecaster, const std::vector<double>* widths) {
    return forecaster && widths ? std::optional<Accuracy>(*widths) : std::nullopt;
}

std::string named(const loader::Algorithm& algorithm, const fcd_error& error) {
    return "plugin '" + std::string(algorithm.id()) + "': " + text_of(error);
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

template <class Body>
auto CallTimes::take(std::size_t count, Body&& body) {
    constexpr std::uint64_t measure_every = 64;
    if (calls++ % measure_every != 0) return body();
    const auto begin = std::chrono::steady_clock::now();
    const auto result = body();
    measured_ns += static_cast<std::uint64_t>((std::chrono::steady_clock::now() - begin).count());
    measured += count;
    return result;
}

std::unique_ptr<Model> Model::make(const config::ModelChoice& choice, std::int64_t interval_ns,
                                   std::string& error) {
    std::vector<fcd_value> values;
    if (!choice.resolve(interval_ns, values, error)) {
        error = "plugin '" + std::string(choice.algorithm->id()) + "': " + error;
        return nullptr;
    }
    const fcd_grid grid{sizeof(fcd_grid), 0, interval_ns};
    std::size_t series_size = 0;
    fcd_error reason;
    fcd_model* const made = guarded(*choice.algorithm, reason, static_cast<fcd_model*>(nullptr), [&] {
        return choice.algorithm->table->model_new(values.data(), &grid, &series_size, &reason);
    });
    if (!made) {
        error = named(*choice.algorithm, reason);
        return nullptr;
    }
    return std::unique_ptr<Model>(new Model(choice.algorithm, made, series_size));
}

bool Model::start(void* state, std::string& error) const {
    if (!table().series_init) return true;
    fcd_error reason;
    if (guarded(*algorithm_, reason, FCD_ERROR,
                [&] { return table().series_init(model_, state, &reason); }) == FCD_OK)
        return true;
    error = named(*algorithm_, reason);
    return false;
}

void Model::finish(void* state) const {
    const loader::AtWork at_work(algorithm_->table->id);
    if (table().series_free) table().series_free(model_, state);
}

bool Model::diagnose(const void* state, std::vector<fcd_value>& values, std::string& error) const {
    const loader::Diagnostics& diagnostics = algorithm_->diagnostics;
    values.resize(diagnostics.rows.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (diagnostics.rows[i]->type == FCD_REAL)
            values[i].real = nan;
        else
            values[i].integer = FCD_UNKNOWN;
    }
    fcd_error reason;
    if (guarded(*algorithm_, reason, FCD_ERROR,
                [&] { return diagnostics.table->diagnose(model_, state, values.data(), &reason); }) == FCD_OK)
        return true;
    error = text_of(reason);
    return false;
}

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
        forecaster = Model::make(pipeline.forecast->model, interval_ns, error);
        if (!forecaster) return nullptr;
    }
    if (pipeline.detect) {
        detector = Model::make(pipeline.detect->model, interval_ns, error);
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
        if (forecaster_) forecaster_->finish(forecaster_state(series));
        if (detector_) detector_->finish(detector_state(series));
    });
}

Series* Cohort::create(std::string& error) {
    auto* const series = ::new (slab_.allocate()) Series();
    if (counters_) ::new (&counter_reading(*series)) CounterReading();
    if (forecaster_ && !forecaster_->start(forecaster_state(series), error)) {
        slab_.release(series);
        return nullptr;
    }
    if (detector_ && !detector_->start(detector_state(series), error)) {
        if (forecaster_) forecaster_->finish(forecaster_state(series));
        slab_.release(series);
        return nullptr;
    }
    if (accuracy_) last_value(*series) = nan;
    return series;
}

void Cohort::destroy(Series* series) {
    if (forecaster_) forecaster_->finish(forecaster_state(series));
    if (detector_) detector_->finish(detector_state(series));
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
    fcd_error reason;
    const auto advance = [&] {
        return guarded(model.algorithm(), reason, std::size_t{0}, [&] {
            return model.table().advance(model.get(), &batch.points[from], count, &batch.verdicts[from],
                                         &reason);
        });
    };
    const std::size_t done = batch.times.take(count, advance);
    batch.answered += std::min(done, count);
    if (done < count) error = text_of(reason);
    return std::min(done, count);
}

bool Cohort::sound(const fcd_verdict& verdict) {
    return !std::isinf(verdict.score) && !std::isinf(verdict.expected) && !std::isinf(verdict.deviation) &&
           !(verdict.deviation < 0);
}

std::int32_t Cohort::ask(const Series& series, std::int64_t first_step, std::uint32_t count,
                         std::string& error) {
    predictions_.resize(count);
    const fcd_horizon horizon{sizeof(fcd_horizon), count, first_step, first_step};
    fcd_error reason;
    const std::int32_t result = forecast_times_.take(1, [&] {
        return guarded(forecaster_->algorithm(), reason, FCD_ERROR, [&] {
            return forecaster_->table().forecast(forecaster_->get(),
                                                 forecaster_state(const_cast<Series*>(&series)), &horizon,
                                                 predictions_.data(), &reason);
        });
    });
    if (result == FCD_OK || result == FCD_NOT_YET) return result;
    error = text_of(reason);
    return FCD_ERROR;
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
