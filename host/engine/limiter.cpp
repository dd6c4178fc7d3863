#include "engine/limiter.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

namespace forecastd::engine {
namespace {

constexpr std::size_t reserve_bytes = std::size_t{4} << 20;
constexpr std::size_t shown_bytes = 100;  // of a key, in a message

std::string shown(std::string_view key) {
    return std::string(key.substr(0, shown_bytes)) + (key.size() > shown_bytes ? "..." : "");
}

}  // namespace

void DistinctCount::add(std::uint64_t hash) {
    if (seen_.empty()) seen_.resize(bits / 64);
    const std::size_t i = hash % bits;
    const std::uint64_t bit = std::uint64_t{1} << (i % 64);
    set_ += (seen_[i / 64] & bit) == 0;
    seen_[i / 64] |= bit;
}

// Linear counting (Whang, Vander-Zanden and Taylor, 1990): n = -m ln(empty / m).
std::uint64_t DistinctCount::count() const {
    if (set_ < 64) return set_;
    const double empty = std::max(1.0, static_cast<double>(bits - set_));
    return static_cast<std::uint64_t>(
        std::llround(-static_cast<double>(bits) * std::log(empty / static_cast<double>(bits))));
}

Limiter::Limiter(const config::Limits& limits, Report report, Counters& counters)
    : limits_(limits),
      report_(std::move(report)),
      counters_(counters),
      max_memory_bytes_(static_cast<std::size_t>(limits.max_memory_bytes)),
      reserve_(new (std::nothrow) char[reserve_bytes]) {}

void Limiter::set_memory(std::function<std::size_t()> allocated,
                         std::function<bool(std::size_t, std::size_t)> reclaim) {
    allocated_ = std::move(allocated);
    reclaim_ = std::move(reclaim);
}

bool Limiter::room_for(std::size_t bytes) {
    if (has_room_for(bytes)) return true;
    report_once(memory_reported_, "limits.max_memory (" + std::to_string(limits_.max_memory_bytes) +
                                      " bytes) is reached: new series pass through without being watched" +
                                      what_helps());
    return false;
}

bool Limiter::spare_room_for(std::size_t bytes) const {
    return bytes == 0 || allocated_() + bytes <= max_memory_bytes_ ||
           (bytes <= max_memory_bytes_ / 8 && reclaim_(max_memory_bytes_ / 8, max_memory_bytes_));
}

bool Limiter::room_for_series() {
    if (has_room_for_series()) return true;
    report_once(series_reported_, "limits.max_series (" + std::to_string(limits_.max_series) +
                                      ") is reached: new series pass through without being watched" +
                                      what_helps());
    return false;
}

bool Limiter::has_room_for(std::size_t bytes) const {
    return bytes == 0 || allocated_() + bytes <= max_memory_bytes_ || reclaim_(bytes, max_memory_bytes_);
}

bool Limiter::has_room_for_series() const {
    return counters_.series < static_cast<std::uint64_t>(limits_.max_series);
}

void Limiter::gives_way() {
    if (std::exchange(gives_way_reported_, true)) return;
    report_(config::LogLevel::warn,
            "limits.max_series or limits.max_memory is reached: series without a point for ten intervals "
            "give way to new ones, those first that are idle longest");
}

// The end of a sentence about a limit.
std::string Limiter::what_helps() const {
    return limits_.evict == config::Limits::Evict::lru
               ? " as long as all that are watched are still written; raise the limit, or select less"
               : "; raise the limit, select less, set limits.ttl, or let idle series give way with "
                 "\"evict\": \"lru\"";
}

void Limiter::refuse_series(std::string_view key, std::string_view field, std::size_t pipeline) {
    // Without the seed of the tables: what is counted must be the same each time.
    const std::uint64_t of_key = XXH3_64bits(key.data(), key.size());
    refused_.add(XXH3_64bits_withSeed(field.data(), field.size(), of_key + pipeline));
    counters_.refused_series = refused_.count();
}

void Limiter::refuse_name() {
    ++counters_.refused_names;
    report_once(
        name_reported_,
        "there are too many names of fields to watch them all: values of new ones pass through without "
        "being watched; are names made from data? Select fewer fields with fieldpass or fielddrop, or "
        "set limits.ttl");
}

void Limiter::refuse_key(std::string_view key) {
    ++counters_.long_keys;
    report_once(key_reported_,
                "the key (measurement and tags) '" + shown(key) + "' has " + std::to_string(key.size()) +
                    " bytes, more than limits.max_key_bytes (" + std::to_string(limits_.max_key_bytes) +
                    "): points of such keys pass through without being watched; raise the limit, or drop the "
                    "tag that is so long");
}

void Limiter::refuse_fields(std::string_view key, std::size_t count) {
    counters_.excess_fields += count;
    report_once(
        fields_reported_,
        "a point of '" + shown(key) + "' has " + std::to_string(count) +
            " watched fields more than limits.max_fields (" + std::to_string(limits_.max_fields) +
            "): these pass through without being watched; raise the limit, or select fewer fields with "
            "fieldpass or fielddrop");
}

void Limiter::out_of_memory() noexcept {
    max_memory_bytes_ = std::min(max_memory_bytes_, allocated_());
    reserve_.reset();
    try {
        report_once(
            system_reported_,
            "the system gives no more memory: new series pass through without being watched; give the "
            "process more, or set limits.max_memory below what it may have (now " +
                std::to_string(limits_.max_memory_bytes) + " bytes)");
    } catch (const std::bad_alloc&) {
        system_reported_ = false;  // at the next occasion
    }
}

void Limiter::report_once(bool& reported, const std::string& text) {
    if (std::exchange(reported, true)) return;
    report_(config::LogLevel::error, text);
}

}  // namespace forecastd::engine
