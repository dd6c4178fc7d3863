// How good alarms are, over all series together.
//
//   windows    one labelled window is one thing to find. It is found by an alarm in it, or up to `grace` points behind
//              its end. An alarm within `repeat` points of the last counted one does not count again; one that counts
//              and finds nothing is a false alarm.
//   recall     windows found / windows        precision   windows found / (windows found + false alarms)
//   F1         2 recall precision / (recall + precision)
//   NAB        the score of Lavin & Ahmad, "Evaluating Real-time Anomaly Detection Algorithms: the Numenta Anomaly
//              Benchmark" (2015), standard profile: an alarm in a window earns more the earlier it comes, each alarm
//              outside costs more the further it lies behind a window, a window that is not found costs 1. 0: no alarm
//              at all; 100: each window found at its first point, and no other alarm. A window in the probation counts
//              as neither found nor missed.
//
// Points in the probation of their series do not count.
//
// Threads: any.
#ifndef FORECASTD_SCORING_MEASURES_HPP
#define FORECASTD_SCORING_MEASURES_HPP

#include <cstddef>
#include <limits>
#include <map>
#include <span>
#include <vector>

#include "scoring/timeline.hpp"

namespace forecastd::scoring {

// What counts as an alarm: a score from here on, or what the program itself says.
struct Level {
    bool is_own = true;
    double threshold = 0;
    [[nodiscard]] bool rings(const Timeline& series, std::size_t point) const {
        return is_own ? series.alarms[point] != 0 : series.scores[point] >= threshold;
    }
};

struct Counting {
    std::size_t repeat = 30, grace = 10;
};

struct Found {
    std::size_t windows = 0, found = 0, false_alarms = 0;
    double days = 0;         // of all series together
    double delay_s_sum = 0;  // from the begins of the windows found to the first alarms in them

    [[nodiscard]] double recall() const;  // 0 where there is nothing to divide by, as in the next two
    [[nodiscard]] double precision() const;
    [[nodiscard]] double f1() const;
    [[nodiscard]] double false_alarms_a_day() const;  // and series
    [[nodiscard]] double mean_delay_s() const;        // NaN: none was found
};
Found find(std::span<const Timeline> series, const Level& level, const Counting& counting);

// NAB's score for any level. NaN: there is no window.
class Nab {
  public:
    explicit Nab(std::span<const Timeline> series);
    [[nodiscard]] double score(const Level& level) const;

  private:
    // For each point of a series: its window, -1 for none, and what an alarm there counts.
    struct Weights {
        std::vector<int> window;
        std::vector<double> weight;
    };
    const std::span<const Timeline> series_;
    std::vector<Weights> weights_;
};

// What there is to be had from the scores, over some 60 thresholds, from the greatest score down and thinning out; 1
// is one of them.
struct Best {
    bool has_scores = false;
    double threshold = 0;  // with the greatest F1
    Found found;
    double nab_threshold = 0;  // with the greatest score of NAB
    double nab = std::numeric_limits<double>::quiet_NaN();
    // The greatest recall whose false alarms a day and series do not exceed the key.
    std::map<double, double> recall_within{{0.05, 0}, {0.2, 0}, {1, 0}};
};
Best best(std::span<const Timeline> series, const Nab& nab, const Counting& counting);

}  // namespace forecastd::scoring

#endif
