#include "engine/key_directory.hpp"

#include <algorithm>
#include <map>
#include <new>

#include "config/name_template.hpp"
#include "engine/pipeline.hpp"
#include "engine/sink.hpp"
#include "lineprotocol/values.hpp"

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

// A key as its outputs are named: cleaned, which may change the order of its tags, and without a tag that has
// the name of the one that we add.
lineprotocol::Key cleaned(const lineprotocol::Key& key, std::string_view our_tag) {
    std::map<std::string, std::string> tags;
    for (const auto& [name, value] : key.tags) {
        std::string clean = lineprotocol::clean_name(value);
        if (!clean.empty() && name != our_tag) tags[lineprotocol::clean_name(name)] = std::move(clean);
    }
    tags.erase("");
    return {lineprotocol::clean_name(key.measurement), {tags.begin(), tags.end()}};
}

bool is_one_of(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// Whether a pipeline's outputs may have this measurement. tagged: there is a tag that names a field; without
// one, the original's measurement must be one that the pipeline selects, as little else tells its outputs
// from others.
bool is_output_name(const config::Pipeline& pipeline, std::string_view measurement, bool tagged) {
    const config::Output& output = pipeline.output;
    for (const std::string* pattern :
         {&output.forecast, &output.anomaly, &output.model, &output.threshold,
          output.change ? &*output.change : nullptr, output.event ? &*output.event : nullptr,
          output.state ? &*output.state : nullptr}) {
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

KeyDirectory::KeyDirectory(std::vector<Pipeline*> pipelines, std::optional<std::string> control,
                           std::vector<std::string> ignored_tags, Limiter& limiter, std::uint64_t seed)
    : pipelines_(std::move(pipelines)),
      control_(std::move(control)),
      ignored_tags_(std::move(ignored_tags)),
      limiter_(limiter),
      selector_(pipelines_, limiter, seed),
      keys_(seed),
      by_name_(std::all_of(pipelines_.begin(), pipelines_.end(),
                           [](const Pipeline* pipeline) {
                               const config::Selection& selection = pipeline->config().selection;
                               return selection.namepass || selection.namedrop;
                           })),
      concerns_(0, SeededHash{seed}),
      unselected_(seed),
      held_back_(seed),
      own_output_(seed) {
    passing_.plan = &unselected_.plan;
    held_back_.plan.passes_originals = false;
    own_output_.plan.own_output = true;
}

void KeyDirectory::forget_idle() {
    keys_.erase_passing();
    std::vector<KeyRecord*> forgotten;
    keys_.for_each([&](KeyRecord* record) {
        if (!(record->plan ? *record : *record->same_as).is_watched()) forgotten.push_back(record);
    });
    for (KeyRecord* const record : forgotten) keys_.erase(record);
    aliases_ = 0;
    keys_.for_each([&](KeyRecord* record) {
        record->is_listed = 0;
        aliases_ += record->plan == nullptr;
    });
    idle_.clear();
    wants_to_forget_ = was_full_ = false;
    selector_.forget_unused();
}

void KeyDirectory::forget_listed() {
    const auto is_aliased = [](const KeyRecord* record) {
        return !record->is_watched() && record->has_alias;
    };
    if (aliases_ > least_aliases + keys_.size() / 2 || std::any_of(idle_.begin(), idle_.end(), is_aliased)) {
        keys_.erase_aliases();
        aliases_ = 0;
    }
    for (KeyRecord* const record : idle_) {
        record->is_listed = 0;
        if (!record->is_watched()) keys_.erase(record);
    }
    idle_.clear();
    wants_to_forget_ = was_full_ = false;
}

KeyRecord& KeyDirectory::find_or_add_group(const KeyRecord& record, const std::vector<std::string>& tags) {
    lineprotocol::Key key = lineprotocol::parse_key(record.text(), record.measurement_size);
    std::erase_if(key.tags, [&](const auto& tag) { return !is_one_of(tags, tag.first); });
    group_text_ = lineprotocol::canonical_key(key);
    lineprotocol::PointView point{};
    point.key = group_text_;
    point.measurement_size = record.measurement_size;
    const std::uint64_t hash = keys_.hash(group_text_);
    static const lineprotocol::Points none;
    return find_or_add(none, point, hash, keys_.prefetch_record(hash));
}

KeyRecord& KeyDirectory::add(const lineprotocol::Points& batch, const lineprotocol::PointView& point) {
    try {
        return try_to_add(batch, point);
    } catch (const std::bad_alloc&) {
        limiter_.out_of_memory();
    }
    try {
        return try_to_add(batch, point);  // which now finds no room for the key, and some for what that takes
    } catch (const std::bad_alloc&) {
        return unselected_.record;
    }
}

KeyRecord& KeyDirectory::try_to_add(const lineprotocol::Points& batch, const lineprotocol::PointView& point) {
    const std::string_view text = point.key;
    lineprotocol::Key key = lineprotocol::parse_key(text, point.measurement_size);
    const bool is_own = is_own_output(key);
    if (!is_own)
        std::erase_if(key.tags, [this](const auto& tag) { return is_one_of(ignored_tags_, tag.first); });
    const std::string canonical = lineprotocol::canonical_key(key);
    const bool is_alias = canonical != text;
    KeyRecord* record = is_alias ? keys_.find(canonical) : nullptr;
    KeyPlan& plan = record ? *record->plan : selector_.plan(key, is_own);
    const bool is_selected = !plan.pipelines.empty();
    const KeyTable::Kind kind = is_selected ? KeyTable::Kind::watched : KeyTable::Kind::passing;

    const auto max_bytes = static_cast<std::size_t>(limiter_.limits().max_key_bytes);
    if (canonical.size() > max_bytes) {
        if (is_selected) limiter_.refuse_key(canonical);
        return unremembered(plan);
    }
    std::size_t text_bytes = record ? 0 : canonical.size();
    if (is_alias) text_bytes += text.size() + (record ? 0 : sizeof(KeyRecord) + 8);
    const std::size_t bytes = keys_.growth_bytes(text_bytes, kind) +
                              (record || !is_selected ? 0 : KeyTable::output_growth_bytes(canonical.size()));
    // Room may be made by forgetting the keys that no pipeline selects, so the record of one may be gone
    // after this.
    if (is_selected ? !limiter_.room_for(bytes) : !limiter_.spare_room_for(bytes)) {
        if (record && is_selected) return *record;
        if (is_selected) was_full_ = wants_to_forget_ = true;
        if (is_selected) refuse(batch, point, canonical, plan);
        return unremembered(plan);
    }
    if (record && !is_selected) record = keys_.find(canonical);
    if (!record) record = &insert(key, canonical, plan);
    // An alias that is longer than a key may be is worked out again at each point.
    if (is_alias && text.size() <= 2 * max_bytes) {
        keys_.insert(text, kind)->same_as = record;
        record->has_alias = 1;
        aliases_ += is_selected;
        wants_to_forget_ = wants_to_forget_ || aliases_ > least_aliases + keys_.size() / 2;
    }
    return *record;
}

KeyRecord& KeyDirectory::insert(const lineprotocol::Key& key, const std::string& canonical, KeyPlan& plan) {
    const bool is_selected = !plan.pipelines.empty();
    KeyRecord& record =
        *keys_.insert(canonical, is_selected ? KeyTable::Kind::watched : KeyTable::Kind::passing);
    record.plan = &plan;
    record.measurement_size = measurement_size_of(key) & ((1u << 30) - 1);
    if (!is_selected) return record;
    try {
        const bool has_field_tag = key.tag(field_tag) != nullptr;
        const std::string_view tag = has_field_tag ? other_field_tag : field_tag;
        record.split = static_cast<std::uint32_t>(split_of(key, tag));
        const lineprotocol::Key output = cleaned(key, tag);
        std::string text = lineprotocol::canonical_key(output);
        if (text == canonical) text.clear();
        if (has_field_tag || !text.empty())
            keys_.set_output(record, has_field_tag, std::move(text),
                             static_cast<std::uint32_t>(measurement_size_of(output)),
                             static_cast<std::uint32_t>(split_of(output, tag)));
    } catch (const std::bad_alloc&) {
        keys_.erase(&record);
        throw;
    }
    return record;
}

KeyRecord& KeyDirectory::unremembered(const KeyPlan& plan) {
    if (plan.own_output) return own_output_.record;
    return plan.passes_originals ? unselected_.record : held_back_.record;
}

// Counts the series that a point of a key would have begun, or gone on with.
void KeyDirectory::refuse(const lineprotocol::Points& batch, const lineprotocol::PointView& point,
                          std::string_view canonical, const KeyPlan& plan) {
    const lineprotocol::FieldView* const fields = batch.fields_of(point);
    for (std::uint32_t i = 0; i < point.field_count; ++i) {
        if (!lineprotocol::is_number(fields[i].type)) continue;
        const std::string name = lineprotocol::unescape_name(fields[i].key);
        for (const Pipeline* const pipeline : plan.pipelines)
            if (selects_field(pipeline->config().selection, name))
                limiter_.refuse_series(canonical, name, pipeline->index());
    }
}

// Whether a pipeline may select keys of a measurement, or they may be our own outputs.
bool KeyDirectory::may_concern(std::string_view raw_measurement) {
    if (raw_measurement == last_name_.first) return last_name_.second;
    try {
        return look_up_name(raw_measurement);
    } catch (const std::bad_alloc&) {
        limiter_.out_of_memory();
        return true;
    }
}

bool KeyDirectory::look_up_name(std::string_view raw_measurement) {
    constexpr std::size_t max_bytes = std::size_t{1} << 20;  // of the names that are remembered
    auto found = concerns_.find(std::string(raw_measurement));
    if (found == concerns_.end()) {
        const std::string name = lineprotocol::unescape_measurement(raw_measurement);
        const bool any = is_own_name(name, true) ||
                         std::any_of(pipelines_.begin(), pipelines_.end(), [&](const Pipeline* pipeline) {
                             return selects_measurement(pipeline->config().selection, name);
                         });
        const std::size_t bytes = raw_measurement.size() + 96;
        if (bytes > max_bytes / 8) return any;
        if (concerns_bytes_ + bytes > max_bytes) {
            last_name_ = {};
            concerns_.clear();
            concerns_bytes_ = 0;
        }
        concerns_bytes_ += bytes;
        found = concerns_.emplace(raw_measurement, any).first;
    }
    last_name_ = {found->first, found->second};
    return found->second;
}

bool KeyDirectory::is_own_name(std::string_view measurement, bool tagged) const {
    return config::is_own_measurement(measurement) || (control_ && measurement == *control_) ||
           std::any_of(pipelines_.begin(), pipelines_.end(), [&](const Pipeline* pipeline) {
               return is_output_name(pipeline->config(), measurement, tagged);
           });
}

// Our own outputs carry the name of their field as a tag, unless the config says otherwise; the host's own
// metrics have names of their own.
bool KeyDirectory::is_own_output(const lineprotocol::Key& key) const {
    return is_own_name(key.measurement, key.tag(field_tag) || key.tag(other_field_tag));
}

}  // namespace forecastd::engine
