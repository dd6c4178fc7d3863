// A series as bytes, by its names: what snapshots hold, and what goes from one engine to the next.
#ifndef FORECASTD_ENGINE_SAVED_SERIES_HPP
#define FORECASTD_ENGINE_SAVED_SERIES_HPP

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace forecastd::engine {

// The name of a series' pipeline, its key in canonical text, the plain name of its field.
struct SeriesNames {
    std::string_view pipeline, key, field;
    bool operator==(const SeriesNames&) const = default;
};

// A series that was saved: its names, what is the same for all series of its cohort, and its own state.
struct SavedSeries {
    std::string_view pipeline, key, field;
    std::span<const char> cohort, state;

    [[nodiscard]] SeriesNames names() const { return {pipeline, key, field}; }
};

// In place of an interval, in what the cohort of a saved series tells: it is still being learned.
inline constexpr std::int64_t no_interval = 0;

// The time of the last point of a saved series; nullopt: it cannot be read.
std::optional<std::int64_t> last_time_ns(const SavedSeries& saved);

}  // namespace forecastd::engine

#endif
