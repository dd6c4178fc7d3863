// What is made of the scores of one series: when an event opens, becomes clearly worse, and closes.
//
//   calm > pending > open > calm
//
// - An event opens once enough of the last points are anomalies (AlarmRules::count, window, lasting_ns), or,
//   with AlarmRules::rare, once the incident is rare for its series (usual_incidents.hpp). It closes when no
//   point was near its limit (clear_score) for clear_ns, counted in steps.
// - Behind an event there is silence for a number of steps. What comes within its first tenth is the same
//   incident, unless it is clearly worse twice over. Later, a point breaks the silence that is clearly worse
//   than that incident; or one that is clearly worse than the limit, after a rest longer than all from the
//   incident's start to its end or return: that is another incident.
// - Each event raises the limit of its series a little. Half of that is gone after 2,000 steps.
// - The return to what was expected before the event is no alarm, up to 2,000 steps behind it; silence
//   follows it. A value is back where its score, by the expectation and the limit of then, is at most
//   clear_score. It is on its way back where it lies between the peak and there, on the other side of what
//   the models now expect.
//
// The scale: with a rate of false alarms, a score grows by AlarmRules::decade where the probability falls to
// a tenth; "clearly worse" is `again` decades, and an event raises the limit by `budget` decades. Without
// one, scores are no probabilities: clearly worse is (1 + again) times the peak's score, and an event raises
// the limit by `budget` times 1.
//
// It never looks at a clock, at other series, or at anything but the points it is given, in order. The state
// is plain data of 80 bytes, all zero at first. While is_active() is false, points that are no anomalies need
// not be given to it.
//
// Threads: one at a time for a state.
#ifndef FORECASTD_ENGINE_ALARM_STATE_HPP
#define FORECASTD_ENGINE_ALARM_STATE_HPP

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/expected.hpp"
#include "engine/event.hpp"
#include "engine/usual_incidents.hpp"

namespace forecastd::engine {

struct AlarmRules {
    // An event opens where an incident is rare for its series, in place of count, window and lasting_ns.
    std::optional<UsualIncidents::Times> rare;
    unsigned count = 1, window = 1;  // anomalies, of the last points; window at most 32
    std::int64_t lasting_ns = 0;  // above 0: in place of them, points in a row over at least so long a time
    std::int64_t clear_ns = 0;
    double clear_score = 0.9;
    std::int64_t silence = 0;  // steps
    double again = 1, budget = 0;
    double decade = 0;  // how much a score grows with a decade of probability; 0: unknown
    std::int64_t interval_ns = 0;

    // The steps behind the last point near the limit with which an event is over; the least is one.
    [[nodiscard]] std::int64_t clear_steps() const {
        return clear_ns > interval_ns ? (clear_ns + interval_ns - 1) / interval_ns : 1;
    }
    // Whether a score is clearly worse than another, once or several times over.
    [[nodiscard]] bool is_worse(double score, double than, int times = 1) const {
        for (int i = 0; i < times; ++i) than = decade > 0 ? than + again * decade : than * (1 + again);
        return score >= than;
    }
};

struct AlarmPoint {
    std::int64_t time_ns, step;
    double value, expected;  // expected: NaN if unknown
    double reach;            // how far from expected the score is 1; NaN if unknown
    double score;            // NaN: unknown
    EventDirection direction;
    bool is_anomaly;
    bool is_certain;           // it is an anomaly whatever the limit of its series
    std::uint16_t reason;      // a number that the caller knows
    bool opens_alone = false;  // it is rare, whatever the series usually shows
    double seen = 0;           // points of the series so far
};

enum class AlarmChange : std::uint8_t { none, opened, worsened, closed };

class AlarmState {
  public:
    static constexpr double half_life = 2000;     // steps: of what an event adds to the limit
    static constexpr std::int64_t memory = 2000;  // steps: how long a return from an event is known as one

    // Whether points that are no anomalies must be given to it too.
    [[nodiscard]] bool is_active() const { return phase_ != Phase::calm || is_away_; }
    [[nodiscard]] bool is_open() const { return phase_ == Phase::open; }

    // Whether an event is over before a point, since none came for longer than clear_ns. Then it must be
    // closed before take(), and is over at lapsed_ns().
    [[nodiscard]] bool has_lapsed(const AlarmRules& rules, std::int64_t step) const {
        return is_open() && steps_since(step) > rules.clear_steps() + 1;
    }
    [[nodiscard]] std::int64_t lapsed_ns(const AlarmRules& rules, const std::int64_t step,
                                         std::int64_t time_ns) const {
        std::int64_t ago_ns = 0, lapsed_ns = 0;
        const bool is_no_time =
            __builtin_mul_overflow(steps_since(step) - rules.clear_steps(), rules.interval_ns, &ago_ns) ||
            __builtin_sub_overflow(time_ns, ago_ns, &lapsed_ns);
        return is_no_time ? last_ns_ : lapsed_ns;
    }
    AlarmChange take(const AlarmRules& rules, const AlarmPoint& point);
    // The end of an event; silence follows.
    void close();

    // Of the event that is open or was the last one.
    [[nodiscard]] std::int64_t start_ns() const { return start_ns_; }
    [[nodiscard]] std::int64_t last_ns() const { return last_ns_; }
    [[nodiscard]] double peak_score() const { return peak_score_; }
    [[nodiscard]] double peak_value() const { return peak_value_; }
    [[nodiscard]] std::uint32_t points() const { return points_; }
    [[nodiscard]] EventDirection direction() const { return direction_; }
    [[nodiscard]] std::uint16_t reason() const { return reason_; }
    void set_reason(std::uint16_t reason) { reason_ = reason; }
    // How far above 1 a score must be now.
    [[nodiscard]] double raised(std::int64_t step) const;

    void save(ByteWriter& out) const;
    // A sentence if they are no state.
    Expected<void> load(ByteReader& in);

  private:
    enum class Phase : std::uint8_t { calm, pending, open };

    [[nodiscard]] bool is_over(const AlarmRules& rules, const AlarmPoint& point) const;
    void follow_return(const AlarmRules& rules, const AlarmPoint& point);
    // Whether a value is where it was expected before the event.
    [[nodiscard]] bool is_at_base(const AlarmRules& rules, const AlarmPoint& point) const;
    [[nodiscard]] bool is_back(const AlarmRules& rules, const AlarmPoint& point) const;
    [[nodiscard]] std::int64_t steps_since(std::int64_t step) const {
        return static_cast<std::uint32_t>(step) - last_step_;
    }
    void note(const AlarmPoint& point);
    void leave_untold(const AlarmPoint& point);
    void anchor(std::int64_t step);
    [[nodiscard]] bool has_lapsed(const AlarmRules& rules, const AlarmPoint& point) const;
    [[nodiscard]] bool is_raised(const AlarmRules& rules, const AlarmPoint& point) const;
    AlarmChange go_on(const AlarmRules& rules, const AlarmPoint& point);

    UsualIncidents usual_;
    std::int64_t start_ns_;  // of the first anomaly
    std::int64_t last_ns_;   // of the last one
    double peak_value_;
    double base_;       // what was expected where it began; NaN: no return is looked for
    float reach_;       // how far from there the score was 1
    float peak_score_;  // of what is pending, or of the last event
    float told_score_;  // the peak of the last row about the event, or of what was silent right behind it
    float raised_;      // above 1, as of last_step_
    std::uint32_t
        last_step_;  // of the last point of an event near its limit, or of the return from it later: clear and silence
                     // count from here. Ages are differences, so that it may wrap
    std::uint32_t mask_;  // of the last points: bit i is set if the point i before the last was an anomaly
    std::uint32_t points_;
    std::uint16_t reason_;
    Phase phase_ : 2;
    bool has_event_ : 1;  // there was one
    bool is_away_ : 1;    // the value has not returned from it
    EventDirection direction_ : 4;
};
static_assert(sizeof(AlarmState) == 80);

}  // namespace forecastd::engine

#endif
