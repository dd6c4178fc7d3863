#include "backtest/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

namespace forecastd::backtest {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// The mean of what is known.
class Mean {
  public:
    void add(double value) {
        if (!std::isfinite(value)) return;
        sum_ += value;
        ++count_;
    }
    [[nodiscard]] double get() const { return count_ > 0 ? sum_ / static_cast<double>(count_) : nan; }

  private:
    double sum_ = 0;
    std::size_t count_ = 0;
};

struct Pool {
    explicit Pool(const LeadScore& like) : pooled(like), msis(like.levels().size()) {}
    LeadScore pooled;
    std::size_t series = 0;
    Mean mase, mase_seasonal;
    std::vector<Mean> msis;

    void add_means(const LeadScore& score) {
        ++series;
        mase.add(score.mase());
        mase_seasonal.add(score.mase_seasonal());
        for (std::size_t i = 0; i < msis.size(); ++i) msis[i].add(score.levels()[i].msis());
    }
    [[nodiscard]] LeadSummary summary() const {
        LeadSummary made{pooled, series, mase.get(), mase_seasonal.get(), {}};
        for (const Mean& one : msis) made.msis.push_back(one.get());
        return made;
    }
};

FirstSummary summarise(std::vector<First> firsts, std::size_t series) {
    FirstSummary made;
    made.series = firsts.size();
    made.never = series - firsts.size();
    if (firsts.empty()) return made;
    std::sort(firsts.begin(), firsts.end(), [](const First& a, const First& b) {
        return std::tie(a.after_ns, a.points) < std::tie(b.after_ns, b.points);
    });
    made.median = firsts[(firsts.size() - 1) / 2];
    made.most = firsts.back();
    return made;
}

std::optional<std::int64_t> season_of(const Results& results, std::size_t pipeline,
                                      const std::map<std::int64_t, std::size_t>& intervals_ns) {
    const auto most = std::max_element(intervals_ns.begin(), intervals_ns.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most == intervals_ns.end()) return std::nullopt;
    const auto& steps = results.season_steps[pipeline];
    const auto found = steps.find(most->first);
    if (found == steps.end() || found->second == 0) return std::nullopt;
    return found->second * most->first;
}

double mase_of(const SeriesResult& series) {
    return series.leads.empty() ? nan : series.leads.front().mase();
}

}  // namespace

double PipelineSummary::events_a_day_and_series() const {
    return series_days > 0 ? static_cast<double>(events) / series_days : nan;
}

PipelineSummary summarise(const Trial& trial, std::size_t pipeline) {
    const Results& results = trial.results();
    PipelineSummary made;
    const engine::StateSummary state = trial.state(pipeline);
    made.learning_interval = state.learning_interval;
    made.failing = state.failing;
    std::map<std::int64_t, Pool> pools;
    std::vector<First> forecasts, scores;
    for (std::size_t number = 0; number < results.all().size(); ++number) {
        const SeriesResult& series = results.all()[number];
        if (series.pipeline != pipeline) continue;
        ++made.series;
        made.points += series.points;
        made.anomalies += series.anomalies;
        made.series_days += series.days();
        ++made.intervals_ns[series.interval_ns];
        if (series.first_forecast) forecasts.push_back(*series.first_forecast);
        if (series.first_score) scores.push_back(*series.first_score);
        for (const LeadScore& score : series.leads) {
            if (score.points() == 0) continue;
            const auto [found, is_new] = pools.try_emplace(score.lead_ns(), score);
            if (!is_new) found->second.pooled.add(score);
            found->second.add_means(score);
        }
        made.events += series.events.size();
        for (std::size_t event = 0; event < series.events.size(); ++event) {
            made.open += series.events[event].is_open;
            made.worst.push_back({number, event});
        }
    }
    const auto peak = [&](const PipelineSummary::Worst& one) {
        const EventResult& event = results.all()[one.series].events[one.event];
        return std::isnan(event.peak_score) ? 0 : event.peak_score;
    };
    std::stable_sort(made.worst.begin(), made.worst.end(),
                     [&](const auto& a, const auto& b) { return peak(a) > peak(b); });
    if (made.worst.size() > most_worst) made.worst.resize(most_worst);
    const config::Pipeline& config = trial.config().pipelines[pipeline];
    if (config.forecast) made.first_forecast = summarise(std::move(forecasts), made.series);
    if (config.detect) made.first_score = summarise(std::move(scores), made.series);
    made.season_ns = season_of(results, pipeline, made.intervals_ns);
    for (const auto& [lead_ns, pool] : pools) made.leads.push_back(pool.summary());
    return made;
}

std::vector<std::size_t> by_trouble(const Results& results) {
    std::vector<std::size_t> numbers(results.all().size());
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    const auto rank = [&](std::size_t number) {
        const SeriesResult& series = results.all()[number];
        const double mase = mase_of(series);
        return std::tuple(-static_cast<double>(series.events.size()), std::isnan(mase) ? 0 : -mase);
    };
    std::stable_sort(numbers.begin(), numbers.end(),
                     [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
    return numbers;
}

}  // namespace forecastd::backtest
