#include "backtest/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace forecastd::backtest {
namespace {

constexpr std::size_t most_named = 5;

struct Ratios {
    std::int64_t steps = 0;
    std::size_t series = 0, a_better = 0, b_better = 0;
    double log_sum = 0;
};

using ByName = std::map<std::pair<std::string_view, std::string_view>, const SeriesResult*>;

ByName forecast_series(const Results& results) {
    ByName found;
    for (const SeriesResult& series : results.all()) {
        if (series.leads.empty()) continue;
        const auto [place, is_new] = found.try_emplace({series.key, series.field}, &series);
        if (!is_new && series.pipeline < place->second->pipeline) place->second = &series;
    }
    return found;
}

const LeadScore* same_lead(const SeriesResult& series, std::int64_t lead_ns) {
    for (const LeadScore& score : series.leads)
        if (score.lead_ns() == lead_ns) return &score;
    return nullptr;
}

}  // namespace

Comparison compare(const Results& a, const Results& b) {
    const ByName of_a = forecast_series(a), of_b = forecast_series(b);
    std::map<std::int64_t, Ratios> ratios;
    std::vector<SeriesComparison> one_step;
    for (const auto& [name, series] : of_a) {
        const auto found = of_b.find(name);
        if (found == of_b.end()) continue;
        for (const LeadScore& score : series->leads) {
            const LeadScore* const other = same_lead(*found->second, score.lead_ns());
            if (!other || !(score.mae() > 0) || !(other->mae() > 0)) continue;
            const double ratio = other->mae() / score.mae();
            Ratios& sum = ratios[score.lead_ns()];
            sum.steps = score.steps();
            ++sum.series;
            sum.a_better += ratio > 1;
            sum.b_better += ratio < 1;
            sum.log_sum += std::log(ratio);
            if (score.steps() == 1)
                one_step.push_back({series->key, series->field, score.lead_ns(), score.steps(), ratio});
        }
    }
    Comparison made;
    for (const auto& [lead_ns, sum] : ratios)
        made.leads.push_back({lead_ns, sum.steps, sum.series, sum.a_better, sum.b_better,
                              std::exp(sum.log_sum / static_cast<double>(sum.series))});
    std::stable_sort(one_step.begin(), one_step.end(),
                     [](const auto& x, const auto& y) { return x.ratio < y.ratio; });
    for (const SeriesComparison& one : one_step)
        if (one.ratio < 1 && made.b_gains.size() < most_named) made.b_gains.push_back(one);
    std::reverse(one_step.begin(), one_step.end());
    for (const SeriesComparison& one : one_step)
        if (one.ratio > 1 && made.b_loses.size() < most_named) made.b_loses.push_back(one);
    return made;
}

}  // namespace forecastd::backtest
