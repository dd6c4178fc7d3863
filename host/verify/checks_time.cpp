// Local time, whose steps repeat and jump; and quantiles.
#include <algorithm>
#include <cmath>

#include "verify/checks.hpp"

namespace forecastd::verify {

// Before 1970, with a change of the clocks in each direction. A negative phase leads to the page before the state.
Result check_local_time(const Rig& rig) {
    const auto model = rig.model(rig.defaults(), Rig::usual_interval_ns, FCD_GRID_LOCAL);
    Series series(*model, FCD_AGAINST_PAGE_BEFORE);
    const auto local = [](std::int64_t step) {
        const std::int64_t day = -2000 + step;
        return step < 1080 ? day : step < 1140 ? day + 6 : day;
    };
    std::int64_t step = 1000;
    for (const double value : rig.usual_values(200)) {
        fcd_point point = series.point(step, value);
        point.local_step = local(step++);
        const fcd_verdict verdict = series.advance(point);
        require(!std::isinf(verdict.score) && !std::isinf(verdict.expected),
                "a verdict has an infinity at local step " + std::to_string(point.local_step));
    }
    if (!rig.algorithm().forecasts()) return {};
    Asked asked{step, 50, {}, {}};
    for (std::int64_t i = 0; i < 50; ++i) asked.local_steps.push_back(local(step + i) - (i < 20 ? 0 : 6));
    const auto answer = series.answer(asked);
    if (!answer) return {};
    for (const fcd_prediction& one : answer->predictions)
        require(std::isfinite(one.mean), "a forecast across a change of the clocks is not finite");
    return {};
}

Result check_quantiles(const Rig& rig) {
    if (!rig.algorithm().forecasts()) return skip("it does not forecast");
    const auto model = rig.model();
    Series series(*model);
    series.advance(series.points(rig.usual_values(200)));
    const Asked asked{1200, 20, {0.05, 0.25, 0.5, 0.75, 0.95}, {}};
    const auto with = series.answer(asked), without = series.answer({1200, 20, {}, {}});
    if (!with || !without) return skip("it has too little to forecast");
    for (std::size_t i = 0; i < with->predictions.size(); ++i)
        require(is_same(with->predictions[i].mean, without->predictions[i].mean),
                "step " + std::to_string(i + 1) + " has another mean if quantiles are asked for");
    const std::size_t count = asked.levels.size();
    bool has_some = false;
    for (std::size_t i = 0; i < with->quantiles.size(); ++i) {
        const double quantile = with->quantiles[i];
        const std::string at = " at step " + std::to_string(i / count + 1);
        require(!std::isinf(quantile), "a quantile is infinite" + at);
        has_some = has_some || !std::isnan(quantile);
        require(i % count == 0 || !(quantile < with->quantiles[i - 1]), "the quantiles descend" + at);
    }
    return has_some ? Result{} : skip("it gives no quantiles: the host makes them from the deviation");
}

}  // namespace forecastd::verify
