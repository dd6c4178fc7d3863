// Finds what is known of a key (measurement and tags) by its raw bytes: one hash, one compare.
//
// Each record holds its text behind it, so a look-up touches one slot and one record. Two spellings of a key (tags in
// another order, needless escapes) are two records; the second points to the first.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_KEY_TABLE_HPP
#define FORECASTD_ENGINE_KEY_TABLE_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

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
    std::vector<Watch> watches;  // but the first
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
    std::uint32_t measurement_size = 0;
    std::uint32_t split = 0;  // in the text: where the tag that names the field belongs

    [[nodiscard]] std::string_view text() const {
        return {reinterpret_cast<const char*>(this + 1), text_size};
    }

    // What outputs are named by: a measurement, the tags before the one that names the field, those behind it.
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
};
static_assert(sizeof(KeyRecord) == 40);

class KeyTable {
  public:
    KeyTable();
    ~KeyTable();
    KeyTable(const KeyTable&) = delete;
    KeyTable& operator=(const KeyTable&) = delete;

    static std::uint64_t hash(std::string_view text);

    // The three steps of a look-up, apart so that many can be under way at once: each fetches from memory what the
    // next one needs.
    void prefetch_slot(std::uint64_t hash) const;
    [[nodiscard]] KeyRecord* prefetch_record(
        std::uint64_t hash) const;  // the likely one, unchecked; or nullptr
    [[nodiscard]] KeyRecord* find(std::string_view text, std::uint64_t hash, KeyRecord* likely) const;
    [[nodiscard]] KeyRecord* find(std::string_view text) const { return find(text, hash(text), nullptr); }

    // Adds a record for a text that is not there. The record never moves.
    KeyRecord* insert(std::string_view text);
    void erase(KeyRecord* record);

    // What a key takes besides its text: its record, and its share of slots, which are at most three quarters full.
    static constexpr std::size_t bytes_per_key = sizeof(KeyRecord) + 2 * sizeof(std::uint64_t);

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t allocated_bytes() const {
        return arena_bytes_ + slots_.size() * sizeof(std::uint64_t);
    }

    template <class Visit>
    void for_each(Visit&& visit) {
        for (const std::uint64_t slot : slots_)
            if (slot != 0) visit(record_of(slot));
    }

  private:
    // A slot is 16 bits of the hash above the 48 bits of the record's address; 0 is empty.
    static constexpr std::uint64_t address_mask = (std::uint64_t{1} << 48) - 1;
    static KeyRecord* record_of(std::uint64_t slot) {
        const std::uint64_t address = slot & address_mask;
        // The slots would take twice the memory otherwise. NOLINTNEXTLINE(performance-no-int-to-ptr)
        return reinterpret_cast<KeyRecord*>(address);
    }
    [[nodiscard]] std::size_t home(std::uint64_t hash) const { return hash & (slots_.size() - 1); }
    static std::uint64_t tag(std::uint64_t hash) { return hash & ~address_mask; }

    void place(std::uint64_t slot, std::uint64_t hash);
    void grow();
    void* take(std::size_t bytes);
    void give_back(void* memory, std::size_t bytes);

    std::vector<std::uint64_t> slots_;
    std::size_t size_ = 0;

    std::vector<std::unique_ptr<char[]>> arena_;
    char* arena_next_ = nullptr;
    std::size_t arena_left_ = 0;
    std::size_t arena_bytes_ = 0;
    std::vector<void*> free_;  // by size in units of 8 bytes; each record begins with the next one's address
};

}  // namespace forecastd::engine

#endif
