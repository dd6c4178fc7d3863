// How far one point may pull the forecaster of its series: a robust scale of the one-step errors, and the
// limit that follows from it (fcd_point.learn_limit).
//
//   limit = 3.5 scale                    the model learns expected + clamp(error, -limit, limit)
//   scale^2 += w (min(e, 8 scale)^2 - scale^2),   w = max(1/n, 1/200) at the n-th error
//
// A winsorised scale (Huber, Robust Statistics, 1981, chapter 5). An error counts as at most 8 scales, so one
// misread value moves the scale by 15 %, and no more than that; but errors beyond the limit that come back
// once in 60 points are not eaten by the clipping, so a value that alternates between two levels has the
// scale of both.
//
// Runs. Errors beyond the limit on one side, one after the other, are a run. Within a run the limit is 2
// scales, and only the first two errors count towards the scale. From `patience` errors on, the run is taken
// for something that lasts: the limit doubles with each further half of the patience, and the errors count
// again. The patience is 8, or a twentieth of the model's season: of a day, 72 minutes.
//
// Warm-up. Of the first 16 errors the greatest two are kept apart, since a bad value makes two errors, on its
// way in and on its way out. They count at the end, as at most 8 scales of the others. From the sixth error
// on the limit is 10 scales of the others. While the scale is 0, as with equal values, or not a float, there
// is no limit.
//
// The guard also keeps the deviation that the forecaster stated before an error beyond the limit, for 100
// further points: a detector must not judge more mildly since a fault made the forecaster less sure.
//
// What must not be here: anything of a plugin. One thread at a time.
#ifndef FORECASTD_ENGINE_LEARNING_GUARD_HPP
#define FORECASTD_ENGINE_LEARNING_GUARD_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/bytes.hpp"

namespace forecastd::engine {

class LearningGuard {
  public:
    // Of one series; begins as zeroes.
    struct State {
        float scale;              // root mean square of the errors
        float second;             // warm-up: the greatest error but one; later: the deviation kept
        float first;              // warm-up: the greatest error
        std::uint32_t count : 8;  // errors learned, at most 200
        std::uint32_t calm : 7;   // points for which the deviation is still kept
        std::uint32_t call : 6;   // of the forecaster, in which the series had its last point
        std::uint32_t run : 10;   // errors in a row beyond the limit, on one side
        std::uint32_t below : 1;  // which is the lower one
    };
    static_assert(sizeof(State) == 16);

    // season: of the model, in steps; 0: none.
    explicit LearningGuard(std::int64_t season = 0)
        : patience_(static_cast<int>(std::clamp<std::int64_t>(season / 20, 8, 800))) {}

    // Errors in a row beyond the limit up to which they are an incident, not something that lasts.
    [[nodiscard]] int patience() const { return patience_; }
    // How far the next point may pull the model; NaN: as far as it likes.
    [[nodiscard]] double limit(const State& state) const;
    // Whether an error is beyond the limit of a series without a run.
    [[nodiscard]] static bool is_beyond(const State& state, double error);

    // Learns the error of a point, and the deviation that the forecaster stated for it; NaN: unknown. Both
    // are from before the point was learned. Returns the deviation that a detector is to judge by.
    double learn(State& state, double error, double deviation) const;

    // As bytes, and back.
    static void save(const State& state, ByteWriter& out);
    static void load(State& state, ByteReader& in);

  private:
    int patience_;
};

}  // namespace forecastd::engine

#endif
