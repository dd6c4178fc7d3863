#include "engine/selection.hpp"

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

KeyPlan& Selector::plan(const lineprotocol::Key& key, bool own_output) {
    std::vector<Pipeline*> selecting;
    if (!own_output)
        for (Pipeline* const pipeline : pipelines_)
            if (selects_key(pipeline->config().selection, key)) selecting.push_back(pipeline);
    auto& plan = plans_[{own_output, selecting}];
    if (!plan) {
        plan = std::make_unique<KeyPlan>();
        plan->pipelines = selecting;
        plan->own_output = own_output;
        // An original is kept back only if everyone who selects it wants so.
        plan->passes_originals =
            selecting.empty() || std::any_of(selecting.begin(), selecting.end(), [](const Pipeline* p) {
                return p->config().output.passthrough;
            });
    }
    return *plan;
}

FieldPlan& Selector::find_field(KeyPlan& plan, std::size_t position, std::string_view raw_key) {
    auto found = plan.fields.find(std::string(raw_key));
    if (found == plan.fields.end()) {
        if (plan.fields.size() >= max_fields) return unwatched_;
        const std::string name = lineprotocol::unescape_name(raw_key);
        const auto same = std::find_if(plan.fields.begin(), plan.fields.end(), [&](const auto& entry) {
            return entry.second->name == name && !entry.second->watchers.empty();
        });
        FieldPlan& field = same == plan.fields.end() ? make_field(plan, name) : *same->second;
        found = plan.fields.emplace(raw_key, &field).first;
    }
    if (position >= plan.by_position.size()) {
        constexpr std::size_t max_hints = 1000;
        if (position >= max_hints) return *found->second;
        plan.by_position.resize(position + 1);
    }
    plan.by_position[position] = {found->first, found->second};
    return *found->second;
}

FieldPlan& Selector::make_field(const KeyPlan& plan, std::string name) {
    auto field = std::make_unique<FieldPlan>();
    lineprotocol::append_name(field->output_name, lineprotocol::clean_name(name));
    if (field->output_name.empty()) field->output_name = "_";  // a tag must have a value
    for (Pipeline* const pipeline : plan.pipelines) {
        if (!selects_field(pipeline->config().selection, name)) continue;
        field->watchers.push_back({pipeline, static_cast<std::uint32_t>(watched_.size())});
        watched_.push_back(field.get());
    }
    field->name = std::move(name);
    return *fields_.emplace_back(std::move(field));
}

}  // namespace forecastd::engine
