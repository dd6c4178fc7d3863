// What the engine knows of keys (measurement and tags): once for each key, which pipelines select it and how
// its outputs are named; then found again by the raw bytes of the key.
//
// Each point goes through the look-up. Whether a point passes on follows from its key and the config alone: a
// limit may stop the directory from remembering a key, and then the key is worked out again at each point.
// Keys that no pipeline selects are remembered to be quick, and give way when the memory is needed for
// others. The directory never touches a series and never drops a point.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_KEY_DIRECTORY_HPP
#define FORECASTD_ENGINE_KEY_DIRECTORY_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/key_table.hpp"
#include "engine/limiter.hpp"
#include "engine/selection.hpp"
#include "lineprotocol/names.hpp"
#include "lineprotocol/point.hpp"

namespace forecastd::engine {

class KeyDirectory {
  public:
    // seed: of the hashes; no output depends on it.
    // control: the measurement of labels, which no pipeline selects, as none does our own outputs. ignored_tags:
    // keys that differ in these alone are one.
    KeyDirectory(std::vector<Pipeline*> pipelines, std::optional<std::string> control,
                 std::vector<std::string> ignored_tags, Limiter& limiter, std::uint64_t seed);

    // The look-up of a point's key, in four steps, so that a batch can take each step for all of its points
    // and wait for memory once. A measurement that no pipeline can select ends at the first step.
    [[nodiscard]] KeyRecord* passing(std::string_view raw_measurement) {
        return by_name_ && !may_concern(raw_measurement) ? &passing_ : nullptr;
    }
    std::uint64_t prefetch_slot(std::string_view key) const {
        const std::uint64_t hash = keys_.hash(key);
        keys_.prefetch_slot(hash);
        return hash;
    }
    [[nodiscard]] KeyRecord* prefetch_record(std::uint64_t hash) const { return keys_.prefetch_record(hash); }
    // The record of the key, made if it is new. Of a key that cannot be remembered it is a record that stands
    // for all such keys: its plan has no pipelines, and passes on what the key's own plan passes on.
    KeyRecord& find_or_add(const lineprotocol::Points& batch, const lineprotocol::PointView& point,
                           std::uint64_t hash, KeyRecord* likely) {
        KeyRecord* const record = keys_.find(point.key, hash, likely);
        if (!record) return add(batch, point);
        return record->plan ? *record : *record->same_as;
    }
    // The record of a key with some of its tags alone, made if it is new. Works it out each time.
    KeyRecord& find_or_add_group(const KeyRecord& record, const std::vector<std::string>& tags);
    // Whether it is the record that stands for all keys of the measurements that no pipeline can select.
    [[nodiscard]] bool is_passing(const KeyRecord* record) const { return record == &passing_; }

    // The fields of the keys, and who watches them.
    [[nodiscard]] Selector& selector() { return selector_; }
    [[nodiscard]] const Selector& selector() const { return selector_; }

    // A series of a key has begun or ended. Throws std::bad_alloc, and then nothing has changed.
    void began(KeyRecord& record, std::uint32_t watch_id, Series* series) {
        keys_.add_watch(record, watch_id, series);
        selector_.began(watch_id);
    }
    void ended(KeyRecord& record, std::uint32_t watch_id) {
        keys_.remove_watch(record, watch_id);
        selector_.ended(watch_id);
        may_be_idle(record);
    }
    // No series could begin for a key.
    void refused(KeyRecord& record) { may_be_idle(record); }

    // Forgets the keys and fields that no series belongs to. Their records are gone.
    void forget_idle();
    // Whether forget_listed() is worth it: when no series belongs to many of the keys any more, or most are other
    // spellings. It follows from the points alone.
    [[nodiscard]] bool wants_to_forget() const { return wants_to_forget_; }
    // Whether a key was refused since the last time, as there was no memory for it.
    [[nodiscard]] bool was_full() const { return was_full_; }
    // Forgets these keys, without a walk over all. Their records are gone.
    void forget_listed();
    // Forgets the keys that no pipeline selects. Their records are gone.
    void forget_passing() { keys_.erase_passing(); }
    // What forget_passing() frees.
    [[nodiscard]] std::size_t passing_bytes() const { return keys_.passing_bytes(); }

    [[nodiscard]] std::size_t allocated_bytes() const {
        return keys_.allocated_bytes() + selector_.allocated_bytes() + concerns_bytes_;
    }

  private:
    static constexpr std::size_t least_idle = 64, least_aliases = 1024;

    // What a plan without pipelines does with the points of its keys.
    struct StandIn {
        explicit StandIn(std::uint64_t seed) : plan(seed) { record.plan = &plan; }
        KeyPlan plan;
        KeyRecord record;
    };
    void may_be_idle(KeyRecord& record) {
        if (record.is_watched() || record.is_listed) return;
        record.is_listed = 1;
        idle_.push_back(&record);
        wants_to_forget_ = wants_to_forget_ || idle_.size() > least_idle + keys_.size() / 16;
    }
    KeyRecord& add(const lineprotocol::Points& batch, const lineprotocol::PointView& point);
    KeyRecord& try_to_add(const lineprotocol::Points& batch, const lineprotocol::PointView& point);
    KeyRecord& insert(const lineprotocol::Key& key, const std::string& canonical, KeyPlan& plan);
    KeyRecord& unremembered(const KeyPlan& plan);
    void refuse(const lineprotocol::Points& batch, const lineprotocol::PointView& point,
                std::string_view canonical, const KeyPlan& plan);
    bool may_concern(std::string_view raw_measurement);
    bool look_up_name(std::string_view raw_measurement);
    [[nodiscard]] bool is_own_name(std::string_view measurement, bool tagged) const;
    [[nodiscard]] bool is_own_output(const lineprotocol::Key& key) const;

    const std::vector<Pipeline*> pipelines_;
    const std::optional<std::string> control_;
    const std::vector<std::string> ignored_tags_;
    std::string group_text_;  // of the last find_or_add_group()
    Limiter& limiter_;
    Selector selector_;
    KeyTable keys_;
    std::vector<KeyRecord*> idle_;  // that may be without a series
    std::size_t aliases_ = 0;       // of keys that are selected
    bool wants_to_forget_ = false, was_full_ = false;

    // Measurements that no pipeline can select are known by their name, and their keys are not kept.
    bool by_name_ = false;                                        // whether the config leaves any out by name
    std::unordered_map<std::string, bool, SeededHash> concerns_;  // a cache, forgotten when it is full
    std::size_t concerns_bytes_ = 0;
    std::pair<std::string_view, bool> last_name_;
    KeyRecord passing_;  // of all keys of these measurements
    StandIn unselected_, held_back_, own_output_;
};

}  // namespace forecastd::engine

#endif
