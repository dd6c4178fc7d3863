// A cohort without an engine: series and rows are made by hand, so that a stage is seen alone.
#ifndef FORECASTD_TESTS_ENGINE_COHORT_RIG_HPP
#define FORECASTD_TESTS_ENGINE_COHORT_RIG_HPP

#include <doctest/doctest.h>

#include "engine/cohort.hpp"
#include "engine/key_table.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::engine {

// What a cohort tells of all its series, as it is saved.
inline Bytes described(const Cohort& cohort) {
    Bytes bytes;
    cohort.describe(bytes);
    return bytes;
}

class CohortRig {
  public:
    explicit CohortRig(config::Pipeline pipeline, bool measures_accuracy = false,
                       const std::vector<StageMaker>& stages = standard_stages(),
                       RecordLayout::States states = RecordLayout::States::beside_others)
        : pipeline_(std::move(pipeline)),
          widths_(pipeline_.forecast ? pipeline_.forecast->level.size() : 1, 2.0),
          report_([this](config::LogLevel, const std::string& text) { reports.push_back(text); }),
          failures_(pipeline_.name, report_, counters) {
        fed.clear();
        auto made = Cohort::make({pipeline_, widths_, measures_accuracy, counters, failures_, stages, states},
                                 10 * second);
        REQUIRE_MESSAGE(made, made.error().text);
        cohort = std::move(*made);
        field_.name = field_.output_name = "v";
    }

    Series& create(const std::string& key = "m") {
        auto made = cohort->create({});
        REQUIRE_MESSAGE(made, made.error().text);
        (*made)->key = keys_.insert(key);
        return **made;
    }
    // A row at a step; returns its number.
    std::size_t add(Series& series, std::int64_t step, double value) {
        Rows& rows = cohort->rows();
        series.last_step = step;
        series.last_time_ns = step * 10 * second;
        Row& row = rows.append(&series, &field_, rows.size(), series.last_time_ns, step, value);
        row.forecast_due = cohort->forecast_due(series, series.last_time_ns);
        row.origin_due = cohort->origin_due(step);
        row.diagnosis_due = cohort->diagnosis_due(series, series.last_time_ns);
        return rows.size() - 1;
    }
    Row& row(std::size_t i) { return cohort->rows()[i]; }

    Counters counters;
    std::vector<std::string> reports;
    std::unique_ptr<Cohort> cohort;

  private:
    const config::Pipeline pipeline_;
    const std::vector<double> widths_;  // 2 deviations at each level
    const Report report_;
    Failures failures_;
    KeyTable keys_{1};
    FieldPlan field_;
};

}  // namespace forecastd::engine

#endif
