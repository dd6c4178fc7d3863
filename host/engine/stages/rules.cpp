#include "engine/stages/rules.hpp"

#include <cmath>

namespace forecastd::engine {

namespace {

// What is left to be applied to the judgement: of several detectors, each has its own direction.
config::Detect left_to_apply(const config::Pipeline& pipeline) {
    config::Detect result = *pipeline.detect;
    if (!pipeline.voters.empty()) result.direction = config::Direction::both;
    return result;
}

}  // namespace

bool is_other_way(config::Direction direction, Side side, int motion) {
    switch (direction) {
        case config::Direction::both:
            return false;
        case config::Direction::above_expected:
            return side == Side::below_expected;
        case config::Direction::below_expected:
            return side == Side::above_expected;
        case config::Direction::rising:
            return motion <= 0;
        case config::Direction::falling:
            return motion >= 0;
    }
    return false;
}

void find_anomaly(Judgement& judgement, double score, Side side, std::string_view reason) {
    judgement.score = score;
    judgement.is_anomaly = true;
    judgement.warming_up = false;
    judgement.side = side;
    if (!reason.empty()) judgement.reason = reason;
}

void apply_rules(const config::Detect& detect, Judgement& judgement, int motion) {
    judgement.side = side_of(judgement.y, judgement.yhat);
    judgement.warming_up = std::isnan(judgement.score);
    judgement.is_anomaly = false;
    if (judgement.warming_up) return;

    const double distance = std::abs(judgement.y - judgement.yhat);
    const bool near = distance < detect.min_dev_from_expected ||
                      distance < detect.min_rel_dev_from_expected / 100 * std::abs(judgement.yhat);
    if (near || is_other_way(detect.direction, judgement.side, motion)) {
        judgement.score = 0;
        judgement.reason = {};
    }
    judgement.is_anomaly = judgement.score > 1;
}

Expected<std::unique_ptr<Stage>> RulesStage::make(StageContext& context) {
    if (!context.pipeline.detect) return nullptr;
    return std::unique_ptr<Stage>(new RulesStage(context));
}

RulesStage::RulesStage(StageContext& context)
    : detect_(left_to_apply(context.pipeline)),
      width_(context.widths.back()),
      motion_(is_of_value(detect_.direction) ? std::optional(context.layout.add<Motion>("rules"))
                                             : std::nullopt),
      counters_(context.counters) {}

void RulesStage::run(Rows& rows) {
    if (motion_)
        for (const std::size_t i : rows.beginning_again) motion_->of(*rows[i].series) = {};
    for (Row& row : rows.all()) {
        if (row.left_out) continue;
        int motion = 0;
        if (motion_) {
            Motion& of_series = motion_->of(*row.series);
            motion = of_series.of(row.judgement.y);
            if (!row.outside) of_series.learn(row.judgement.y);
        }
        if (!row.held_back && !row.unanswered) judge(row, motion);
    }
}

void RulesStage::judge(Row& row, int motion) {
    Judgement& judgement = row.judgement;
    Series& series = *row.series;
    if (!row.outside && !std::isnan(judgement.score)) series.judged = true;
    if (std::isnan(judgement.lower) && std::isnan(judgement.upper)) {
        const double reach = std::isnan(row.reach) ? width_ * row.known_deviation : row.reach;
        judgement.lower = judgement.yhat - reach;
        judgement.upper = judgement.yhat + reach;
    }
    if (row.stuck) {
        find_anomaly(judgement, score_stuck, side_of(judgement.y, judgement.yhat), reason_stuck);
    } else if (row.outside && series.judged) {
        const Side side = judgement.y > detect_.data_range.high ? Side::above_expected : Side::below_expected;
        find_anomaly(judgement, score_outside_data_range, side);
    }
    conclude(detect_, row, counters_, motion);
}

void RulesStage::tell_warming_up(const config::Detect& detect, Row& row, Counters& counters) {
    conclude(detect, row, counters, 0);
}

void RulesStage::conclude(const config::Detect& detect, Row& row, Counters& counters, int motion) {
    if (!row.judgement.is_anomaly) apply_rules(detect, row.judgement, motion);
    ++counters.judgements;
    if (row.suppressed && row.judgement.is_anomaly) {
        ++counters.suppressed;
        row.judgement.is_anomaly = false;
    }
    if (row.judgement.is_anomaly) ++counters.anomalies;
    row.tell = detect.emit != config::Emit::anomalies || row.judgement.is_anomaly;
}

Expected<void> RulesStage::save(const Series& series, ByteWriter& out) const {
    if (motion_) motion_->of(series).save(out);
    return {};
}

// Saved without a motion, there is nothing to load: this is then not called.
Expected<void> RulesStage::load(Series& series, ByteReader& in, std::span<const char> /*about*/) {
    Motion motion{};
    motion.load(in);
    if (motion_) motion_->of(series) = motion;
    return {};
}

}  // namespace forecastd::engine
