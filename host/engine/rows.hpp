// The values of one cohort's series in a batch, and what its stages make of them.
//
// Each value is a row. A stage walks over the rows and fills in what it knows; the emitter hands the results
// on when all stages are through. Rows stand in the order in which their points came.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_ROWS_HPP
#define FORECASTD_ENGINE_ROWS_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engine/selection.hpp"
#include "engine/series.hpp"
#include "engine/sink.hpp"

namespace forecastd::engine {

// Some of the results that stand side by side in Rows.
struct Range {
    std::uint32_t first = 0, count = 0;
};

struct Row {
    Series* series;
    const FieldPlan* field;
    std::size_t point;  // in the batch of points
    std::int64_t step;

    // Set by whoever finds it out, from the first stage on.
    bool left_out;    // nothing is done with it, and nothing is said about it
    bool outside;     // of data_range, or stuck: it is judged by the host and not learned
    bool drifting;    // its anomaly is a drift of the mean
    bool stuck;       // the value has not moved for far longer than ever before
    bool suppressed;  // a label says that its anomalies are no alarms
    bool normal;      // a label says that it is normal, whatever it is: to be learned without a limit
    bool held_back;   // it came before the interval was known: it is learned, and nothing is said about it
    bool unanswered;  // the detector has no answer for it
    bool tell;        // its judgement is handed on
    bool forecast_due, diagnosis_due;
    bool origin_due;  // a forecast made here is kept until its value comes

    double deviation;        // that the forecaster's expectation came with; NaN: unknown
    double known_deviation;  // the same, from the errors seen where the plugin does not know it
    double reach;  // of the widest interval of the forecaster's expectation, to either side; NaN: unknown
    Judgement judgement;  // time_ns and y from the start; yhat once there is an expectation

    Range leads, crossings, diagnostics, events, states;
    std::uint32_t reaches;  // the first of the expectation's intervals, by level; if there is a forecaster
    std::uint32_t lead_reaches;  // the first of those of the leads: level by level for each lead

    // Whether the models get it.
    [[nodiscard]] bool is_fed() const { return !left_out && !outside; }
};

class Rows {
  public:
    // One more row, with nothing known but what is given.
    Row& append(Series* series, const FieldPlan* field, std::size_t point, std::int64_t time_ns,
                std::int64_t step, double value);
    void clear();

    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] std::size_t size() const { return size_; }
    Row& operator[](std::size_t i) { return rows_[i]; }
    [[nodiscard]] std::span<Row> all() { return {rows_.data(), size_}; }

    // From row i on, the rows of its series are left out.
    void leave_out(std::size_t i);

    // Rows of series that have not had all of their first values yet; no two are of one series.
    std::vector<std::size_t> young;
    // Those of them whose models forget what came before, and begin with the row's value.
    std::vector<std::size_t> beginning_again;

    // What Row::leads, reaches, crossings, diagnostics, events and states are ranges of.
    std::vector<Lead> leads;
    std::vector<double> reaches;
    std::vector<Crossing> crossings;
    std::vector<fcd_value> diagnostics;
    std::vector<Event> events;
    std::vector<SeriesState> states;

  private:
    std::vector<Row> rows_;  // of which the first size_ are in use
    std::size_t size_ = 0;
};

// ---- Inline, since it is done for each value --------------------------------------------------------------

inline Row& Rows::append(Series* series, const FieldPlan* field, std::size_t point, std::int64_t time_ns,
                         std::int64_t step, double value) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    if (size_ == rows_.size()) rows_.resize(2 * size_ + 16);
    // Written field by field, in place: a copy of a struct just built waits for its parts.
    Row& row = rows_[size_++];
    row.series = series;
    row.field = field;
    row.point = point;
    row.step = step;
    row.left_out = row.outside = row.drifting = row.stuck = row.suppressed = row.normal = row.held_back =
        row.unanswered = row.tell = false;
    row.forecast_due = row.diagnosis_due = row.origin_due = false;
    row.deviation = row.known_deviation = row.reach = nan;
    row.reaches = row.lead_reaches = 0;
    row.judgement.time_ns = time_ns;
    row.judgement.y = value;
    row.judgement.yhat = row.judgement.lower = row.judgement.upper = row.judgement.score = nan;
    row.judgement.side = Side::none;
    row.judgement.is_anomaly = false;
    row.judgement.warming_up = true;
    row.judgement.reason = {};
    row.leads.count = row.crossings.count = row.diagnostics.count = row.events.count = row.states.count = 0;
    return row;
}

inline void Rows::clear() {
    size_ = 0;
    young.clear();
    beginning_again.clear();
    leads.clear();
    reaches.clear();
    crossings.clear();
    diagnostics.clear();
    events.clear();
    states.clear();
}

inline void Rows::leave_out(std::size_t i) {
    const Series* const series = rows_[i].series;
    for (; i < size_; ++i)
        if (rows_[i].series == series) rows_[i].left_out = true;
}

}  // namespace forecastd::engine

#endif
