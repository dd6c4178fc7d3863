// The series of a pipeline together.
//
// MAE, RMSE, sMAPE, bias, coverage and width are over all points of all series. MASE and MSIS are means over series, each with
// the same weight, as in the M4 competition: errors of series with different units cannot be added.
//
// Threads: any.
#ifndef FORECASTD_BACKTEST_SUMMARY_HPP
#define FORECASTD_BACKTEST_SUMMARY_HPP

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "backtest/results.hpp"
#include "backtest/trial.hpp"

namespace forecastd::backtest {

struct LeadSummary {
    LeadScore pooled;
    std::size_t series = 0;  // that have a value and a forecast of that lead
    double mase = 0, mase_seasonal = 0;
    std::vector<double> msis;  // by level
};

// How long something took to come first, over the series.
struct FirstSummary {
    std::size_t series = 0, never = 0;
    First median{}, most{};
};

struct PipelineSummary {
    std::size_t series = 0;
    std::size_t learning_interval = 0;  // further ones, with too few points to know their interval
    std::size_t failing = 0;            // that a plugin has failed on
    std::uint64_t points = 0, anomalies = 0;
    double series_days = 0;
    std::map<std::int64_t, std::size_t> intervals_ns;
    std::optional<std::int64_t> season_ns;  // of the seasonal naive forecast, where most series have one
    std::optional<FirstSummary> first_forecast, first_score;  // nullopt: no forecaster, no detector
    std::vector<LeadSummary> leads;                           // ascending
    std::size_t events = 0, open = 0;
    struct Worst {
        std::size_t series, event;  // numbers
    };
    std::vector<Worst> worst;  // events, those with the greatest peak first

    [[nodiscard]] double events_a_day_and_series() const;
};

constexpr std::size_t most_worst = 20;
PipelineSummary summarise(const Trial& trial, std::size_t pipeline);

// The numbers of all series, those with the most events first, and among these those with the greatest MASE.
std::vector<std::size_t> by_trouble(const Results& results);

}  // namespace forecastd::backtest

#endif
