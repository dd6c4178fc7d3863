#include "engine/stages/detector.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "plugin/messages.hpp"

namespace forecastd::engine {
namespace {

// The detector's choice. If it has a parameter "false_alarms", a number of steps, that is what the config
// says.
config::ModelChoice with_false_alarms(const config::Detect& detect, std::int64_t interval_ns) {
    config::ModelChoice choice = detect.model;
    if (detect.false_alarms_ns == 0) return choice;
    for (std::size_t i = 0; i < choice.params.size(); ++i) {
        const fcd_param& param = *choice.algorithm->params[i];
        if (std::string_view(param.name) != "false_alarms" || param.type != FCD_STEPS) continue;
        choice.params[i] = {};
        choice.params[i].value.integer =
            std::clamp(detect.false_alarms_ns / interval_ns, param.min.integer, param.max.integer);
    }
    return choice;
}

}  // namespace

Expected<std::unique_ptr<Stage>> DetectorStage::make(StageContext& context) {
    if (!context.pipeline.detect || !context.pipeline.voters.empty()) return nullptr;
    auto stage = make_named(context, *context.pipeline.detect, "detector state", false);
    if (!stage) return fail(std::move(stage.error().text));
    context.detectors = {stage->get()};
    return std::unique_ptr<Stage>(std::move(*stage));
}

Expected<std::unique_ptr<DetectorStage>> DetectorStage::make_voter(StageContext& context,
                                                                   const config::Detect& detect,
                                                                   std::string_view name) {
    return make_named(context, detect, name, true);
}

Expected<std::unique_ptr<DetectorStage>> DetectorStage::make_named(StageContext& context,
                                                                   const config::Detect& detect,
                                                                   std::string_view name, bool votes) {
    auto model = make_model(with_false_alarms(detect, context.interval_ns), context);
    if (!model) return fail(std::move(model.error().text));
    return std::unique_ptr<DetectorStage>(
        new DetectorStage(context, std::move(*model), detect.model, name, votes));
}

DetectorStage::DetectorStage(StageContext& context, std::unique_ptr<Model> model,
                             const config::ModelChoice& choice, std::string_view name, bool votes)
    : alone_(!context.forecaster),
      votes_(votes),
      feed_(name, std::move(model), choice, context, &Row::unanswered) {
    const fcd_algorithm& table = *feed_.model().algorithm().table;
    reasons_.assign(table.reasons, table.reasons + table.reason_count);
}

void DetectorStage::run(Rows& rows) {
    feed_.begin_again(rows, [this](Series& series) { restart(series); });
    feed_.take(rows);
    if (!alone_)
        for (std::size_t i = 0; i < rows.size(); ++i) {
            feed_.point(i).expected = rows[i].judgement.yhat;
            feed_.point(i).deviation = rows[i].deviation;
        }
    for (std::size_t from = 0; from < rows.size();) {
        std::size_t to = from;
        while (to < rows.size() && rows[to].is_fed()) ++to;
        if (to == from) {
            ++from;
            continue;
        }
        const ModelFeed::Advance done = feed_.advance(rows, from, to);
        for (; from < done.next; ++from)
            if (!rows[from].left_out && !rows[from].unanswered) judged(rows[from], feed_.verdict(from));
        if (done.restarted) restart(*rows[done.next - 1].series);
    }
    if (!scored_) watch_scores(rows);
}

// Its state has begun again. One of several detectors leaves the series as it is, which the others have
// learned too.
void DetectorStage::restart(Series& series) const {
    if (votes_) return;
    series.judged = false;
    if (alone_) series.learned = 0;
}

// Reports a detector that never gives a score, once.
void DetectorStage::watch_scores(Rows& rows) {
    for (const Row& row : rows.all()) scored_ = scored_ || !std::isnan(row.judgement.score);
    constexpr std::uint64_t points_of_a_series = 1000;
    if (scored_ || (unscored_points_ += rows.size()) < points_of_a_series * series_count_) return;
    scored_ = true;  // it is not, but one message is enough
    plugin::tell(plugin::Level::warn,
                 "plugin '" + std::string(feed_.model().algorithm().id()) + "' has given no score in " +
                     std::to_string(unscored_points_) +
                     " points, which is 1000 for each series, so nothing can be found to be an anomaly; "
                     "check the parameters that rule its warm-up");
}

void DetectorStage::judged(Row& row, const fcd_verdict& verdict) {
    Judgement& judgement = row.judgement;
    if (alone_) {
        if (!votes_) row.series->count_learned();
        judgement.yhat = verdict.expected;
        row.deviation = row.known_deviation = verdict.deviation;
    }
    judgement.lower = verdict.lower;
    judgement.upper = verdict.upper;
    judgement.score = verdict.score;
    if (verdict.reason != 0) judgement.reason = reasons_[verdict.reason - 1];
}

}  // namespace forecastd::engine
