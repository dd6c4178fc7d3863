#include "engine/stages/rules.hpp"

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
    if (near || other_side) {
        judgement.score = 0;
        judgement.reason = {};
    }
    judgement.is_anomaly = judgement.score > 1;
}

Expected<std::unique_ptr<Stage>> RulesStage::make(StageContext& context) {
    if (!context.pipeline.detect) return nullptr;
    return std::unique_ptr<Stage>(
        new RulesStage(*context.pipeline.detect, context.widths.back(), context.counters));
}

void RulesStage::run(Rows& rows) {
    for (Row& row : rows.all())
        if (!row.left_out && !row.held_back && !row.unanswered) judge(row);
}

void RulesStage::judge(Row& row) {
    Judgement& judgement = row.judgement;
    Series& series = *row.series;
    if (!row.outside && !std::isnan(judgement.score)) series.judged = true;
    if (std::isnan(judgement.lower) && std::isnan(judgement.upper)) {
        const double reach = width_ * row.known_deviation;
        judgement.lower = judgement.yhat - reach;
        judgement.upper = judgement.yhat + reach;
    }
    if (row.outside && series.judged) {
        judgement.score = score_outside_data_range;
        judgement.is_anomaly = true;
        judgement.warming_up = false;
        judgement.side = judgement.y > detect_.data_range.high ? Side::above_expected : Side::below_expected;
    }
    conclude(detect_, row, counters_);
}

void RulesStage::tell_warming_up(const config::Detect& detect, Row& row, Counters& counters) {
    conclude(detect, row, counters);
}

void RulesStage::conclude(const config::Detect& detect, Row& row, Counters& counters) {
    if (!row.judgement.is_anomaly) apply_rules(detect, row.judgement);
    ++counters.judgements;
    if (row.judgement.is_anomaly) ++counters.anomalies;
    row.tell = detect.emit != config::Emit::anomalies || row.judgement.is_anomaly;
}

}  // namespace forecastd::engine
