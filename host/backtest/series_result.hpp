// What a backtest knows of one series of a pipeline: its errors at some leads, its events, and how long it took to warm up.
//
// A value counts for the errors if the models learned it: not while the interval was learned, and not where it lies outside
// of data_range. Forecasts and bounds count as they are written, within data_range.
//
// Threads: one.
#ifndef FORECASTD_BACKTEST_SERIES_RESULT_HPP
#define FORECASTD_BACKTEST_SERIES_RESULT_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "backtest/curve.hpp"
#include "backtest/lead_score.hpp"
#include "backtest/waiting.hpp"
#include "engine/event.hpp"

namespace forecastd::backtest {

// An event, from its start to its last anomaly.
struct EventResult {
    std::uint64_t id;
    std::int64_t start_ns, last_ns;
    bool is_open;
    std::uint32_t points;
    double peak_score, peak_value;  // NaN: there is none
    engine::EventDirection direction;
    std::string reason;
};

// When something came first: behind how many points of the series, and how long after its first one.
struct First {
    std::uint64_t points;
    std::int64_t after_ns;
};

// A step of the last forecast of a series.
struct Ahead {
    std::int64_t time_ns;
    double yhat;
    Interval interval;  // of the widest level
};

struct SeriesResult {
    static constexpr double nan = std::numeric_limits<double>::quiet_NaN();

    std::size_t pipeline = 0;  // its place in the config
    std::string key, field;    // the canonical key, escaped; the plain field
    std::int64_t interval_ns = 0;

    std::uint64_t points = 0, anomalies = 0;
    std::int64_t first_ns = 0, last_ns = 0;
    double peak_score = nan;
    std::optional<First> first_forecast, first_score;
    std::vector<LeadScore> leads;  // the first: one step ahead; none without a forecaster
    std::vector<EventResult> events;
    Curve curve;
    std::vector<Ahead> ahead;

    // Whose forecasts wait: in the order of `leads`, from the second on.
    std::vector<Waiting> waiting;
    double last_y = nan;
    // The values of the last season, by step modulo its length; empty: there is no season, or no room for it.
    std::vector<float> season;
    std::int64_t season_step = 0;  // up to which it is filled

    [[nodiscard]] double days() const { return static_cast<double>(last_ns - first_ns) / 86'400e9; }

    // What a seasonal naive forecast says about a step, made once the values up to season_step are known. NaN: unknown.
    [[nodiscard]] double seasonal(std::int64_t step) const;
    void fill_season(std::int64_t step, double y);
};

}  // namespace forecastd::backtest

#endif
