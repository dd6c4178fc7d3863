#include "engine/selection.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

#include "engine/pipeline.hpp"

namespace forecastd::engine {
namespace {

using TagGlobs = std::vector<std::pair<std::string, config::GlobList>>;

bool any_tag_matches(const TagGlobs& globs, const lineprotocol::Key& key) {
    return std::any_of(globs.begin(), globs.end(), [&](const auto& entry) {
        const std::string* const value = key.tag(entry.first);
        return value && entry.second.match(*value);
    });
}

bool passes(const std::optional<config::GlobList>& pass, const std::optional<config::GlobList>& drop,
            std::string_view name) {
    return (!pass || pass->match(name)) && !(drop && drop->match(name));
}

}  // namespace

bool selects_measurement(const config::Selection& selection, std::string_view name) {
    return passes(selection.namepass, selection.namedrop, name);
}

bool selects_key(const config::Selection& selection, const lineprotocol::Key& key) {
    return selects_measurement(selection, key.measurement) &&
           (selection.tagpass.empty() || any_tag_matches(selection.tagpass, key)) &&
           !any_tag_matches(selection.tagdrop, key);
}

bool selects_field(const config::Selection& selection, std::string_view name) {
    return passes(selection.fieldpass, selection.fielddrop, name);
}

std::size_t SeededHash::operator()(std::string_view text) const {
    return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

KeyPlan& Selector::plan(const lineprotocol::Key& key, bool own_output) {
    std::vector<Pipeline*> selecting;
    if (!own_output)
        for (Pipeline* const pipeline : pipelines_)
            if (selects_key(pipeline->config().selection, key)) selecting.push_back(pipeline);
    auto& plan = plans_[{own_output, selecting}];
    if (!plan) {
        plan = std::make_unique<KeyPlan>(seed_);
        bytes_ += sizeof(KeyPlan) + 2 * selecting.size() * sizeof(void*) + 128;
        plan->pipelines = selecting;
        plan->own_output = own_output;
        // An original is kept back only if every pipeline that selects it says so.
        plan->passes_originals =
            selecting.empty() || std::any_of(selecting.begin(), selecting.end(), [](const Pipeline* p) {
                return p->config().output.passthrough;
            });
    }
    return *plan;
}

FieldPlan& Selector::find_field(KeyPlan& plan, std::size_t position, std::string_view raw_key) {
    const bool is_plain = raw_key.find('\\') == std::string_view::npos;
    const std::string unescaped = is_plain ? std::string() : lineprotocol::unescape_name(raw_key);
    const std::string_view name = is_plain ? raw_key : std::string_view(unescaped);
    const auto found = plan.fields.find(name);
    FieldPlan* const field =
        found != plan.fields.end() ? found->second.get() : make_field(plan, raw_key, std::string(name));
    if (!field) return unwatched_;
    constexpr std::size_t max_hints = 1000;
    if (position >= max_hints || field->raw != raw_key) return *field;
    if (position >= plan.by_position.size()) {
        const std::size_t before = plan.by_position.capacity();
        plan.by_position.resize(position + 1);
        bytes_ += (plan.by_position.capacity() - before) * sizeof plan.by_position[0];
    }
    plan.by_position[position] = {field->raw, field};
    return *field;
}

// nullptr: there is no room for it.
FieldPlan* Selector::make_field(KeyPlan& plan, std::string_view raw_key, std::string name) {
    auto field = std::make_unique<FieldPlan>();
    for (Pipeline* const pipeline : plan.pipelines)
        if (selects_field(pipeline->config().selection, name)) field->watchers.push_back({pipeline, 0});
    field->raw = raw_key;
    lineprotocol::append_name(field->output_name, lineprotocol::clean_name(name));
    if (field->output_name.empty()) field->output_name = "_";  // a tag must have a value
    field->name = std::move(name);
    field->serial = next_serial_++;

    const std::size_t bytes = bytes_of(*field);
    const bool room = names_ < max_names &&
                      (field->watchers.empty() ? limiter_.spare_room_for(bytes) : limiter_.room_for(bytes));
    if (!room) {
        refused_ = true;
        if (!field->watchers.empty()) limiter_.refuse_name();
        return nullptr;
    }
    for (FieldPlan::Watcher& watcher : field->watchers) {
        if (free_ids_.empty()) {
            free_ids_.push_back(static_cast<std::uint32_t>(watched_.size()));
            watched_.push_back(nullptr);
        }
        watcher.id = free_ids_.back();
        free_ids_.pop_back();
        watched_[watcher.id] = field.get();
    }
    ++names_;
    ++unused_;
    bytes_ += bytes;
    FieldPlan* const made = field.get();
    plan.fields.emplace(made->name, std::move(field));
    return made;
}

void Selector::forget_unused() {
    refused_ = false;
    for (const auto& entry : plans_) {
        KeyPlan& plan = *entry.second;
        for (auto& [raw, field] : plan.by_position)
            if (field && field->series == 0) raw = {}, field = &unwatched_;
        std::erase_if(plan.fields, [&](const auto& one) {
            const FieldPlan& field = *one.second;
            if (field.series > 0) return false;
            for (const FieldPlan::Watcher& watcher : field.watchers) {
                watched_[watcher.id] = nullptr;
                free_ids_.push_back(watcher.id);
            }
            bytes_ -= bytes_of(field);
            --names_;
            --unused_;
            return true;
        });
    }
}

std::size_t Selector::bytes_of(const FieldPlan& field) const {
    constexpr std::size_t node_bytes = 64;  // in the index, with its bucket
    constexpr std::size_t id_bytes = 2 * (sizeof(void*) + sizeof(std::uint32_t));
    std::size_t bytes = node_bytes + sizeof(FieldPlan) + 16 +
                        field.watchers.size() * (sizeof(FieldPlan::Watcher) + id_bytes) + 32;
    for (const std::string* text : {&field.name, &field.raw, &field.output_name})
        if (text->size() > 15) bytes += text->size() + 24;
    return bytes;
}

}  // namespace forecastd::engine
