#include "engine/key_directory.hpp"

#include <algorithm>
#include <map>

#include "config/name_template.hpp"
#include "engine/pipeline.hpp"
#include "engine/sink.hpp"

namespace forecastd::engine {
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

KeyDirectory::KeyDirectory(std::vector<Pipeline*> pipelines, std::function<bool(std::size_t)> room_for)
    : pipelines_(std::move(pipelines)),
      room_for_(std::move(room_for)),
      selector_(pipelines_),
      by_name_(std::all_of(pipelines_.begin(), pipelines_.end(), [](const Pipeline* pipeline) {
          const config::Selection& selection = pipeline->config().selection;
          return selection.namepass || selection.namedrop;
      })) {
    passing_.plan = &passing_plan_;
}

void KeyDirectory::forget_idle() {
    const auto idle = [](const KeyRecord& record) {
        return record.watch_id == 0 && (!record.extra || record.extra->watches.empty());
    };
    std::vector<KeyRecord*> forgotten;
    keys_.for_each([&](KeyRecord* record) {
        if (idle(record->plan ? *record : *record->same_as)) forgotten.push_back(record);
    });
    for (KeyRecord* const record : forgotten) keys_.erase(record);
}

KeyRecord* KeyDirectory::add(std::string_view text, std::size_t measurement_size) {
    const lineprotocol::Key key = lineprotocol::parse_key(text, measurement_size);
    const std::string canonical = lineprotocol::canonical_key(key);
    if (!room_for_(2 * (sizeof(KeyRecord) + text.size()))) return nullptr;
    if (canonical != text) {
        KeyRecord* record = keys_.find(canonical);
        if (!record) record = add(canonical, measurement_size_of(key));
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
bool KeyDirectory::may_concern(std::string_view raw_measurement) {
    if (raw_measurement == last_name_.first) return last_name_.second;
    constexpr std::size_t max_names = 100'000;  // names made from data must not fill the memory
    auto found = concerns_.find(std::string(raw_measurement));
    if (found == concerns_.end()) {
        if (concerns_.size() == max_names) return true;
        const std::string name = lineprotocol::unescape_measurement(raw_measurement);
        const bool any = is_own_name(name, true) ||
                         std::any_of(pipelines_.begin(), pipelines_.end(), [&](const Pipeline* pipeline) {
                             return selects_measurement(pipeline->config().selection, name);
                         });
        found = concerns_.emplace(raw_measurement, any).first;
    }
    last_name_ = {found->first, found->second};
    return found->second;
}

bool KeyDirectory::is_own_name(std::string_view measurement, bool tagged) const {
    return is_metric_of_ours(measurement) ||
           std::any_of(pipelines_.begin(), pipelines_.end(), [&](const Pipeline* pipeline) {
               return is_output_name(pipeline->config(), measurement, tagged);
           });
}

// Outputs of ours carry the name of their field as a tag, unless the config says otherwise; the host's own metrics
// have names of their own.
bool KeyDirectory::is_own_output(const lineprotocol::Key& key) const {
    return is_own_name(key.measurement, key.tag(field_tag) || key.tag(other_field_tag));
}

}  // namespace forecastd::engine
