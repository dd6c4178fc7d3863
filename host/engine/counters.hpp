// What an engine has seen and done, for the host's own metrics.
#ifndef FORECASTD_ENGINE_COUNTERS_HPP
#define FORECASTD_ENGINE_COUNTERS_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace forecastd::engine {

struct Counters {
    std::uint64_t points = 0;           // read whole and well formed
    std::uint64_t own_outputs = 0;      // of these, our own outputs that came back
    std::uint64_t values = 0;           // of watched fields
    std::uint64_t not_numbers = 0;      // watched, but a boolean or a string
    std::uint64_t late = 0;             // not later than one that came before
    std::uint64_t duplicates = 0;       // at the same time as the last one
    std::uint64_t crowded = 0;          // later, but on the same step of the grid
    std::uint64_t ahead = 0;            // so far ahead that the next one must confirm it
    std::uint64_t gaps = 0;             // points that came after missing steps
    std::uint64_t out_of_range = 0;     // outside data_range
    std::uint64_t bad_times = 0;        // too far from now to be watched
    std::uint64_t restarted = 0;        // series that began again, since their clock or interval changed
    std::uint64_t plugin_failures = 0;  // series set aside
    std::uint64_t refused_series = 0;   // for which a limit left no room: an estimate
    std::uint64_t refused_names = 0;    // values of fields whose name a limit left no room for
    std::uint64_t long_keys = 0;        // points that were selected, with a key beyond limits.max_key_bytes
    std::uint64_t excess_fields = 0;    // values of watched fields of a point beyond limits.max_fields
    std::uint64_t expired_series = 0;   // not seen for the ttl
    std::uint64_t evicted_series = 0;   // that gave way to others
    std::uint64_t returned_series = 0;  // of these, that went on where they were
    std::uint64_t forecasts = 0;
    std::uint64_t judgements = 0;
    std::uint64_t anomalies = 0;
    std::uint64_t suppressed = 0;   // that would be anomalies, but for a label
    std::uint64_t labels = 0;       // points of control.measurement
    std::uint64_t bad_labels = 0;   // of these, with no known action
    std::uint64_t silences = 0;     // times that a series fell silent
    std::uint64_t series = 0;       // watched now
    std::uint64_t events = 0;       // opened
    std::uint64_t events_open = 0;  // open now

    Counters& operator+=(const Counters& other);
};

// Every member is a counter, so that none can be left out of a sum.
inline Counters& Counters::operator+=(const Counters& other) {
    static_assert(sizeof(Counters) % sizeof(std::uint64_t) == 0);
    std::uint64_t sum[sizeof(Counters) / sizeof(std::uint64_t)],
        more[sizeof(Counters) / sizeof(std::uint64_t)];
    std::memcpy(sum, this, sizeof sum);
    std::memcpy(more, &other, sizeof more);
    for (std::size_t i = 0; i < std::size(sum); ++i) sum[i] += more[i];
    std::memcpy(static_cast<void*>(this), sum, sizeof sum);
    return *this;
}

}  // namespace forecastd::engine

#endif
