// From what the models said to what is handed on.
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/engine.hpp"
#include "engine/rules.hpp"

namespace forecastd::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// The memory of the host's own measure of one-step errors, in points.
constexpr double error_memory = 100;

}  // namespace

// Puts a point into its cohort's batch.
void Engine::queue(Series& series, const Sample& taken) {
    // A forecast must be made, and diagnostics taken, before the next point of their series is learned.
    if (series.batch == batch_number_) flush();
    if (series.set_aside) return;
    Sample& sample = samples_.emplace_back(taken);
    const auto& forecast = sample.pipeline->config().forecast;
    if (forecast && sample.time_ns >= series.next_emit_ns) {
        sample.forecast_due = true;
        series.batch = batch_number_;
        const std::int64_t every = forecast->emit_every_ns;
        if (every > 0) series.next_emit_ns = (floor_divide(sample.time_ns, every) + 1) * every;
    }
    if (series.diagnosis_due) {
        sample.diagnosis_due = true;
        series.diagnosis_due = false;
        series.batch = batch_number_;
    }
    sample.cohort = &sample.pipeline->cohort(series.cohort);
    if (sample.cohort->empty()) active_.push_back(sample.cohort);
    sample.place = sample.cohort->add(&series, sample.time_ns, series.last_step, sample.value);
}

void Engine::emit(const Sample& sample) {
    emit_originals(sample.point + 1);
    Judgement judgement{sample.time_ns, sample.value, nan, nan, nan, nan, Side::none, false, true};
    if (!sample.cohort) return emit_judgement(sample, judgement);

    if (sample.cohort->failed_at(sample.place)) return;
    Series& series = *sample.series;
    if (series.learned < Series::max_learned) ++series.learned;
    const fcd_verdict* const forecast = sample.cohort->forecaster_verdict(sample.place);
    const fcd_verdict* const detected = sample.cohort->detector_verdict(sample.place);
    if (detected) {
        const fcd_verdict& expected = forecast ? *forecast : *detected;
        judgement.yhat = expected.expected;
        judgement.lower = detected->lower;
        judgement.upper = detected->upper;
        judgement.score = detected->score;
        if (!std::isnan(judgement.score)) series.judged = true;
        if (std::isnan(judgement.lower) && std::isnan(judgement.upper)) {
            const double reach = sample.pipeline->widths().back() * deviation_of(series, expected.deviation);
            judgement.lower = judgement.yhat - reach;
            judgement.upper = judgement.yhat + reach;
        }
        emit_judgement(sample, judgement);
    }
    Accuracy* const accuracy = sample.cohort->accuracy();
    if (accuracy) measure_accuracy(sample, *accuracy, *forecast);
    if (forecast && std::isnan(forecast->deviation)) learn_error(series, sample.value - forecast->expected);
    if (sample.forecast_due) emit_forecast(sample);
    if (sample.forecast_due && !sample.pipeline->config().forecast->thresholds.empty())
        emit_crossings(sample);
    if (sample.diagnosis_due && !series.set_aside) emit_diagnostics(sample);
}

// How the forecaster did at a point, beside the forecast that repeats the value before it.
void Engine::measure_accuracy(const Sample& sample, Accuracy& accuracy, const fcd_verdict& forecast) {
    double& last_value = sample.cohort->last_value(*sample.series);
    accuracy.add(sample.value - forecast.expected, sample.value - last_value,
                 deviation_of(*sample.series, forecast.deviation));
    last_value = sample.value;
}

// Keeps the measure of one-step errors for a forecaster that gives no deviation.
void Engine::learn_error(Series& series, double error) {
    if (!std::isfinite(error * error)) return;
    const double weight = std::max(1.0 / series.learned, 1 / error_memory);
    series.error_square += weight * (error * error - series.error_square);
}

// What a plugin does not know the host takes from the errors it has seen.
double Engine::deviation_of(const Series& series, double given) {
    if (!std::isnan(given)) return given;
    return series.error_square > 0 ? std::sqrt(series.error_square) : nan;
}

// The same so many steps ahead: without a word from the plugin, errors are taken to add up as those of a random walk.
double Engine::deviation_at(const Series& series, std::int64_t lead, double given) {
    if (!std::isnan(given)) return given;
    return deviation_of(series, given) * std::sqrt(static_cast<double>(lead));
}

void Engine::emit_judgement(const Sample& sample, Judgement& judgement) {
    const auto& detect = sample.pipeline->config().detect;
    if (!detect) return;
    if (!judgement.is_anomaly) apply_rules(*detect, judgement);
    ++counters_.judgements;
    if (judgement.is_anomaly) ++counters_.anomalies;
    if (detect->emit == config::Emit::anomalies && !judgement.is_anomaly) return;
    sink_->judgement(*sample.series->key, *sample.field, *sample.pipeline, judgement);
}

// A value outside data_range is judged and not learned: to the models it is a missing step.
void Engine::judge_out_of_range(Series& series, const Sample& sample) {
    ++counters_.out_of_range;
    flush();
    if (series.set_aside) return;
    emit_originals(sample.point + 1);
    Judgement judgement{sample.time_ns, sample.value, nan, nan, nan, nan, Side::none, false, !series.judged};
    Cohort& cohort = sample.pipeline->cohort(series.cohort);
    std::string error;
    if (cohort.forecaster() && series.learned > 0) {
        const std::int32_t result = cohort.forecast(series, series.last_step, 1, error);
        if (result == FCD_ERROR) return set_aside(series, *sample.pipeline, *cohort.forecaster(), error);
        if (result == FCD_OK) {
            judgement.yhat = cohort.prediction(0).mean;
            const double reach =
                sample.pipeline->widths().back() * deviation_of(series, cohort.prediction(0).deviation);
            judgement.lower = judgement.yhat - reach;
            judgement.upper = judgement.yhat + reach;
        }
    }
    if (series.judged) {
        const config::Detect& detect = *sample.pipeline->config().detect;
        judgement.score = score_outside_data_range;
        judgement.is_anomaly = true;
        judgement.side = sample.value > detect.data_range.high ? Side::above_expected : Side::below_expected;
    }
    emit_judgement(sample, judgement);
}

void Engine::emit_forecast(const Sample& sample) {
    Series& series = *sample.series;
    if (series.set_aside || series.learned < sample.pipeline->config().forecast->min_samples) return;
    Cohort& cohort = *sample.cohort;
    const std::vector<std::int64_t>& steps = cohort.leads();
    const std::int64_t origin_step = cohort.step_at(sample.place);
    std::string error;
    leads_.clear();
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (i == 0 || !cohort.contiguous_leads()) {
            const auto count = cohort.contiguous_leads() ? static_cast<std::uint32_t>(steps.size()) : 1u;
            const std::int32_t result = cohort.forecast(series, origin_step + steps[i], count, error);
            if (result == FCD_ERROR) return set_aside(series, *sample.pipeline, *cohort.forecaster(), error);
            if (result == FCD_NOT_YET) return;
        }
        const fcd_prediction& prediction = cohort.prediction(cohort.contiguous_leads() ? i : 0);
        Lead lead{0, steps[i] * cohort.interval_ns(), prediction.mean,
                  deviation_at(series, steps[i], prediction.deviation)};
        if (!time_of(origin_step + steps[i], cohort.interval_ns(), series.phase_ns, lead.time_ns)) break;
        leads_.push_back(lead);
    }
    if (leads_.empty()) return;
    ++counters_.forecasts;
    sink_->forecast(*series.key, *sample.field, *sample.pipeline, {sample.time_ns, sample.value}, leads_);
}

// Steps are asked for in blocks that double: a crossing nearby costs little, and a model that has to walk up to the
// first step of each block walks no more than twice as far as without blocks.
void Engine::emit_crossings(const Sample& sample) {
    Series& series = *sample.series;
    if (series.set_aside) return;
    Cohort& cohort = *sample.cohort;
    const double width = sample.pipeline->widths().back();
    const std::int64_t origin_step = cohort.step_at(sample.place);
    std::string error;
    crossings_.begin(sample.pipeline->config().forecast->thresholds, sample.value);
    std::int64_t block = 64;
    for (std::int64_t lead = 0; lead < cohort.max_lead() && !crossings_.done(); block *= 2) {
        const auto asked = static_cast<std::uint32_t>(std::min(block, cohort.max_lead() - lead));
        std::uint32_t count = asked;
        const std::int32_t result = cohort.look_ahead(series, origin_step + lead + 1, count, error);
        if (result == FCD_ERROR) return set_aside(series, *sample.pipeline, *cohort.forecaster(), error);
        if (result == FCD_NOT_YET) return;
        for (std::uint32_t i = 0; i < count; ++i) {
            const fcd_prediction& prediction = cohort.prediction(i);
            ++lead;
            crossings_.add_step(prediction.mean, width * deviation_at(series, lead, prediction.deviation));
        }
        if (count < asked) break;
    }
    for (const Crossing& crossing : crossings_.result())
        if (!std::isnan(crossing.mean))
            sink_->crossing(*series.key, *sample.field, *sample.pipeline, sample.time_ns,
                            cohort.interval_ns(), crossing);
}

void Engine::emit_diagnostics(const Sample& sample) {
    const Model& forecaster = *sample.cohort->forecaster();
    if (const auto known = sample.cohort->diagnose(forecaster, *sample.series, diagnostics_); !known)
        return set_aside(*sample.series, *sample.pipeline, forecaster, known.error().text);
    sink_->diagnostics(*sample.series->key, *sample.field, *sample.pipeline, sample.time_ns, diagnostics_);
}

}  // namespace forecastd::engine
