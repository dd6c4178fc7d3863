#include "engine/rules.hpp"

#include <cmath>

namespace forecastd::engine {

void apply_rules(const config::Detect& detect, Judgement& judgement) {
    judgement.side = side_of(judgement.y, judgement.yhat);
    judgement.warming_up = std::isnan(judgement.score);
    judgement.is_anomaly = false;
    if (judgement.warming_up) return;

    const double distance = std::abs(judgement.y - judgement.yhat);
    const bool near = distance < detect.min_dev_from_expected ||
                      distance < detect.min_rel_dev_from_expected / 100 * std::abs(judgement.yhat);
    const bool other_side =
        (detect.direction == config::Direction::above_expected && judgement.side == Side::below_expected) ||
        (detect.direction == config::Direction::below_expected && judgement.side == Side::above_expected);
    if (near || other_side) judgement.score = 0;
    judgement.is_anomaly = judgement.score > 1;
}

}  // namespace forecastd::engine
