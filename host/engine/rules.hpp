// The rules that every detector shares, applied by the host to its score: direction, least deviation, valid range.
#ifndef FORECASTD_ENGINE_RULES_HPP
#define FORECASTD_ENGINE_RULES_HPP

#include "config/config.hpp"
#include "engine/sink.hpp"

namespace forecastd::engine {

// The score of a value outside data_range, whatever a detector would say.
inline constexpr double score_outside_data_range = 1.01;

inline bool in_data_range(const config::Detect& detect, double value) {
    return value >= detect.data_range.low && value <= detect.data_range.high;
}

inline Side side_of(double y, double yhat) {
    return static_cast<Side>((y > yhat ? 1 : 0) +
                             (y < yhat ? 2 : 0));  // no branch: which side it is cannot be foreseen
}

// Fills side, is_anomaly and warming_up from the rest, and sets the score to 0 where a rule says that the point is
// none of our business: on the other side than detection_direction, or nearer to the expectation than
// min_dev_from_expected or min_rel_dev_from_expected.
void apply_rules(const config::Detect& detect, Judgement& judgement);

}  // namespace forecastd::engine

#endif
