// What the engine knows of keys (measurement and tags): once for each key, which pipelines select it and how its
// outputs are named; then found again by the raw bytes of the key.
//
// Each point goes through the look-up. The directory never touches a series and never drops a point; what it may
// allocate, it asks for first.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_KEY_DIRECTORY_HPP
#define FORECASTD_ENGINE_KEY_DIRECTORY_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/key_table.hpp"
#include "engine/selection.hpp"
#include "lineprotocol/names.hpp"
#include "lineprotocol/point.hpp"

namespace forecastd::engine {

class KeyDirectory {
  public:
    // room_for: whether that number of bytes may be allocated for a new key.
    KeyDirectory(std::vector<Pipeline*> pipelines, std::function<bool(std::size_t)> room_for);

    // The look-up of a point's key, in four steps, so that a batch can take each step for all of its points and wait
    // for memory once. A measurement that no pipeline can select ends at the first step.
    [[nodiscard]] KeyRecord* passing(std::string_view raw_measurement) {
        return by_name_ && !may_concern(raw_measurement) ? &passing_ : nullptr;
    }
    std::uint64_t prefetch_slot(std::string_view key) const {
        const std::uint64_t hash = KeyTable::hash(key);
        keys_.prefetch_slot(hash);
        return hash;
    }
    [[nodiscard]] KeyRecord* prefetch_record(std::uint64_t hash) const { return keys_.prefetch_record(hash); }
    // The record of the key, made if it is new; nullptr if there is no room for it.
    KeyRecord* find_or_add(const lineprotocol::PointView& point, std::uint64_t hash, KeyRecord* likely) {
        KeyRecord* record = keys_.find(point.key, hash, likely);
        if (!record) record = add(point.key, point.measurement_size);
        if (record && !record->plan) record = record->same_as;
        return record;
    }
    // Whether it is the record that stands for all keys of the measurements that no pipeline can select.
    [[nodiscard]] bool is_passing(const KeyRecord* record) const { return record == &passing_; }

    // The fields of the keys, and who watches them.
    [[nodiscard]] Selector& selector() { return selector_; }

    // Forgets the keys that no series belongs to. Their records are gone.
    void forget_idle();

    [[nodiscard]] std::size_t allocated_bytes() const { return keys_.allocated_bytes(); }

  private:
    KeyRecord* add(std::string_view text, std::size_t measurement_size);
    bool may_concern(std::string_view raw_measurement);
    [[nodiscard]] bool is_own_name(std::string_view measurement, bool tagged) const;
    [[nodiscard]] bool is_own_output(const lineprotocol::Key& key) const;

    const std::vector<Pipeline*> pipelines_;
    const std::function<bool(std::size_t)> room_for_;
    Selector selector_;
    KeyTable keys_;

    // Measurements that no pipeline can select are known by their name, and their keys are not kept.
    bool by_name_ = false;  // whether the config leaves any out by name
    std::unordered_map<std::string, bool> concerns_;
    std::pair<std::string_view, bool> last_name_;
    KeyPlan passing_plan_;
    KeyRecord passing_;  // stands for all of their keys
};

}  // namespace forecastd::engine

#endif
