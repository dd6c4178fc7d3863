#include "engine/batch.hpp"

namespace forecastd::engine {
namespace {

// Steps of forecasts that are kept for one flush, so that far horizons of many series do not fill the memory.
constexpr std::size_t max_leads = 65'536;

}  // namespace

Row& Batch::add(Pipeline& pipeline, Cohort& cohort, Series& series, const FieldPlan& field, std::size_t point,
                std::int64_t time_ns, double value) {
    Rows& rows = cohort.rows();
    if (rows.empty()) workspace_.cohorts.push_back(&cohort);
    workspace_.waiting.push_back({&pipeline, &cohort, rows.size()});
    if (series.first_values > 0) {
        rows.young.push_back(rows.size());
        bind(series, 0);
    }
    return rows.append(&series, &field, point, time_ns, series.last_step, value);
}

Row& Batch::add_waiting(Pipeline& pipeline, Series& series, const FieldPlan& field, std::size_t point,
                        std::int64_t time_ns, double value) {
    Rows& rows = pipeline.nursery_rows();
    workspace_.waiting.push_back({&pipeline, nullptr, rows.size()});
    return rows.append(&series, &field, point, time_ns, 0, value);
}

void Batch::bind(Series& series, std::size_t leads) {
    series.batch = workspace_.number;
    leads_ += leads;
    if (leads_ > max_leads) flush();
}

void Batch::flush() {
    if (workspace_.waiting.empty()) return;
    for (Cohort* const cohort : workspace_.cohorts) cohort->run();
    for (const auto& [pipeline, cohort, i] : workspace_.waiting) {
        Rows& rows = cohort ? cohort->rows() : pipeline->nursery_rows();
        emitter_.row(*pipeline, cohort ? cohort->interval_ns() : 0, rows, rows[i]);
    }
    give_up();
}

void Batch::give_up() noexcept {
    for (Cohort* const cohort : workspace_.cohorts) cohort->rows().clear();
    for (const Waiting& one : workspace_.waiting)
        if (!one.cohort) one.pipeline->nursery_rows().clear();
    workspace_.cohorts.clear();
    workspace_.waiting.clear();
    leads_ = 0;
    ++workspace_.number;
}

}  // namespace forecastd::engine
