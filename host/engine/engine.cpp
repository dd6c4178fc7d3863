#include "engine/engine.hpp"

#include <algorithm>
#include <limits>
#include <new>

#include "base/random_seed.hpp"
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
    : report_(std::move(report)),
      limiter_(config.limits, report_, counters_),
      pipelines_(make_pipelines(config, report_)),
      keys_(pointers(pipelines_), limiter_, random_seed()),
      event_clock_(config.limits.ttl_ns) {
    limiter_.set_memory([this] { return allocated_bytes(); },
                        [this](std::size_t bytes, std::size_t limit) { return reclaim(bytes, limit); });
    hashes_.resize(batch_points);
    records_.resize(batch_points);
    samples_.reserve(batch_points);
}

Engine::~Engine() = default;

std::size_t Engine::allocated_bytes() const {
    std::size_t bytes = keys_.allocated_bytes();
    for (const auto& pipeline : pipelines_) bytes += pipeline->allocated_bytes();
    return bytes;
}

void Engine::process(const lineprotocol::Points& batch, std::int64_t clock_ns, Sink& sink) {
    batch_ = &batch;
    sink_ = &sink;
    next_original_ = current_ = 0;
    try {
        work_off(clock_ns);
    } catch (const std::bad_alloc&) {
        limiter_.out_of_memory();
        give_up_batch();
    }
}

// Nothing more is derived from the batch; its points pass on.
void Engine::give_up_batch() noexcept {
    for (Cohort* const cohort : active_) cohort->clear();
    active_.clear();
    samples_.clear();
    ++batch_number_;
    const std::size_t count = batch_->points.size();
    for (current_ = std::max(current_, next_original_); current_ < count; ++current_) record_of(current_);
    emit_originals(count);
}

void Engine::work_off(std::int64_t clock_ns) {
    const lineprotocol::Points& batch = *batch_;
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
        current_ = i;
        ++counters_.points;
        if (keys_.is_passing(records_[i])) continue;
        KeyRecord* record = &record_of(i);
        if (record->plan->own_output) ++counters_.own_outputs;
        if (record->plan->pipelines.empty()) continue;
        const lineprotocol::PointView& point = batch.points[i];
        const std::int64_t time_ns = point.has_time ? point.time_ns : clock_ns;
        if (time_ns > latest_time_ns || time_ns < -latest_time_ns) {
            ++counters_.bad_times;
            continue;
        }
        if (event_clock_.advance(time_ns)) {
            expire(event_clock_.now_ns());
            record = &record_of(i);
        }
        if (keys_.selector().wants_to_forget(point.field_count)) {
            flush();
            keys_.selector().forget_unused();
        }
        if (!record->plan->pipelines.empty()) take(batch, i, *record, time_ns);
    }
    flush();
    emit_originals(count);
}

// The record of the key of a point.
KeyRecord& Engine::record_of(std::size_t index) {
    const lineprotocol::PointView& point = batch_->points[index];
    KeyRecord* const likely = records_[index];
    if (likely && keys_.is_passing(likely)) return *likely;
    records_[index] = nullptr;
    KeyRecord& record = keys_.find_or_add(*batch_, point, hashes_[index], likely);
    records_[index] = &record;
    return record;
}

// Records are about to be gone: hands on what needs them, and forgets those of the points to come.
void Engine::forget_records() {
    flush();
    emit_originals(current_);
    for (std::size_t i = current_ + 1; i < batch_->points.size(); ++i)
        if (!keys_.is_passing(records_[i])) records_[i] = nullptr;
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
    const auto max_fields = static_cast<std::size_t>(limiter_.limits().max_fields);
    std::size_t watched = 0;
    for (std::uint32_t i = 0; i < point.field_count; ++i) {
        if (fields_[i]->last_index != i || fields_[i]->watchers.empty()) continue;
        if (++watched > max_fields) continue;
        take_field(record, *fields_[i], fields[i], index, time_ns);
        if (samples_.size() >= max_samples) flush();
    }
    if (watched > max_fields) limiter_.refuse_fields(record.text(), watched - max_fields);
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

// Makes room by forgetting the keys that no pipeline selects; true if a number of bytes fit below a limit then.
bool Engine::reclaim(std::size_t bytes, std::size_t limit) {
    const std::size_t freed = keys_.passing_bytes();
    if (freed < bytes / 2 || allocated_bytes() - freed + bytes > limit) return false;
    forget_records();
    keys_.forget_passing();
    return true;
}

}  // namespace forecastd::engine
