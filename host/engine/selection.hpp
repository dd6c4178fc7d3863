// Which pipelines watch a key and a field: decided once, then looked up.
//
// Keys that the same pipelines select share a KeyPlan; a plan knows the fields that came with its keys. A
// hint by position makes the look-up of a field one compare, as long as points name their fields in the same
// order.
//
// A field that has no series any more is forgotten, and its name with it, when the engine asks for that.
// Names are counted as memory, and there is a greatest number of them, so that names made from data fill
// nothing.
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
#include "engine/limiter.hpp"
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
    std::string raw;          // as it came first
    std::string output_name;  // escaped and fit for a tag's value
    std::vector<Watcher> watchers;
    std::uint64_t serial = 0;  // of no other field that the process has or had
    std::uint32_t series = 0;  // how many belong to it, in all pipelines

    // Where it comes last in the current point: a field that comes twice counts by its last value.
    std::uint32_t last_index = 0;
};

// A hash that no input can be chosen to collide in.
struct SeededHash {
    std::uint64_t seed;
    std::size_t operator()(std::string_view text) const;
};

struct KeyPlan {
    explicit KeyPlan(std::uint64_t seed) : fields(0, SeededHash{seed}) {}

    std::vector<Pipeline*> pipelines;  // in the order of the config
    bool passes_originals = true;
    bool own_output = false;  // its keys are those of our own outputs that came back

    std::unordered_map<std::string_view, std::unique_ptr<FieldPlan>, SeededHash> fields;  // by plain name
    // For each position in a point: a raw key, which is a FieldPlan's, and that plan.
    std::vector<std::pair<std::string_view, FieldPlan*>> by_position;
};

class Selector {
  public:
    Selector(std::vector<Pipeline*> pipelines, Limiter& limiter, std::uint64_t seed)
        : pipelines_(std::move(pipelines)), limiter_(limiter), seed_(seed) {}

    // The plan of the pipelines that select a key; of none for our own outputs.
    KeyPlan& plan(const lineprotocol::Key& key, bool own_output);

    // The field at that position of a point. It stays until forget_unused().
    FieldPlan& field(KeyPlan& plan, std::size_t position, std::string_view raw_key) {
        if (position < plan.by_position.size() && plan.by_position[position].first == raw_key)
            return *plan.by_position[position].second;
        return find_field(plan, position, raw_key);
    }

    // By FieldPlan::Watcher::id, of a field that has a series.
    [[nodiscard]] const FieldPlan& field_of(std::uint32_t watch_id) const { return *watched_[watch_id]; }

    // A series of a watch has begun, has ended.
    void began(std::uint32_t watch_id) { unused_ -= watched_[watch_id]->series++ == 0; }
    void ended(std::uint32_t watch_id) { unused_ += --watched_[watch_id]->series == 0; }

    // Whether forget_unused() makes room that a point with that number of fields may need.
    [[nodiscard]] bool wants_to_forget(std::size_t fields) const {
        return (refused_ || names_ + fields > max_names) && unused_ * 4 >= names_;
    }
    // Forgets the fields without a series. They, and the ids of their watchers, are gone.
    void forget_unused();

    [[nodiscard]] std::size_t names() const { return names_; }
    [[nodiscard]] std::size_t allocated_bytes() const { return bytes_; }

    // There are no more names than this at once.
    static constexpr std::size_t max_names = 100'000;

  private:
    FieldPlan& find_field(KeyPlan& plan, std::size_t position, std::string_view raw_key);
    FieldPlan* make_field(KeyPlan& plan, std::string_view raw_key, std::string name);
    [[nodiscard]] std::size_t bytes_of(const FieldPlan& field) const;

    const std::vector<Pipeline*> pipelines_;
    Limiter& limiter_;
    const std::uint64_t seed_;
    std::map<std::pair<bool, std::vector<Pipeline*>>, std::unique_ptr<KeyPlan>>
        plans_;                                 // by own_output, pipelines
    std::vector<FieldPlan*> watched_{nullptr};  // by id
    std::vector<std::uint32_t> free_ids_;
    std::size_t names_ = 0, unused_ = 0, bytes_ = 0;
    std::uint64_t next_serial_ = 1;
    bool refused_ = false;
    FieldPlan unwatched_;
};

// Whether a pipeline's filters take a measurement, a key of it, and a field. As in Telegraf, one matching tag
// of tagpass is enough, and the drop lists are applied to what the pass lists let through.
bool selects_measurement(const config::Selection& selection, std::string_view name);
bool selects_key(const config::Selection& selection, const lineprotocol::Key& key);
bool selects_field(const config::Selection& selection, std::string_view name);

}  // namespace forecastd::engine

#endif
