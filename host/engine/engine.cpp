#include "engine/engine.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "config/name_template.hpp"
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
      selector_(pointers(pipelines_)),
      by_name_(std::all_of(pipelines_.begin(), pipelines_.end(),
                           [](const auto& pipeline) {
                               const config::Selection& selection = pipeline->config().selection;
                               return selection.namepass || selection.namedrop;
                           })),
      event_clock_(config.limits.ttl_ns) {
    passing_.plan = &passing_plan_;
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
    next_original_ = 0;
    const std::size_t count = batch.points.size();
    hashes_.resize(count);
    records_.resize(count);

    // A look-up waits for memory three times: for the slot, the record and the series. Here all points of the batch wait
    // at once.
    for (std::size_t i = 0; i < count; ++i) {
        records_[i] = by_name_ && !concerns(batch.points[i].measurement()) ? &passing_ : nullptr;
        if (records_[i]) continue;
        hashes_[i] = KeyTable::hash(batch.points[i].key);
        keys_.prefetch_slot(hashes_[i]);
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
                [&](const KeyRecord* record) { return record != &passing_; }, nullptr);
        }
        ++counters_.points;
        if (records_[i] == &passing_) continue;
        records_[i] = record_of(point, hashes_[i], records_[i]);
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

// The record of a point's key, made if it is new; nullptr if a limit leaves no room for it.
KeyRecord* Engine::record_of(const lineprotocol::PointView& point, std::uint64_t hash, KeyRecord* likely) {
    KeyRecord* record = keys_.find(point.key, hash, likely);
    if (!record) record = add_key(point.key, point.measurement_size);
    if (record && !record->plan) record = record->same_as;
    return record;
}

void Engine::take(const lineprotocol::Points& batch, std::size_t index, KeyRecord& record,
                  std::int64_t time_ns) {
    const lineprotocol::PointView& point = batch.points[index];
    const lineprotocol::FieldView* const fields = batch.fields_of(point);
    if (point.field_count > fields_.size()) fields_.resize(point.field_count);
    for (std::uint32_t i = 0; i < point.field_count; ++i) {
        fields_[i] = &selector_.field(*record.plan, i, fields[i].key);
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
            const FieldPlan& field = selector_.field_of(series.watch);
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

// ---- Keys ---------------------------------------------------------------------------------------------

namespace {

// Where the tag that names the field belongs among the others, in the canonical text of a key.
std::size_t split_of(const lineprotocol::Key& key, std::string_view field_tag) {
    lineprotocol::Key before{key.measurement, {}};
    for (const auto& tag : key.tags)
        if (tag.first < field_tag) before.tags.push_back(tag);
    return lineprotocol::canonical_key(before).size();
}

std::size_t measurement_size_of(const lineprotocol::Key& key) {
    std::string text;
    lineprotocol::append_measurement(text, key.measurement);
    return text.size();
}

// A key as its outputs are named: cleaned, so tags may have to be put in order anew; and without a tag that would
// meet one of ours.
lineprotocol::Key cleaned(const lineprotocol::Key& key, std::string_view our_tag) {
    std::map<std::string, std::string> tags;
    for (const auto& [name, value] : key.tags) {
        std::string clean = lineprotocol::clean_name(value);
        if (!clean.empty() && name != our_tag) tags[lineprotocol::clean_name(name)] = std::move(clean);
    }
    tags.erase("");
    return {lineprotocol::clean_name(key.measurement), {tags.begin(), tags.end()}};
}

bool is_metric_of_ours(std::string_view measurement) {
    return measurement == own_measurement || measurement == own_plugin_measurement ||
           measurement == own_accuracy_measurement || measurement == own_model_measurement;
}

// Whether a pipeline's outputs may have this measurement. tagged: there is a tag that names a field; without one, the
// original's measurement must be one that the pipeline selects, as little else tells its outputs from others.
bool is_output_name(const config::Pipeline& pipeline, std::string_view measurement, bool tagged) {
    const config::Output& output = pipeline.output;
    for (const std::string* pattern : {&output.forecast, &output.anomaly, &output.model, &output.threshold,
                                       output.change ? &*output.change : nullptr}) {
        if (!pattern) continue;
        const config::NameTemplate name(*pattern, config::measurement_placeholder);
        const auto original = name.match(measurement);
        if (!original) continue;
        if (tagged ||
            (!output.field_tag && (name.is_plain || selects_measurement(pipeline.selection, *original))))
            return true;
    }
    return false;
}

}  // namespace

KeyRecord* Engine::add_key(std::string_view text, std::size_t measurement_size) {
    const lineprotocol::Key key = lineprotocol::parse_key(text, measurement_size);
    const std::string canonical = lineprotocol::canonical_key(key);
    if (!room_for(2 * (sizeof(KeyRecord) + text.size()))) return nullptr;
    if (canonical != text) {
        KeyRecord* record = keys_.find(canonical);
        if (!record) record = add_key(canonical, measurement_size_of(key));
        if (record) keys_.insert(text)->same_as = record;
        return record;
    }

    KeyRecord* const record = keys_.insert(text);
    record->plan = &selector_.plan(key, is_own_output(key));
    record->measurement_size = static_cast<std::uint32_t>(measurement_size);
    if (record->plan->pipelines.empty()) return record;

    const bool has_field_tag = key.tag(field_tag) != nullptr;
    const std::string_view tag = has_field_tag ? other_field_tag : field_tag;
    record->split = static_cast<std::uint32_t>(split_of(key, tag));
    const lineprotocol::Key output = cleaned(key, tag);
    const std::string output_text = lineprotocol::canonical_key(output);
    if (!has_field_tag && output_text == text) return record;
    record->extra = new KeyExtra;
    record->extra->has_field_tag = has_field_tag;
    if (output_text == text) return record;
    record->extra->output_text = output_text;
    record->extra->output_measurement_size = static_cast<std::uint32_t>(measurement_size_of(output));
    record->extra->output_split = static_cast<std::uint32_t>(split_of(output, tag));
    return record;
}

// Whether a pipeline may select keys of a measurement, or they may be outputs of ours.
bool Engine::concerns(std::string_view raw_measurement) {
    if (raw_measurement == last_name_.first) return last_name_.second;
    constexpr std::size_t max_names = 100'000;  // names made from data must not fill the memory
    auto found = concerns_.find(std::string(raw_measurement));
    if (found == concerns_.end()) {
        if (concerns_.size() == max_names) return true;
        const std::string name = lineprotocol::unescape_measurement(raw_measurement);
        const bool any = is_own_name(name, true) ||
                         std::any_of(pipelines_.begin(), pipelines_.end(), [&](const auto& pipeline) {
                             return selects_measurement(pipeline->config().selection, name);
                         });
        found = concerns_.emplace(raw_measurement, any).first;
    }
    last_name_ = {found->first, found->second};
    return found->second;
}

bool Engine::is_own_name(std::string_view measurement, bool tagged) const {
    return is_metric_of_ours(measurement) ||
           std::any_of(pipelines_.begin(), pipelines_.end(), [&](const auto& pipeline) {
               return is_output_name(pipeline->config(), measurement, tagged);
           });
}

// Outputs of ours carry the name of their field as a tag, unless the config says otherwise; the host's own metrics
// have names of their own.
bool Engine::is_own_output(const lineprotocol::Key& key) const {
    return is_own_name(key.measurement, key.tag(field_tag) || key.tag(other_field_tag));
}

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
