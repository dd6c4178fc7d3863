#include "engine/model_summary.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "engine/stages/voters.hpp"

namespace forecastd::engine {
namespace {

// The sum stops at the greatest integer instead of running over.
void add(std::int64_t& sum, std::int64_t value) {
    if (__builtin_add_overflow(sum, value, &sum))
        sum = value > 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
}

void add(DiagnosticSummary& summary, const fcd_diagnostic& row, const fcd_value& value) {
    if (row.type == FCD_REAL) {
        if (!std::isfinite(value.real)) return;
        ++summary.known;
        summary.mean += (value.real - summary.mean) / static_cast<double>(summary.known);
    } else if (row.type == FCD_INTEGER) {
        if (value.integer == FCD_UNKNOWN) return;
        ++summary.known;
        add(summary.sum, value.integer);
    } else if (value.integer >= 0 && value.integer < static_cast<std::int64_t>(summary.choices.size())) {
        ++summary.known;
        ++summary.choices[static_cast<std::size_t>(value.integer)];
    }
}

}  // namespace

ModelSummary summarise(const Cohort& cohort, const ModelFeed& feed) {
    const auto& rows = feed.model().algorithm().diagnostics.rows;
    ModelSummary summary;
    summary.diagnostics.resize(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (auto choice = rows[i]->choices; choice && *choice; ++choice)
            summary.diagnostics[i].choices.push_back(0);

    std::vector<fcd_value> values;
    cohort.slab().for_each([&](const void* record) {
        const auto& series = *static_cast<const Series*>(record);
        if (series.learned == 0 || series.set_aside) return;
        if (cohort.voters() && cohort.voters()->is_out(series, feed)) return;
        ++summary.series;
        if (!feed.model().diagnose(feed.state(series), values)) return;
        for (std::size_t i = 0; i < rows.size(); ++i) add(summary.diagnostics[i], *rows[i], values[i]);
    });
    return summary;
}

}  // namespace forecastd::engine
