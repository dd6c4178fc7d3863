// Which pipelines watch a key and a field: decided once, then looked up.
//
// Keys that the same pipelines select share a KeyPlan; a plan knows every field that came with its keys. A hint by
// position makes the look-up of a field one compare, as long as points name their fields in the same order.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_SELECTION_HPP
#define FORECASTD_ENGINE_SELECTION_HPP

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "lineprotocol/names.hpp"

namespace forecastd::engine {

class Pipeline;

// A field as the pipelines of a plan see it.
struct FieldPlan {
    struct Watcher {
        Pipeline* pipeline;
        std::uint32_t id;  // of this field and this pipeline, unique within the engine, from 1
    };
    std::string name;         // plain
    std::string output_name;  // escaped and fit for a tag's value
    std::vector<Watcher> watchers;

    // Where it comes last in the point at hand: a field that comes twice counts by its last value.
    std::uint32_t last_index = 0;
};

struct KeyPlan {
    std::vector<Pipeline*> pipelines;  // in the order of the config
    bool passes_originals = true;
    bool own_output = false;  // its keys are outputs of ours that came back

    std::unordered_map<std::string, FieldPlan*> fields;  // by raw key
    std::vector<std::pair<std::string_view, FieldPlan*>> by_position;
};

class Selector {
  public:
    explicit Selector(std::vector<Pipeline*> pipelines) : pipelines_(std::move(pipelines)) {}

    // The plan of the pipelines that select a key; of none for our own outputs.
    KeyPlan& plan(const lineprotocol::Key& key, bool own_output);

    // The field at that position of a point.
    FieldPlan& field(KeyPlan& plan, std::size_t position, std::string_view raw_key) {
        if (position < plan.by_position.size() && plan.by_position[position].first == raw_key)
            return *plan.by_position[position].second;
        return find_field(plan, position, raw_key);
    }

    // By FieldPlan::Watcher::id.
    [[nodiscard]] const FieldPlan& field_of(std::uint32_t watch_id) const { return *watched_[watch_id]; }

    // Field names beyond this many are not watched, so that names made from data cannot fill the memory.
    static constexpr std::size_t max_fields = 100'000;

  private:
    FieldPlan& find_field(KeyPlan& plan, std::size_t position, std::string_view raw_key);
    FieldPlan& make_field(const KeyPlan& plan, std::string name);

    const std::vector<Pipeline*> pipelines_;
    std::map<std::pair<bool, std::vector<Pipeline*>>, std::unique_ptr<KeyPlan>>
        plans_;  // by own_output, pipelines
    std::vector<std::unique_ptr<FieldPlan>> fields_;
    std::vector<const FieldPlan*> watched_{nullptr};
    FieldPlan unwatched_;
};

// Whether a pipeline's filters take a measurement, a key of it, and a field. As in Telegraf, one matching tag of tagpass is enough,
// and the drop lists are applied to what the pass lists let through.
bool selects_measurement(const config::Selection& selection, std::string_view name);
bool selects_key(const config::Selection& selection, const lineprotocol::Key& key);
bool selects_field(const config::Selection& selection, std::string_view name);

}  // namespace forecastd::engine

#endif
