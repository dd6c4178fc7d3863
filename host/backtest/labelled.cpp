#include "backtest/labelled.hpp"

namespace forecastd::backtest {
namespace {

Labelled score(const scoring::SeriesByKey& series, const scoring::Labels& labels, const LabelRules& rules,
               const Warn& warn) {
    const scoring::Timelines timelines = scoring::make_timelines(series, labels, rules.probation, warn);
    return {timelines.own_level, scoring::find(timelines.series, {}, rules.counting),
            scoring::Nab(timelines.series).score({})};
}

void append(scoring::CollectedSeries& to, const scoring::CollectedSeries& from) {
    to.verdicts.insert(to.verdicts.end(), from.verdicts.begin(), from.verdicts.end());
    to.events_ns.insert(to.events_ns.end(), from.events_ns.begin(), from.events_ns.end());
}

}  // namespace

Labelled labelled(const Results& results, const scoring::Labels& labels, const LabelRules& rules,
                  const Warn& warn) {
    if (results.verdicts.size() == 1) return score(results.verdicts.front(), labels, rules, warn);
    scoring::SeriesByKey all;
    for (const scoring::SeriesByKey& pipeline : results.verdicts)
        for (const auto& [key, series] : pipeline) append(all[key], series);
    return score(all, labels, rules, warn);
}

std::optional<Labelled> labelled(const Results& results, std::size_t pipeline, const scoring::Labels& labels,
                                 const LabelRules& rules) {
    const scoring::SeriesByKey& watched = results.verdicts[pipeline];
    scoring::Labels of_pipeline;
    for (const auto& [key, windows] : labels)
        if (watched.count(key) > 0) of_pipeline.emplace(key, windows);
    if (of_pipeline.empty()) return std::nullopt;
    return score(watched, of_pipeline, rules, [](const std::string&) {});  // the whole config has said it
}

}  // namespace forecastd::backtest
