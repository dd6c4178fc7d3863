// Finds what is known of a key (measurement and tags) by its raw bytes: one hash, one compare.
//
// Each record holds its text behind it, so a look-up touches one slot and one record. Two spellings of a key
// (tags in another order, needless escapes) are two records; the second points to the first.
//
// There are two kinds of records: those of keys that a pipeline watches, or may watch, and those that only
// remember that a key passes by. The latter can be forgotten all at once, and their memory goes back to the
// system.
//
// The hash has a seed. Nothing that is written may depend on the order of the table.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_KEY_TABLE_HPP
#define FORECASTD_ENGINE_KEY_TABLE_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/arena.hpp"

namespace forecastd::engine {

struct Series;
struct KeyPlan;

// A field of a key that a pipeline watches.
struct Watch {
    std::uint32_t id = 0;  // of field and pipeline: FieldPlan::Watcher::id; 0: none
    Series* series = nullptr;
};

// What few keys need: more than one watch, or a name that cannot be written as it came.
struct KeyExtra {
    std::vector<Watch> watches;  // but the first, ascending by id
    std::uint32_t next =
        0;  // in watches: the one behind the one found last, which mostly is the next one asked for
    bool has_field_tag = false;  // the original has a tag "field": ours takes another name
    std::string output_text;     // "": the record's own
    std::uint32_t output_measurement_size = 0;
    std::uint32_t output_split = 0;
};

struct KeyRecord {
    KeyPlan* plan = nullptr;  // nullptr: an alias
    union {
        Series* series = nullptr;  // of the first watch
        KeyRecord* same_as;        // of an alias: the record of the same key
    };
    KeyExtra* extra = nullptr;   // owned by the table
    std::uint32_t watch_id = 0;  // of the first watch
    std::uint32_t text_size = 0;
    std::uint32_t measurement_size : 30 = 0;
    std::uint32_t has_alias : 1 = 0;
    std::uint32_t is_listed : 1 = 0;  // by KeyDirectory, among those to be forgotten
    std::uint32_t split = 0;          // in the text: where the tag that names the field belongs

    // Where the series of a watch is kept; nullptr: the key does not have it.
    [[nodiscard]] Series** series_of(std::uint32_t id) {
        if (watch_id == id) return &series;
        return extra ? series_of_extra(id) : nullptr;
    }
    [[nodiscard]] bool is_watched() const { return watch_id != 0 || (extra && !extra->watches.empty()); }

    [[nodiscard]] std::string_view text() const {
        return {reinterpret_cast<const char*>(this + 1), text_size};
    }

    // What outputs are named by: a measurement, the tags before the one that names the field, those behind
    // it.
    struct OutputName {
        std::string_view measurement, before, after;
    };
    [[nodiscard]] OutputName output_name() const {
        const bool own = !extra || extra->output_text.empty();
        const std::string_view whole = own ? text() : std::string_view(extra->output_text);
        const std::size_t name = own ? measurement_size : extra->output_measurement_size;
        const std::size_t at = own ? split : extra->output_split;
        return {whole.substr(0, name), whole.substr(name, at - name), whole.substr(at)};
    }

  private:
    [[nodiscard]] Series** series_of_extra(std::uint32_t id);
};
static_assert(sizeof(KeyRecord) == 40);

class KeyTable {
  public:
    explicit KeyTable(std::uint64_t seed);
    ~KeyTable();
    KeyTable(const KeyTable&) = delete;
    KeyTable& operator=(const KeyTable&) = delete;

    [[nodiscard]] std::uint64_t hash(std::string_view text) const;

    // The three steps of a look-up, apart so that many can be under way at once: each fetches from memory
    // what the next one needs.
    void prefetch_slot(std::uint64_t hash) const;
    [[nodiscard]] KeyRecord* prefetch_record(
        std::uint64_t hash) const;  // the likely one, unchecked; or nullptr
    [[nodiscard]] KeyRecord* find(std::string_view text, std::uint64_t hash, KeyRecord* likely) const;
    [[nodiscard]] KeyRecord* find(std::string_view text) const { return find(text, hash(text), nullptr); }

    enum class Kind : std::uint8_t { watched, passing };

    // Adds a record for a text that is not there. The record never moves. Throws std::bad_alloc, and then
    // nothing has changed.
    KeyRecord* insert(std::string_view text, Kind kind = Kind::watched);
    void erase(KeyRecord* record);
    // Forgets the aliases, which are made again when their spelling comes again.
    void erase_aliases();
    // Forgets the records that are passing; their memory is gone.
    void erase_passing();

    // What belongs to a record, so that its memory is counted. Throw std::bad_alloc.
    void add_watch(KeyRecord& record, std::uint32_t id, Series* series);
    void remove_watch(KeyRecord& record, std::uint32_t id);
    void set_output(KeyRecord& record, bool has_field_tag, std::string text, std::uint32_t measurement_size,
                    std::uint32_t split);

    // What a key takes besides its text: its record, and its share of slots, which are at most three quarters
    // full.
    static constexpr std::size_t bytes_per_key = sizeof(KeyRecord) + 2 * sizeof(std::uint64_t);

    [[nodiscard]] std::size_t size() const { return size_; }
    // What insert() will take from the system.
    [[nodiscard]] std::size_t growth_bytes(std::size_t text_size, Kind kind) const;
    // What add_watch() and set_output() will take at most, the latter for a text of that size.
    [[nodiscard]] static std::size_t watch_growth_bytes(const KeyRecord& record);
    [[nodiscard]] static std::size_t output_growth_bytes(std::size_t text_size) { return text_size + 128; }
    [[nodiscard]] std::size_t passing_bytes() const { return passing_.allocated_bytes(); }
    [[nodiscard]] std::size_t allocated_bytes() const {
        return watched_.allocated_bytes() + passing_.allocated_bytes() + extra_bytes_ +
               slots_.size() * sizeof(std::uint64_t);
    }

    template <class Visit>
    void for_each(Visit&& visit) {
        for (const std::uint64_t slot : slots_)
            if (slot != 0) visit(record_of(slot));
    }

  private:
    // A slot is 16 bits of the hash above the 48 bits of the record's address, whose lowest bit says that the
    // record is passing; 0 is empty.
    static constexpr std::uint64_t tag_mask = ~((std::uint64_t{1} << 48) - 1);
    static constexpr std::uint64_t passing_bit = 1;
    static constexpr std::uint64_t address_mask = ~tag_mask & ~std::uint64_t{7};
    static KeyRecord* record_of(std::uint64_t slot) {
        const std::uint64_t address = slot & address_mask;
        // The slots would take twice the memory otherwise. NOLINTNEXTLINE(performance-no-int-to-ptr)
        return reinterpret_cast<KeyRecord*>(address);
    }
    [[nodiscard]] std::size_t home(std::uint64_t hash) const { return hash & (slots_.size() - 1); }
    static std::uint64_t tag(std::uint64_t hash) { return hash & tag_mask; }

    void place(std::uint64_t slot, std::uint64_t hash);
    void grow();
    KeyExtra& extra_of(KeyRecord& record);

    const std::uint64_t seed_;
    std::vector<std::uint64_t> slots_;
    std::size_t size_ = 0;
    Arena watched_, passing_;      // the records
    std::size_t extra_bytes_ = 0;  // what they have in `extra`
};

}  // namespace forecastd::engine

#endif
