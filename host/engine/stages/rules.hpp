// The stage of the rules that every detector shares: direction, least deviation, valid range, and the bounds
// where the detector gives none. It decides what is an anomaly, counts it, and whether the judgement is
// handed on.
//
// Of several detectors, each has its own direction and least deviations; VotersStage has applied them.
#ifndef FORECASTD_ENGINE_STAGES_RULES_HPP
#define FORECASTD_ENGINE_STAGES_RULES_HPP

#include <optional>

#include "engine/motion.hpp"
#include "engine/stage.hpp"

namespace forecastd::engine {

// The score of a value outside data_range, whatever a detector would say.
inline constexpr double score_outside_data_range = 1.01;
// The same of a value that is stuck, and the reason that is given for it.
inline constexpr double score_stuck = 1.5;
inline constexpr std::string_view reason_stuck =
    "stuck: the value has not changed for far longer than ever before";

inline Side side_of(double y, double yhat) {
    return static_cast<Side>((y > yhat ? 1 : 0) +
                             (y < yhat ? 2 : 0));  // no branch: which side it is cannot be foreseen
}

// Whether a direction is that of the value itself, for which a Motion is needed.
inline bool is_of_value(config::Direction direction) {
    return direction == config::Direction::rising || direction == config::Direction::falling;
}
// Whether a direction leaves out a value on that side of the expectation, which has moved so (motion.hpp).
bool is_other_way(config::Direction direction, Side side, int motion);

// Makes an anomaly of a point that the host finds wrong by itself, whatever a detector says. reason: "" for
// none of its own.
void find_anomaly(Judgement& judgement, double score, Side side, std::string_view reason = {});

// Fills side, is_anomaly and warming_up from the rest. Where a rule says that the point is none, for its
// direction or since it is nearer to the expectation than min_dev_from_expected or min_rel_dev_from_expected,
// the score becomes 0 and the reason empty. motion: where the value lies beside the last ones, for the
// directions rising and falling; see motion.hpp.
void apply_rules(const config::Detect& detect, Judgement& judgement, int motion = 0);

class RulesStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "rules"; }
    void run(Rows& rows) override;
    Expected<void> save(const Series& series, ByteWriter& out) const override;
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about) override;

    // What is said of a value whose series has no models yet, as its interval is being learned.
    static void tell_warming_up(const config::Detect& detect, Row& row, Counters& counters);

  private:
    explicit RulesStage(StageContext& context);
    void judge(Row& row, int motion);
    static void conclude(const config::Detect& detect, Row& row, Counters& counters, int motion);

    const config::Detect detect_;
    const double width_;                        // of the interval, in deviations
    const std::optional<Part<Motion>> motion_;  // where the direction is that of the value
    Counters& counters_;
};

}  // namespace forecastd::engine

#endif
