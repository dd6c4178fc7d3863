// An event: one incident of a series, told as a row where it opens, rows where it becomes clearly worse, and
// a row where it closes. All of it follows from the data, so a replay gives the same rows.
#ifndef FORECASTD_ENGINE_EVENT_HPP
#define FORECASTD_ENGINE_EVENT_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace forecastd::engine {

enum class EventState : std::uint8_t { open, update, closed };
enum class EventDirection : std::uint8_t { none, above_expected, below_expected, rising, falling };

// As outputs have it.
constexpr std::string_view name_of(EventDirection direction) {
    constexpr std::string_view names[] = {"none", "above_expected", "below_expected", "rising", "falling"};
    return names[static_cast<std::size_t>(direction)];
}

// One row about an event. No two rows of a series have the same time.
struct Event {
    std::uint64_t id;  // event_id(): the same in each row of the event
    EventState state;
    EventDirection direction;
    std::uint32_t points;  // anomalies of the event so far
    std::int64_t time_ns;  // of the row
    std::int64_t start_ns;
    std::int64_t last_ns;     // of its last anomaly so far; its duration reaches from start to here
    double peak_score;        // the greatest so far; NaN: it has no score
    double peak_value;        // the value at that point; NaN: it has none
    std::string_view reason;  // a sentence; in a row that closes an event early: why it does
};

// Names an event among all: made of series_id_hash() and the event's start.
std::uint64_t event_id(std::uint64_t series_id_hash, std::int64_t start_ns);

}  // namespace forecastd::engine

#endif
