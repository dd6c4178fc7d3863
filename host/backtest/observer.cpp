#include "backtest/observer.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <numeric>

#include "engine/key_table.hpp"
#include "engine/stages/forecaster.hpp"
#include "engine/stages/forecasts.hpp"

namespace forecastd::backtest {
namespace {

constexpr std::int64_t day_ns = 86'400'000'000'000;
constexpr std::size_t most_ahead = 512;  // steps of the last forecast

// The season of the forecaster; else a day, where the interval divides it. In steps; 0: none.
std::int64_t season_of(const engine::StageContext& context) {
    const std::vector<std::int64_t>& seasons = context.forecaster->seasons();
    if (!seasons.empty()) return seasons.front();
    const std::int64_t steps = day_ns / context.interval_ns;
    return steps >= 2 && day_ns % context.interval_ns == 0 ? steps : 0;
}

}  // namespace

Expected<std::unique_ptr<engine::Stage>> Observer::make(engine::StageContext& context, std::size_t pipeline,
                                                        Results& results) {
    return std::unique_ptr<engine::Stage>(new Observer(context, pipeline, results));
}

Observer::Observer(engine::StageContext& context, std::size_t pipeline, Results& results)
    : seen_(context.layout.add<Seen>("backtest")),
      pipeline_(pipeline),
      results_(results),
      interval_ns_(context.interval_ns),
      has_forecaster_(context.forecaster != nullptr) {
    if (context.pipeline.detect) range_ = context.pipeline.detect->data_range;
    if (!has_forecaster_) return;
    const config::Forecast& forecast = *context.pipeline.forecast;
    levels_ = forecast.level;
    if (!(forecast.data_range == config::DataRange{})) range_ = forecast.data_range;
    season_ = season_of(context);
    results_.season_steps[pipeline_][interval_ns_] = season_;
    const auto leads = engine::leads_of(forecast, interval_ns_);
    if (!leads) return;
    for (const std::size_t place : pick(*leads))
        if ((*leads)[place] > 1)
            leads_.push_back({(*leads)[place], place, Waiting::stride_of((*leads)[place])});
}

std::vector<std::size_t> Observer::pick(const std::vector<std::int64_t>& leads) {
    // Round numbers of steps, so that two configs with other horizons have leads in common.
    const auto picked = [&](std::initializer_list<std::int64_t> digits) {
        std::vector<std::size_t> places;
        const auto add = [&](std::size_t place) {
            if (places.empty() || places.back() < place) places.push_back(place);
        };
        for (std::int64_t power = 1; power <= leads.back(); power *= 10)
            for (const std::int64_t digit : digits) {
                const auto found = std::lower_bound(leads.begin(), leads.end(), digit * power);
                add(static_cast<std::size_t>(std::min(found, leads.end() - 1) - leads.begin()));
            }
        add(leads.size() - 1);
        return places;
    };
    if (leads.size() <= most_leads) {
        std::vector<std::size_t> all(leads.size());
        std::iota(all.begin(), all.end(), std::size_t{0});
        return all;
    }
    std::vector<std::size_t> places = picked({1, 2, 5});
    if (places.size() > most_leads) places = picked({1, 3});
    if (places.size() > most_leads) places = picked({1});
    return places;
}

void Observer::run(engine::Rows& rows) {
    for (const engine::Row& row : rows.all())
        if (!row.left_out) take(rows, row);
}

SeriesResult& Observer::result_of(const engine::Row& row) {
    Seen& seen = seen_.of(*row.series);
    if (seen.number > 0) return results_.series(seen.number - 1);
    seen.number = 1 + results_.find_or_add(pipeline_, row.series->key->text(), row.field->name);
    SeriesResult& result = results_.series(seen.number - 1);
    begin_result(result);
    return result;
}

// Of a series that is new, begins again, or has another interval now.
void Observer::begin_result(SeriesResult& result) {
    const auto score_of = [&](std::int64_t steps) -> LeadScore& {
        const std::int64_t lead_ns = steps * interval_ns_;
        for (LeadScore& one : result.leads)
            if (one.lead_ns() == lead_ns) return one;
        return result.leads.emplace_back(steps, lead_ns, levels_);
    };
    if (has_forecaster_ && result.interval_ns != interval_ns_) {
        result.leads.clear();
        score_of(1);
        for (const ScoredLead& lead : leads_) score_of(lead.steps);
        results_.make_season(result, season_);
    }
    std::fill(result.season.begin(), result.season.end(), std::numeric_limits<float>::quiet_NaN());
    result.waiting.assign(leads_.size(), {});
    result.last_y = SeriesResult::nan;
    result.interval_ns = interval_ns_;
}

void Observer::take(engine::Rows& rows, const engine::Row& row) {
    SeriesResult& result = result_of(row);
    const engine::Judgement& judgement = row.judgement;
    if (result.points++ == 0) result.first_ns = judgement.time_ns;
    result.last_ns = std::max(result.last_ns, judgement.time_ns);
    const First now{result.points, judgement.time_ns - result.first_ns};
    if (row.leads.count > 0 && !result.first_forecast) result.first_forecast = now;
    if (!judgement.warming_up && std::isfinite(judgement.score)) {
        if (!result.first_score) result.first_score = now;
        result.peak_score = std::fmax(result.peak_score, judgement.score);
    }
    result.anomalies += judgement.is_anomaly;
    if (results_.keeping().verdicts) {
        const double score = std::isfinite(judgement.score) && !judgement.warming_up ? judgement.score : 0;
        results_.verdicts[pipeline_][result.key].verdicts.push_back(
            {judgement.time_ns, score, static_cast<std::uint32_t>(seen_.of(*row.series).number),
             judgement.is_anomaly});
    }
    if (has_forecaster_ && row.is_fed()) {
        score_step(rows, row, result);
        result.fill_season(row.step, judgement.y);
        result.last_y = judgement.y;
    }
    if (row.leads.count > 0) {
        keep_forecasts(rows, row, result);
        if (results_.keeping().curves) keep_ahead(rows, row, result);
    }
    if (results_.keeping().curves) draw(row, result);
}

double Observer::clipped(double value) const { return std::clamp(value, range_.low, range_.high); }

const std::vector<Interval>& Observer::intervals(const engine::Rows& rows, std::size_t first, double mean) {
    intervals_.clear();
    for (std::size_t i = 0; i < levels_.size(); ++i) {
        const double reach = rows.reaches[first + i];
        intervals_.push_back({clipped(mean - reach), clipped(mean + reach)});
    }
    return intervals_;
}

// The value beside what was expected one step ahead, and beside the forecasts that waited for it.
void Observer::score_step(const engine::Rows& rows, const engine::Row& row, SeriesResult& result) {
    const double y = row.judgement.y, expected = row.judgement.yhat;
    if (!row.held_back && !std::isnan(expected)) {
        result.leads.front().add(y, clipped(expected), result.last_y, result.seasonal(row.step),
                                 intervals(rows, row.reaches, expected));
        results_.bins[pipeline_].add((y - expected) / row.reach);
    }
    for (std::size_t i = 0; i < result.waiting.size(); ++i)
        result.waiting[i].take(row.step, y, result.leads[i + 1]);
}

void Observer::keep_forecasts(const engine::Rows& rows, const engine::Row& row, SeriesResult& result) {
    for (std::size_t i = 0; i < leads_.size(); ++i) {
        const ScoredLead& lead = leads_[i];
        if (lead.place >= row.leads.count || row.step % lead.stride != 0) continue;
        const engine::Lead& made = rows.leads[row.leads.first + lead.place];
        const std::int64_t step = row.step + lead.steps;
        result.waiting[i].keep(step, clipped(made.mean), row.judgement.y, result.seasonal(step),
                               intervals(rows, row.lead_reaches + lead.place * levels_.size(), made.mean));
    }
}

void Observer::keep_ahead(const engine::Rows& rows, const engine::Row& row, SeriesResult& result) const {
    const std::size_t count = row.leads.count, each = (count + most_ahead - 1) / most_ahead;
    result.ahead.clear();
    for (std::size_t i = each - 1; i < count; i += each) {
        const engine::Lead& lead = rows.leads[row.leads.first + i];
        const double reach = levels_.empty() ? SeriesResult::nan
                                             : rows.reaches[row.lead_reaches + (i + 1) * levels_.size() - 1];
        result.ahead.push_back(
            {lead.time_ns, clipped(lead.mean), {clipped(lead.mean - reach), clipped(lead.mean + reach)}});
    }
}

// The band is the forecaster's widest interval; without a forecaster, what the detector takes for usual.
void Observer::draw(const engine::Row& row, SeriesResult& result) const {
    const engine::Judgement& judgement = row.judgement;
    CurvePoint point{judgement.time_ns, judgement.y,     judgement.yhat,
                     judgement.lower,   judgement.upper, judgement.score};
    if (has_forecaster_) {
        point.lower = judgement.yhat - row.reach;
        point.upper = judgement.yhat + row.reach;
    }
    for (double* const drawn : {&point.yhat, &point.lower, &point.upper})
        *drawn = row.held_back ? SeriesResult::nan : clipped(*drawn);
    if (judgement.warming_up) point.score = SeriesResult::nan;
    result.curve.add(point, results_.buckets_a_series());
}

}  // namespace forecastd::backtest
