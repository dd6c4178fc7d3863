#include "unit/engine/cohort_rig.hpp"

#include <doctest/doctest.h>

namespace forecastd::engine {

Bytes described(const Cohort& cohort) {
    Bytes bytes;
    cohort.describe(bytes);
    return bytes;
}

CohortRig::CohortRig(config::Pipeline pipeline, bool measures_accuracy, const std::vector<StageMaker>& stages,
                     RecordLayout::States states)
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

Series& CohortRig::create(const std::string& key) {
    auto made = cohort->create({});
    REQUIRE_MESSAGE(made, made.error().text);
    (*made)->key = keys_.insert(key);
    return **made;
}

std::size_t CohortRig::add(Series& series, std::int64_t step, double value) {
    Rows& rows = cohort->rows();
    series.last_step = step;
    series.last_time_ns = step * 10 * second;
    Row& row = rows.append(&series, &field_, rows.size(), series.last_time_ns, step, value);
    row.forecast_due = cohort->forecast_due(series, series.last_time_ns);
    row.origin_due = cohort->origin_due(step);
    row.diagnosis_due = cohort->diagnosis_due(series, series.last_time_ns);
    return rows.size() - 1;
}

}  // namespace forecastd::engine
