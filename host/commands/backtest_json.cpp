// What a backtest has found, as JSON of format 1. Times are milliseconds since 1970.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <utility>

#include "commands/backtest_results.hpp"
#include "commands/figures.hpp"
#include "config/model.hpp"
#include "version.hpp"

namespace forecastd::commands {
namespace {

using backtest::Curve;
using backtest::SeriesResult;

// Of all series together, so that a page stays small.
constexpr std::size_t most_curves = 2000, most_drawn_buckets = 200'000, least_drawn_buckets = 64;

// To six digits, which is enough to draw and to read; null if it is not finite.
Json number(double value) {
    if (!std::isfinite(value)) return nullptr;
    char text[40];
    std::snprintf(text, sizeof text, "%.6g", value);
    return std::strtod(text, nullptr);
}

std::int64_t ms(std::int64_t time_ns) { return time_ns / 1'000'000; }
Json seconds(std::int64_t ns) { return number(static_cast<double>(ns) / 1e9); }

Json json_of(const std::optional<backtest::Labelled>& labelled) {
    if (!labelled) return nullptr;
    Json made = found_json(labelled->found);
    made["windows"] = labelled->found.windows;
    made["level"] = labelled->level == scoring::OwnLevel::events ? "events" : "is_anomaly";
    made["nab"] = number(labelled->nab);
    return made;
}

Json json_of(const std::optional<backtest::FirstSummary>& first) {
    if (!first) return nullptr;
    return {{"series", first->series},
            {"never", first->never},
            {"median_points", first->median.points},
            {"most_points", first->most.points},
            {"median_s", seconds(first->median.after_ns)},
            {"most_s", seconds(first->most.after_ns)}};
}

Json json_of(const backtest::LeadSummary& lead) {
    const backtest::LeadScore& score = lead.pooled;
    Json made{{"steps", score.steps()},         {"lead_s", seconds(score.lead_ns())},
              {"series", lead.series},          {"points", score.points()},
              {"mae", number(score.mae())},     {"rmse", number(score.rmse())},
              {"smape", number(score.smape())}, {"bias", number(score.bias())},
              {"mase", number(lead.mase)},      {"mase_seasonal", number(lead.mase_seasonal)},
              {"levels", Json::array()}};
    for (std::size_t i = 0; i < score.levels().size(); ++i) {
        const backtest::LeadScore::Level& level = score.levels()[i];
        made["levels"].push_back({{"level", level.level},
                                  {"points", level.points},
                                  {"coverage", number(level.coverage())},
                                  {"width", number(level.width())},
                                  {"msis", number(lead.msis[i])}});
    }
    return made;
}

// places: of each series in the list of series of the report.
Json events_json(const backtest::PipelineSummary& summary, const backtest::Results& results,
                 const std::vector<std::size_t>& places) {
    Json made{{"count", summary.events},
              {"a_day_and_series", number(summary.events_a_day_and_series())},
              {"open", summary.open},
              {"anomalies", summary.anomalies},
              {"worst", Json::array()}};
    for (const auto& [series, number_of_event] : summary.worst) {
        const backtest::EventResult& event = results.all()[series].events[number_of_event];
        made["worst"].push_back({{"series", places[series]},
                                 {"start_ms", ms(event.start_ns)},
                                 {"end_ms", event.is_open ? Json(nullptr) : Json(ms(event.last_ns))},
                                 {"points", event.points},
                                 {"peak_score", number(event.peak_score)},
                                 {"peak_value", number(event.peak_value)},
                                 {"direction", engine::name_of(event.direction)},
                                 {"reason", event.reason}});
    }
    return made;
}

Json detectors_of(const config::Pipeline& pipeline) {
    Json made = Json::array();
    for (const config::ModelChoice* const model : config::models_of(pipeline))
        if (!pipeline.forecast || model != &pipeline.forecast->model) made.push_back(model->algorithm->id());
    return made;
}

Json json_of(const TrialResults& one, std::size_t pipeline, const std::vector<std::size_t>& places) {
    const config::Pipeline& config = one.trial->config().pipelines[pipeline];
    const backtest::PipelineSummary& summary = one.pipelines[pipeline];
    const backtest::Results& results = one.trial->results();
    Json made{{"name", config.name},
              {"forecaster", config.forecast ? Json(config.forecast->model.algorithm->id()) : Json(nullptr)},
              {"detectors", detectors_of(config)},
              {"levels", config.forecast ? Json(config.forecast->level) : Json::array()},
              {"season_s", summary.season_ns ? seconds(*summary.season_ns) : Json(nullptr)},
              {"series", summary.series},
              {"learning_interval", summary.learning_interval},
              {"failing", summary.failing},
              {"points", summary.points},
              {"series_days", number(summary.series_days)},
              {"intervals", Json::array()},
              {"first_forecast", json_of(summary.first_forecast)},
              {"first_score", json_of(summary.first_score)},
              {"leads", Json::array()},
              {"errors", nullptr},
              {"events", config.detect ? events_json(summary, results, places) : Json(nullptr)},
              {"labelled", one.labelled ? json_of(one.labelled_of_pipeline[pipeline]) : Json(nullptr)}};
    for (const auto& [interval_ns, series] : summary.intervals_ns)
        made["intervals"].push_back({seconds(interval_ns), series});
    for (const backtest::LeadSummary& lead : summary.leads) made["leads"].push_back(json_of(lead));
    if (config.forecast)
        made["errors"] = {{"from", backtest::ErrorBins::from},
                          {"to", backtest::ErrorBins::to},
                          {"counts", results.bins[pipeline].counts}};
    return made;
}

Json json_of(const backtest::Comparison& comparison, std::size_t b) {
    Json made{
        {"a", 0}, {"b", b}, {"leads", Json::array()}, {"b_gains", Json::array()}, {"b_loses", Json::array()}};
    for (const backtest::LeadComparison& lead : comparison.leads)
        made["leads"].push_back({{"steps", lead.steps},
                                 {"lead_s", seconds(lead.lead_ns)},
                                 {"series", lead.series},
                                 {"ratio", number(lead.ratio)},
                                 {"b_better", lead.b_better},
                                 {"a_better", lead.a_better}});
    const auto add = [&](const char* list, const std::vector<backtest::SeriesComparison>& series) {
        for (const backtest::SeriesComparison& one : series)
            made[list].push_back(
                {{"key", one.key}, {"field", one.field}, {"steps", one.steps}, {"ratio", number(one.ratio)}});
    };
    add("b_gains", comparison.b_gains);
    add("b_loses", comparison.b_loses);
    return made;
}

// The columns that are known somewhere.
Json curve_json(Curve curve, std::size_t most_buckets) {
    curve.shrink(most_buckets);
    const auto& buckets = curve.buckets();
    Json made{{"points_a_bucket", curve.points_a_bucket()}};
    Json times = Json::array();
    for (const Curve::Bucket& one : buckets) times.push_back(ms(one.time_ns));
    made["t"] = std::move(times);
    const auto add = [&](const char* name, float Curve::Bucket::*value) {
        if (std::all_of(buckets.begin(), buckets.end(),
                        [&](const auto& one) { return std::isnan(one.*value); }))
            return;
        Json column = Json::array();
        for (const Curve::Bucket& one : buckets) column.push_back(number(static_cast<double>(one.*value)));
        made[name] = std::move(column);
    };
    add("low", &Curve::Bucket::low);
    if (curve.points_a_bucket() > 1) add("high", &Curve::Bucket::high);
    add("yhat", &Curve::Bucket::yhat);
    add("lower", &Curve::Bucket::lower);
    add("upper", &Curve::Bucket::upper);
    add("error", &Curve::Bucket::error);
    add("score", &Curve::Bucket::score);
    return made;
}

Json ahead_json(const std::vector<backtest::Ahead>& ahead) {
    if (ahead.empty()) return nullptr;
    Json made{
        {"t", Json::array()}, {"yhat", Json::array()}, {"lower", Json::array()}, {"upper", Json::array()}};
    for (const backtest::Ahead& one : ahead) {
        made["t"].push_back(ms(one.time_ns));
        made["yhat"].push_back(number(one.yhat));
        made["lower"].push_back(number(one.interval.lower));
        made["upper"].push_back(number(one.interval.upper));
    }
    return made;
}

Json json_of(const SeriesResult& series, std::size_t config, const scoring::Labels& labels) {
    const double unknown = SeriesResult::nan;
    const backtest::LeadScore* const step = series.leads.empty() ? nullptr : &series.leads.front();
    Json made{
        {"config", config},
        {"pipeline", series.pipeline},
        {"key", series.key},
        {"field", series.field},
        {"points", series.points},
        {"interval_s", seconds(series.interval_ns)},
        {"mae", number(step ? step->mae() : unknown)},
        {"mase", number(step ? step->mase() : unknown)},
        {"smape", number(step ? step->smape() : unknown)},
        {"bias", number(step ? step->bias() : unknown)},
        {"coverage", number(step && !step->levels().empty() ? step->levels().back().coverage() : unknown)},
        {"events_count", series.events.size()},
        {"anomalies", series.anomalies},
        {"peak_score", number(series.peak_score)},
        {"warm_s", series.first_score ? seconds(series.first_score->after_ns) : Json(nullptr)},
        {"events", Json::array()},
        {"labels", Json::array()}};
    for (const backtest::EventResult& event : series.events)
        made["events"].push_back({ms(event.start_ns), event.is_open ? Json(nullptr) : Json(ms(event.last_ns)),
                                  event.points, number(event.peak_score), engine::name_of(event.direction),
                                  event.reason});
    if (const auto found = labels.find(series.key); found != labels.end())
        for (const scoring::LabelledWindow& window : found->second)
            made["labels"].push_back({ms(window.first_time_ns), ms(window.last_time_ns)});
    return made;
}

struct Place {
    std::size_t trial, number;
};

// The series of all trials, in the order of trouble: by turns, so that the same series of two configs stand together.
std::vector<Place> in_order(const BacktestResults& results) {
    std::vector<std::vector<std::size_t>> orders;
    std::size_t longest = 0;
    for (const TrialResults& one : results.trials) {
        orders.push_back(backtest::by_trouble(one.trial->results()));
        longest = std::max(longest, orders.back().size());
    }
    std::vector<Place> places;
    for (std::size_t i = 0; i < longest; ++i)
        for (std::size_t trial = 0; trial < orders.size(); ++trial)
            if (i < orders[trial].size()) places.push_back({trial, orders[trial][i]});
    return places;
}

Json json_of(const BacktestInput& input) {
    return {{"files", input.files},
            {"points", input.points},
            {"first_ms", input.first_ns ? Json(ms(*input.first_ns)) : Json(nullptr)},
            {"last_ms", input.last_ns ? Json(ms(*input.last_ns)) : Json(nullptr)},
            {"left_out", input.left_out},
            {"without_time", input.without_time}};
}

}  // namespace

Json as_json(const BacktestResults& results, bool curves) {
    const std::vector<Place> order = in_order(results);
    std::vector<std::vector<std::size_t>> places;  // of a trial's series in the list
    for (const TrialResults& one : results.trials) places.emplace_back(one.trial->results().all().size());
    for (std::size_t i = 0; i < order.size(); ++i) places[order[i].trial][order[i].number] = i;

    Json made{{"format", 1},
              {"program", std::string("forecastd ") + version},
              {"input", json_of(results.input)},
              {"labels", results.labels_file.empty() ? Json(nullptr) : Json(results.labels_file)},
              {"configs", Json::array()},
              {"comparisons", Json::array()},
              {"series", Json::array()}};
    for (std::size_t trial = 0; trial < results.trials.size(); ++trial) {
        const TrialResults& one = results.trials[trial];
        Json config{{"name", one.trial->name()},
                    {"seconds", number(one.trial->worked().count())},
                    {"labelled", json_of(one.labelled)},
                    {"pipelines", Json::array()}};
        for (std::size_t i = 0; i < one.pipelines.size(); ++i)
            config["pipelines"].push_back(json_of(one, i, places[trial]));
        made["configs"].push_back(std::move(config));
    }
    for (std::size_t i = 0; i < results.comparisons.size(); ++i)
        made["comparisons"].push_back(json_of(results.comparisons[i], i + 1));

    const std::size_t drawn = std::min(order.size(), most_curves);
    const std::size_t buckets =
        std::max(most_drawn_buckets / std::max<std::size_t>(drawn, 1), least_drawn_buckets);
    for (std::size_t i = 0; i < order.size(); ++i) {
        const SeriesResult& series = results.trials[order[i].trial].trial->results().all()[order[i].number];
        Json one = json_of(series, order[i].trial, results.labels);
        if (curves) {
            one["curve"] = i < drawn ? curve_json(series.curve, buckets) : Json(nullptr);
            one["ahead"] = i < drawn ? ahead_json(series.ahead) : Json(nullptr);
        }
        made["series"].push_back(std::move(one));
    }
    return made;
}

}  // namespace forecastd::commands
