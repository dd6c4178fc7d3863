#include "engine/engine.hpp"

#include <algorithm>
#include <new>

#include "base/random_seed.hpp"
#include "engine/any_model.hpp"
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

// Pipelines that cannot run are reported and left out.
std::vector<std::unique_ptr<Pipeline>> make_pipelines(const config::Config& config, const Report& report,
                                                      Counters& counters,
                                                      const std::vector<StageMaker>& stages) {
    std::vector<std::unique_ptr<Pipeline>> result;
    for (std::size_t i = 0; i < config.pipelines.size(); ++i) {
        config::Pipeline one = config.pipelines[i];
        one.takes_labels = config.control.has_value();
        for (const std::string& plugin : one.lost_voters)
            report(config::LogLevel::warn,
                   "pipeline '" + one.name + "': its detector '" + plugin +
                       "' is set aside, since a call to it ended the process before; the pipeline goes on "
                       "without it");
        auto pipeline = Pipeline::make(
            one, i, {report, counters, stages, config.metrics_every_ns != 0, states_of(config.plugins)});
        if (pipeline)
            result.push_back(std::move(*pipeline));
        else
            report(config::LogLevel::error,
                   "pipeline '" + config.pipelines[i].name + "' is off: " + pipeline.error().text);
    }
    return result;
}

// Whether a plugin that does not come with this program is called.
bool has_foreign_plugin(const config::Config& config) {
    return std::any_of(
        config.pipelines.begin(), config.pipelines.end(), [](const config::Pipeline& pipeline) {
            return any_model(pipeline,
                             [](const plugin::Algorithm& one) { return !plugin::is_built_in(one); });
        });
}

// As it stands in a point.
std::optional<std::string> raw_measurement(const std::optional<std::string>& name) {
    if (!name) return std::nullopt;
    std::string raw;
    lineprotocol::append_measurement(raw, *name);
    return raw;
}

}  // namespace

Engine::Engine(const config::Config& config, Report report, const std::vector<StageMaker>& stages)
    : report_(std::move(report)),
      renames_(config.identity.rename),
      control_(raw_measurement(config.control)),
      limiter_(config.limits, report_, counters_),
      pipelines_(make_pipelines(config, report_, counters_, stages)),
      keys_(pointers(pipelines_), config.control, config.identity.ignore_tags, limiter_, random_seed()),
      journal_(has_foreign_plugin(config)),
      silence_(pipelines_, keys_.selector(), journal_, counters_),
      series_(pipelines_, keys_, limiter_, silence_, journal_, counters_),
      event_clock_(config.limits.ttl_ns) {
    limiter_.set_memory([this] { return allocated_bytes(); },
                        [this](std::size_t bytes, std::size_t limit) { return reclaim(bytes, limit); });
    workspace_.hashes.resize(batch_points);
    workspace_.records.resize(batch_points);
}

Engine::~Engine() = default;

std::size_t Engine::allocated_bytes() const {
    std::size_t bytes = keys_.allocated_bytes();
    for (const auto& pipeline : pipelines_) bytes += pipeline->allocated_bytes();
    return bytes;
}

void Engine::process(const lineprotocol::Points& points, std::int64_t clock_ns, Sink& sink) {
    Batch batch(points, sink, workspace_);
    batch_ = &batch;
    current_ = 0;
    try {
        work_off(batch, clock_ns);
    } catch (const std::bad_alloc&) {
        limiter_.out_of_memory();
        give_up(batch);
    }
    batch_ = nullptr;
    journal_.end();
}

void Engine::pass(std::int64_t elapsed_ns, Sink& sink) {
    silence_.clock().pass(elapsed_ns);
    if (!silence_.is_due()) return;
    const lineprotocol::Points none;
    Batch batch(none, sink, workspace_);
    silence_.look(batch, 0);
    journal_.end();
}

// Nothing more is derived from the batch; its points pass on.
void Engine::give_up(Batch& batch) noexcept {
    batch.give_up();
    const std::size_t count = batch.points().points.size();
    for (current_ = std::max(current_, batch.next_original()); current_ < count; ++current_)
        key_of(batch, current_);
    batch.emit_originals(count);
}

void Engine::work_off(Batch& batch, std::int64_t clock_ns) {
    look_up(batch);
    silence_.clock().set_wall(clock_ns);
    const lineprotocol::Points& points = batch.points();
    for (std::size_t i = 0; i < points.points.size(); ++i) {
        current_ = i;
        ++counters_.points;
        if (keys_.is_passing(workspace_.records[i])) continue;
        KeyRecord* key = &key_of(batch, i);
        if (key->plan->own_output) {
            if (is_label(points.points[i]))
                take_label(batch, i, clock_ns);
            else
                ++counters_.own_outputs;
        }
        if (key->plan->pipelines.empty()) continue;
        const lineprotocol::PointView& point = points.points[i];
        const std::int64_t time_ns = point.has_time ? point.time_ns : clock_ns;
        if (time_ns > latest_time_ns || time_ns < -latest_time_ns) {
            ++counters_.bad_times;
            continue;
        }
        series_.point(time_ns);
        if (event_clock_.advance(time_ns)) {
            expire(batch);
            key = &key_of(batch, i);
        } else if (keys_.wants_to_forget()) {
            if (keys_.was_full()) series_.make_room(batch, i);
            forget_records(batch);
            workspace_.records[i] = nullptr;
            keys_.forget_listed();
            key = &key_of(batch, i);
        }
        if (keys_.selector().wants_to_forget(point.field_count)) {
            batch.flush();
            keys_.selector().forget_unused();
        }
        // Found again, a key may have no room any more.
        if (!key->plan->pipelines.empty()) take(batch, i, *key, time_ns);
        if (silence_.is_due()) silence_.look(batch, i + 1);
    }
    batch.flush();
    batch.emit_originals(points.points.size());
}

// The record of the key of a point.
KeyRecord& Engine::key_of(Batch& batch, std::size_t index) {
    KeyRecord*& record = workspace_.records[index];
    KeyRecord* const likely = record;
    if (likely && keys_.is_passing(likely)) return *likely;
    record = nullptr;
    const lineprotocol::Points& points = batch.points();
    record = &keys_.find_or_add(points, points.points[index], workspace_.hashes[index], likely);
    return *record;
}

// A look-up waits for memory three times: for the slot, the record and the series. Here all points of the
// batch wait at once.
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
        if (!record || !record->series) continue;
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
    const auto max_fields = static_cast<std::size_t>(limiter_.limits().max_fields);
    std::size_t watched = 0;
    for (std::uint32_t i = 0; i < point.field_count; ++i) {
        if (plans[i]->last_index != i || plans[i]->watchers.empty()) continue;
        if (++watched > max_fields) continue;
        take(batch, index, key, *plans[i], fields[i], time_ns);
        if (batch.waiting() >= Batch::max_waiting) batch.flush();
    }
    if (watched > max_fields) limiter_.refuse_fields(key.text(), watched - max_fields);
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
        const Value one{&plan, watcher.pipeline, index, time_ns, value};
        if (watcher.pipeline->config().group_by)
            take_grouped(batch, key, field.key, one);
        else
            take(batch, key, watcher, one);
    }
}

void Engine::take(Batch& batch, KeyRecord& key, const FieldPlan::Watcher& watcher, const Value& value) {
    Series* const series = series_.find_or_create(batch, key, watcher, value);
    if (!series) return;
    if (series->set_aside)  // it does not expire while points come
        series_.pass(batch, *series, value);
    else
        series_.take(batch, *series, value);
}

// Gives a value to the series of its group, which stands at a key of its own.
void Engine::take_grouped(Batch& batch, const KeyRecord& key, std::string_view raw_field,
                          const Value& value) {
    constexpr std::size_t no_position = 1'000'000;  // groups have no points of their own
    KeyRecord& group = keys_.find_or_add_group(key, *value.pipeline->config().group_by);
    const FieldPlan& field = keys_.selector().field(*group.plan, no_position, raw_field);
    for (const FieldPlan::Watcher& watcher : field.watchers) {
        if (watcher.pipeline != value.pipeline) continue;
        Value one = value;
        one.field = &field;
        take(batch, group, watcher, one);
    }
}

// Ends what was not seen for the time to live. Records of keys may be gone after that, that of the current
// point too.
void Engine::expire(Batch& batch) {
    forget_records(batch);
    workspace_.records[current_] = nullptr;
    series_.expire(batch, event_clock_.now_ns() - limiter_.limits().ttl_ns);
    keys_.forget_idle();
    journal_.end();
}

bool Engine::is_label(const lineprotocol::PointView& point) const {
    return control_ && point.measurement() == *control_;
}

// A label holds from its place among the points on. What it is about was judged and learned up to here, and
// records of keys may be gone after it.
void Engine::take_label(Batch& batch, std::size_t index, std::int64_t clock_ns) {
    ++counters_.labels;
    const lineprotocol::PointView& point = batch.points().points[index];
    const auto label = Label::read(batch.points(), point, point.has_time ? point.time_ns : clock_ns);
    if (!label) {
        ++counters_.bad_labels;
        report_(config::LogLevel::warn,
                "the label '" + std::string(point.key) + "': " + label.error().text + "; it has no effect");
        return;
    }
    batch.flush();
    batch.emit_originals(index + 1);
    series_.take_label(batch, *label);
}

// Frees the keys that no pipeline selects, if that is worth it; see Limiter::set_memory().
bool Engine::reclaim(std::size_t bytes, std::size_t limit) {
    const std::size_t freed = keys_.passing_bytes();
    if (freed < bytes / 2 || allocated_bytes() - freed + bytes > limit) return false;
    if (batch_) forget_records(*batch_);
    keys_.forget_passing();
    return true;
}

// Records are about to be gone: hands on what needs them, and forgets those of the points to come. The journal needs
// them too: a crash later in this batch does not undo what is before.
void Engine::forget_records(Batch& batch) {
    journal_.end();
    batch.flush();
    batch.emit_originals(current_);
    for (std::size_t i = current_ + 1; i < batch.points().points.size(); ++i)
        if (!keys_.is_passing(workspace_.records[i])) workspace_.records[i] = nullptr;
}

}  // namespace forecastd::engine
