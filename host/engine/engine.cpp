#include "engine/engine.hpp"

#include <algorithm>

#include "lineprotocol/names.hpp"
#include "lineprotocol/values.hpp"

namespace forecastd::engine {
namespace {

std::vector<Pipeline*> pointers(const std::vector<std::unique_ptr<Pipeline>>& owners) {
    std::vector<Pipeline*> result;
    result.reserve(owners.size());
    for (const auto& owner : owners) result.push_back(owner.get());
    return result;
}

}  // namespace

Engine::Engine(const config::Config& config, Report report, const std::vector<StageMaker>& stages)
    : limits_(config.limits),
      report_(std::move(report)),
      series_(config, report_, counters_, stages,
              {[this](std::size_t bytes) { return room_for(bytes); },
               [this](const std::string& limit) { refuse(limit); }}),
      keys_(pointers(series_.pipelines()), [this](std::size_t bytes) { return room_for(bytes); }),
      event_clock_(config.limits.ttl_ns) {}

Engine::~Engine() = default;

std::size_t Engine::allocated_bytes() const { return keys_.allocated_bytes() + series_.allocated_bytes(); }

void Engine::process(const lineprotocol::Points& points, std::int64_t clock_ns, Sink& sink) {
    Batch batch(points, sink, workspace_);
    look_up(batch);
    std::vector<KeyRecord*>& records = workspace_.records;
    for (std::size_t i = 0; i < points.points.size(); ++i) {
        const lineprotocol::PointView& point = points.points[i];
        const std::int64_t time_ns = point.has_time ? point.time_ns : clock_ns;
        const bool watchable = time_ns <= latest_time_ns && time_ns >= -latest_time_ns;
        if (watchable && event_clock_.advance(time_ns)) expire(batch, i);
        ++counters_.points;
        if (keys_.is_passing(records[i])) continue;
        records[i] = keys_.find_or_add(point, workspace_.hashes[i], records[i]);
        if (!records[i]) continue;
        if (records[i]->plan->own_output) ++counters_.own_outputs;
        if (records[i]->plan->pipelines.empty()) continue;
        if (watchable)
            take(batch, i, *records[i], time_ns);
        else
            ++counters_.bad_times;
    }
    batch.flush();
    batch.emit_originals(points.points.size());
}

// A look-up waits for memory three times: for the slot, the record and the series. Here all points of the batch wait at
// once.
void Engine::look_up(Batch& batch) {
    const auto& points = batch.points().points;
    std::vector<KeyRecord*>& records = workspace_.records;
    std::vector<std::uint64_t>& hashes = workspace_.hashes;
    hashes.resize(points.size());
    records.resize(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        records[i] = keys_.passing(points[i].measurement());
        if (!records[i]) hashes[i] = keys_.prefetch_slot(points[i].key);
    }
    for (std::size_t i = 0; i < points.size(); ++i)
        if (!records[i]) records[i] = keys_.prefetch_record(hashes[i]);
    for (const KeyRecord* const record : records) {
        if (!record) continue;
        const char* const series = reinterpret_cast<const char*>(record->series);
        __builtin_prefetch(series, 1);
        __builtin_prefetch(series + 64, 1);
        __builtin_prefetch(series + 128, 1);
    }
}

// Finds the fields of a point. One that comes twice counts by its last value.
void Engine::take(Batch& batch, std::size_t index, KeyRecord& key, std::int64_t time_ns) {
    const lineprotocol::PointView& point = batch.points().points[index];
    const lineprotocol::FieldView* const fields = batch.points().fields_of(point);
    std::vector<FieldPlan*>& plans = workspace_.fields;
    if (point.field_count > plans.size()) plans.resize(point.field_count);
    for (std::uint32_t i = 0; i < point.field_count; ++i) {
        plans[i] = &keys_.selector().field(*key.plan, i, fields[i].key);
        plans[i]->last_index = i;
    }
    for (std::uint32_t i = 0; i < point.field_count; ++i)
        if (plans[i]->last_index == i && !plans[i]->watchers.empty())
            take(batch, index, key, *plans[i], fields[i], time_ns);
}

// Gives a field's number to its series in each pipeline that watches it.
void Engine::take(Batch& batch, std::size_t index, KeyRecord& key, const FieldPlan& plan,
                  const lineprotocol::FieldView& field, std::int64_t time_ns) {
    if (!lineprotocol::is_number(field.type)) {
        ++counters_.not_numbers;
        return;
    }
    const double value = lineprotocol::to_number(field);
    for (const FieldPlan::Watcher& watcher : plan.watchers) {
        ++counters_.values;
        Series* const series = series_.find_or_create(key, plan, watcher, time_ns);
        if (!series) continue;
        if (series->set_aside)  // it does not expire while points come
            series->last_time_ns = std::max(series->last_time_ns, time_ns);
        else
            series_.take(batch, *series, {&plan, watcher.pipeline, index, time_ns, value});
    }
}

// Ends what was not seen for the time to live. Records of keys may be gone after that.
void Engine::expire(Batch& batch, std::size_t index) {
    batch.flush();
    batch.emit_originals(index);
    series_.expire(event_clock_.now_ns() - limits_.ttl_ns);
    keys_.forget_idle();
    std::replace_if(
        workspace_.records.begin() + static_cast<std::ptrdiff_t>(index), workspace_.records.end(),
        [&](const KeyRecord* record) { return !keys_.is_passing(record); }, nullptr);
}

// ---- Saved series --------------------------------------------------------------------------------------

Expected<void> Engine::save(const std::function<void(const SeriesName&, std::span<const char>)>& save) const {
    Expected<void> result;
    Bytes bytes;
    for (const auto& pipeline : pipelines())
        for (const auto& cohort : pipeline->cohorts())
            cohort->slab().for_each([&](const void* record) {
                const auto& series = *static_cast<const Series*>(record);
                if (series.set_aside || series.learned == 0) return;
                bytes.clear();
                if (auto saved = cohort->save(series, bytes); !saved) {
                    if (result) result = std::move(saved);
                    return;
                }
                save({pipeline->config().name, series.key->text(),
                      keys_.selector().field_of(series.watch).name},
                     bytes);
            });
    return result;
}

Expected<void> Engine::load(const SeriesName& name, std::span<const char> bytes) {
    lineprotocol::PointView point{};
    point.key = name.key;
    while (point.measurement_size < name.key.size() && name.key[point.measurement_size] != ',')
        point.measurement_size += name.key[point.measurement_size] == '\\' ? 2 : 1;
    point.measurement_size = std::min(point.measurement_size, name.key.size());
    const std::uint64_t hash = keys_.prefetch_slot(name.key);
    KeyRecord* const key = keys_.find_or_add(point, hash, keys_.prefetch_record(hash));
    if (!key) return fail("there is no room for its key");
    std::string field;
    lineprotocol::append_name(field, name.field);
    const FieldPlan& plan = keys_.selector().field(*key->plan, 0, field);
    for (const FieldPlan::Watcher& watcher : plan.watchers)
        if (watcher.pipeline->config().name == name.pipeline) return series_.load(*key, plan, watcher, bytes);
    return fail("no pipeline '" + std::string(name.pipeline) + "' watches the field '" +
                std::string(name.field) + "' of '" + std::string(name.key) + "' any more");
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
