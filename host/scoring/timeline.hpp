// A series with its labels: for each of its points the score, whether there is an alarm at the program's own level, and
// the window that it lies in.
//
// Threads: any.
#ifndef FORECASTD_SCORING_TIMELINE_HPP
#define FORECASTD_SCORING_TIMELINE_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "scoring/collector.hpp"
#include "scoring/labels.hpp"

namespace forecastd::scoring {

// The points of a labelled window: low to high, both in it. One that has no point, such as where points are missing,
// has the next one.
struct Window {
    std::size_t low, high;
    std::int64_t first_time_ns;  // of the label
};

// Its vectors have an item for each point, in the order of time.
struct Timeline {
    std::string key;
    std::vector<std::int64_t> times_ns;
    std::vector<double> scores;      // the greatest of its fields; 0: none
    std::vector<char> alarms;        // whether there is one, at the program's own level
    std::vector<Window> windows;     // by their begin
    std::size_t start = 0;           // the points before it do not count
    std::size_t windows_missed = 0;  // of a series without a point

    [[nodiscard]] double days() const;
};

enum class OwnLevel : std::uint8_t { events, verdicts };

struct Timelines {
    std::vector<Timeline> series;  // those that are labelled or were judged
    OwnLevel own_level = OwnLevel::verdicts;
};

// probation: how many points at the beginning of each series do not count. warn is called with sentences about
// what does not fit together.
Timelines make_timelines(const SeriesByKey& collected, const Labels& labels, std::size_t probation,
                         const std::function<void(const std::string& sentence)>& warn);

}  // namespace forecastd::scoring

#endif
