#include "output/model_metrics.hpp"

#include <cmath>

#include "engine/model_summary.hpp"
#include "engine/sink.hpp"
#include "lineprotocol/names.hpp"
#include "output/number.hpp"

namespace forecastd::output {
namespace {

std::string count(std::string_view name, std::uint64_t value) {
    return std::string(name) + "=" + std::to_string(value) + "i";
}

std::string field_of(const fcd_diagnostic& row, const engine::DiagnosticSummary& summary) {
    if (summary.known == 0) return "";
    if (row.type == FCD_INTEGER) return std::string(",") + row.name + "=" + std::to_string(summary.sum) + "i";
    if (row.type != FCD_REAL || !std::isfinite(summary.mean)) return "";
    char number[max_number_size];
    return std::string(",") + row.name + "=" + std::string(number, put_derived(number, summary.mean));
}

}  // namespace

std::string head_of(std::string_view measurement, const Tags& tags) {
    std::string head(measurement);
    for (const auto& [name, value] : tags) {
        head += ',';
        head += name;
        head += '=';
        head += value;
    }
    return head;
}

void append_model_metrics(std::string& text, const Tags& tags, const engine::Cohort& cohort,
                          const engine::ModelFeed& feed, std::int64_t now_ns) {
    const plugin::Diagnostics& diagnostics = feed.model().algorithm().diagnostics;
    if (!diagnostics.table) return;
    const engine::ModelSummary summary = engine::summarise(cohort, feed);
    const std::string end = " " + std::to_string(now_ns) + "\n";

    text += head_of(engine::own_model_measurement, tags) + " " + count("series", summary.series);
    for (std::size_t i = 0; i < diagnostics.rows.size(); ++i)
        text += field_of(*diagnostics.rows[i], summary.diagnostics[i]);
    text += end;

    for (std::size_t i = 0; i < diagnostics.rows.size(); ++i) {
        const auto& choices = summary.diagnostics[i].choices;
        for (std::size_t j = 0; j < choices.size(); ++j) {
            if (choices[j] == 0) continue;
            Tags with_choice = tags;
            with_choice[diagnostics.rows[i]->name] =
                lineprotocol::TagValue(diagnostics.rows[i]->choices[j]).text();
            text +=
                head_of(engine::own_model_measurement, with_choice) + " " + count("series", choices[j]) + end;
        }
    }
}

}  // namespace forecastd::output
