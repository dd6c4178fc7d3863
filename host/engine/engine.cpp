#include "engine/engine.hpp"

#include <algorithm>
#include <limits>

#include "lineprotocol/values.hpp"

namespace forecastd::engine {
namespace {

std::vector<Pipeline*> pointers(const std::vector<std::unique_ptr<Pipeline>>& owners) {
    std::vector<Pipeline*> result;
    result.reserve(owners.size());
    for (const auto& owner : owners) result.push_back(owner.get());
    return result;
}

std::vector<std::unique_ptr<Pipeline>> make_pipelines(const config::Config& config, const Report& report) {
    std::vector<std::unique_ptr<Pipeline>> result;
    for (std::size_t i = 0; i < config.pipelines.size(); ++i) {
        std::string error;
        auto pipeline =
            std::make_unique<Pipeline>(config.pipelines[i], i, config.metrics_every_ns != 0, error);
        if (error.empty())
            result.push_back(std::move(pipeline));
        else
            report(config::LogLevel::error, "pipeline '" + config.pipelines[i].name + "' is off: " + error);
    }
    return result;
}

}  // namespace

Engine::Engine(const config::Config& config, Report report)
    : limits_(config.limits),
      report_(std::move(report)),
      pipelines_(make_pipelines(config, report_)),
      keys_(pointers(pipelines_), [this](std::size_t bytes) { return room_for(bytes); }),
      event_clock_(config.limits.ttl_ns) {}

Engine::~Engine() = default;

std::size_t Engine::allocated_bytes() const {
    std::size_t bytes = keys_.allocated_bytes();
    for (const auto& pipeline : pipelines_) bytes += pipeline->allocated_bytes();
    return bytes;
}

void Engine::process(const lineprotocol::Points& batch, std::int64_t clock_ns, Sink& sink) {
    batch_ = &batch;
    sink_ = &sink;
    next_original_ = 0;
    const std::size_t count = batch.points.size();
    hashes_.resize(count);
    records_.resize(count);

    // A look-up waits for memory three times: for the slot, the record and the series. Here all points of the batch wait
    // at once.
    for (std::size_t i = 0; i < count; ++i) {
        records_[i] = keys_.passing(batch.points[i].measurement());
        if (!records_[i]) hashes_[i] = keys_.prefetch_slot(batch.points[i].key);
    }
    for (std::size_t i = 0; i < count; ++i)
        if (!records_[i]) records_[i] = keys_.prefetch_record(hashes_[i]);
    for (std::size_t i = 0; i < count; ++i) {
        if (!records_[i]) continue;
        const char* const series = reinterpret_cast<const char*>(records_[i]->series);
        __builtin_prefetch(series, 1);
        __builtin_prefetch(series + 64, 1);
        __builtin_prefetch(series + 128, 1);
    }

    for (std::size_t i = 0; i < count; ++i) {
        const lineprotocol::PointView& point = batch.points[i];
        const std::int64_t time_ns = point.has_time ? point.time_ns : clock_ns;
        const bool watchable = time_ns <= latest_time_ns && time_ns >= -latest_time_ns;
        if (watchable && event_clock_.advance(time_ns)) {
            flush();
            emit_originals(i);
            expire(event_clock_.now_ns());
            std::replace_if(
                records_.begin() + static_cast<std::ptrdiff_t>(i), records_.end(),
                [&](const KeyRecord* record) { return !keys_.is_passing(record); }, nullptr);
        }
        ++counters_.points;
        if (keys_.is_passing(records_[i])) continue;
        records_[i] = keys_.find_or_add(point, hashes_[i], records_[i]);
        if (!records_[i]) continue;
        if (records_[i]->plan->own_output) ++counters_.own_outputs;
        if (records_[i]->plan->pipelines.empty()) continue;
        if (watchable)
            take(batch, i, *records_[i], time_ns);
        else
            ++counters_.bad_times;
    }
    flush();
    emit_originals(count);
}

void Engine::take(const lineprotocol::Points& batch, std::size_t index, KeyRecord& record,
                  std::int64_t time_ns) {
    const lineprotocol::PointView& point = batch.points[index];
    const lineprotocol::FieldView* const fields = batch.fields_of(point);
    if (point.field_count > fields_.size()) fields_.resize(point.field_count);
    for (std::uint32_t i = 0; i < point.field_count; ++i) {
        fields_[i] = &keys_.selector().field(*record.plan, i, fields[i].key);
        fields_[i]->last_index = i;
    }
    for (std::uint32_t i = 0; i < point.field_count; ++i)
        if (fields_[i]->last_index == i && !fields_[i]->watchers.empty())
            take_field(record, *fields_[i], fields[i], index, time_ns);
}

void Engine::take_field(KeyRecord& record, const FieldPlan& plan, const lineprotocol::FieldView& field,
                        std::size_t index, std::int64_t time_ns) {
    if (!lineprotocol::is_number(field.type)) {
        ++counters_.not_numbers;
        return;
    }
    const double value = lineprotocol::to_number(field);
    for (const FieldPlan::Watcher& watcher : plan.watchers) {
        ++counters_.values;
        Series* const series = series_of(record, watcher);
        if (series && series->set_aside)
            series->last_time_ns =
                std::max(series->last_time_ns, time_ns);  // it does not expire while points come
        else if (series)
            take_value(*series,
                       {series, &plan, watcher.pipeline, nullptr, 0, index, time_ns, value, false, false});
    }
}

void Engine::flush() {
    if (samples_.empty()) return;
    for (Cohort* const cohort : active_) {
        cohort->advance([&](Series& series, const Model& model, const std::string& text) {
            const FieldPlan& field = keys_.selector().field_of(series.watch);
            const auto watcher = std::find_if(field.watchers.begin(), field.watchers.end(),
                                              [&](const auto& w) { return w.id == series.watch; });
            set_aside(series, *watcher->pipeline, model, text);
        });
    }
    for (const Sample& sample : samples_) emit(sample);
    for (Cohort* const cohort : active_) cohort->clear();
    active_.clear();
    samples_.clear();
    ++batch_number_;
}

void Engine::emit_originals(std::size_t up_to) {
    for (; next_original_ < up_to; ++next_original_) {
        const KeyRecord* const record = records_[next_original_];
        if (!record || record->plan->passes_originals) sink_->original(batch_->points[next_original_]);
    }
}

// ---- Limits -------------------------------------------------------------------------------------------

bool Engine::room_for(std::size_t bytes) {
    if (allocated_bytes() + bytes <= static_cast<std::size_t>(limits_.max_memory_bytes)) return true;
    refuse("limits.max_memory (" + std::to_string(limits_.max_memory_bytes) + " bytes)");
    return false;
}

void Engine::refuse(const std::string& limit) {
    ++counters_.refused_series;
    if (refusal_reported_) return;
    refusal_reported_ = true;
    report_(config::LogLevel::error,
            limit +
                " is reached: new series pass through without being watched; raise the "
                "limit, select less, or set limits.ttl");
}

}  // namespace forecastd::engine
