// What the limits of the config leave room for. A limit stops new series, names and fields from being
// watched; it never stops a point, and never changes which points pass on. Each limit is reported once and
// counted.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_LIMITER_HPP
#define FORECASTD_ENGINE_LIMITER_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "engine/counters.hpp"
#include "engine/report.hpp"

namespace forecastd::engine {

// How many different numbers were added: exact while they are few, and within some percent up to five
// million. Takes 64 KiB once the first was added.
class DistinctCount {
  public:
    void add(std::uint64_t hash);  // well mixed
    [[nodiscard]] std::uint64_t count() const;

  private:
    static constexpr std::size_t bits = std::size_t{1} << 19;
    std::vector<std::uint64_t> seen_;
    std::size_t set_ = 0;
};

class Limiter {
  public:
    Limiter(const config::Limits& limits, Report report, Counters& counters);
    // allocated: the bytes that the engine has. reclaim: frees what can be had again, if that makes room for
    // a number of bytes below a limit, and says whether it did. Set once, before any other call.
    void set_memory(std::function<std::size_t()> allocated,
                    std::function<bool(std::size_t bytes, std::size_t limit)> reclaim);

    [[nodiscard]] const config::Limits& limits() const { return limits_; }

    // Whether that number of bytes may be allocated for what is watched. false: it is reported.
    bool room_for(std::size_t bytes);
    // The same, for what is only remembered to be quick: nothing is reported, and little is freed for it.
    [[nodiscard]] bool spare_room_for(std::size_t bytes) const;
    // Whether one more series may begin. false: it is reported.
    bool room_for_series();
    // The same two, without a report.
    [[nodiscard]] bool has_room_for(std::size_t bytes) const;
    [[nodiscard]] bool has_room_for_series() const;
    // What is left to keys when records have all the memory that they may have: series that are new need a key
    // before others can give way to them, and the memory of a key is used again for one of about the same length
    // alone.
    [[nodiscard]] std::size_t kept_for_keys() const {
        return limits_.evict == config::Limits::Evict::lru ? max_memory_bytes_ / 32 : 0;
    }
    // Series that are idle give way to new ones.
    void gives_way();

    // A series that was not begun, since one of the above said so; counts it if it is new.
    void refuse_series(std::string_view key, std::string_view field, std::size_t pipeline);
    // A value of a field with a name that there is no room for.
    void refuse_name();
    // A point of a key that some pipeline selects and that is longer than limits.max_key_bytes.
    void refuse_key(std::string_view key);
    // Values of watched fields of a point beyond the first limits.max_fields.
    void refuse_fields(std::string_view key, std::size_t count);

    // The system gave no memory: from now on the engine does not grow beyond what it has.
    void out_of_memory() noexcept;

  private:
    void report_once(bool& reported, const std::string& text);
    [[nodiscard]] std::string what_helps() const;

    const config::Limits limits_;
    const Report report_;
    Counters& counters_;
    std::function<std::size_t()> allocated_;
    std::function<bool(std::size_t, std::size_t)> reclaim_;
    std::size_t max_memory_bytes_;
    DistinctCount refused_;
    // Given back to the system when it has no more memory, so that the little that is needed can still be
    // had.
    std::unique_ptr<char[]> reserve_;
    bool memory_reported_ = false, series_reported_ = false, name_reported_ = false, key_reported_ = false,
         fields_reported_ = false, system_reported_ = false, gives_way_reported_ = false;
};

}  // namespace forecastd::engine

#endif
