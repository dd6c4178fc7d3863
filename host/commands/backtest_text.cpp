// What a backtest has found, as text.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

#include "commands/backtest_results.hpp"
#include "commands/figures.hpp"
#include "config/model.hpp"
#include "config/units.hpp"
#include "text/escaped.hpp"

namespace forecastd::commands {
namespace {

using backtest::EventResult;
using backtest::LeadSummary;
using backtest::PipelineSummary;
using backtest::SeriesResult;

constexpr std::size_t most_events = 5;  // of a pipeline, in the text

std::string number(double value) { return formatted("%.4g", value); }

std::string steps_and_time(std::int64_t steps, std::int64_t lead_ns) {
    return std::to_string(steps) + (steps == 1 ? " step, " : " steps, ") + config::format_duration(lead_ns);
}

// The words of a list, with commas between.
template <class List, class Word>
std::string joined(const List& list, Word&& word) {
    std::string text;
    for (const auto& one : list) text.append(text.empty() ? "" : ", ").append(word(one));
    return text;
}

std::string names_of_models(const config::Pipeline& pipeline) {
    return joined(config::models_of(pipeline),
                  [](const config::ModelChoice* model) { return std::string(model->algorithm->id()); });
}

void print_first(std::ostream& out, const char* what, const std::optional<backtest::FirstSummary>& first) {
    if (!first) return;
    out << "    " << what;
    if (first->series == 0) {
        out << "none of its series has one\n";
        return;
    }
    const auto when = [](const backtest::First& one) {
        return counted(one.points, "point", "points") + " (" +
               short_duration(static_cast<double>(one.after_ns) / 1e9) + ")";
    };
    out << "after " << when(first->median);
    if (first->series > 1) out << ", the last after " << when(first->most);
    if (first->never > 0) out << "; " << first->never << " of its series have none";
    out << "\n";
}

void print_leads(std::ostream& out, const PipelineSummary& summary) {
    if (summary.leads.empty()) return;
    char text[240];
    const std::string seasonal =
        summary.season_ns ? "of " + config::format_duration(*summary.season_ns) : std::string("seasonal");
    std::snprintf(text, sizeof text, "    %-22s%10s%11s%11s%9s%11s%8s%12s", "lead", "points", "MAE", "RMSE",
                  "sMAPE", "bias", "MASE", seasonal.c_str());
    out << text << "   level  inside     width    MSIS\n";
    for (const LeadSummary& lead : summary.leads) {
        const backtest::LeadScore& score = lead.pooled;
        std::snprintf(text, sizeof text, "    %-22s%10llu%11s%11s%9s%11s%8s%12s",
                      steps_and_time(score.steps(), score.lead_ns()).c_str(),
                      static_cast<unsigned long long>(score.points()), number(score.mae()).c_str(),
                      number(score.rmse()).c_str(), formatted("%.1f%%", score.smape()).c_str(),
                      number(score.bias()).c_str(), formatted("%.3f", lead.mase).c_str(),
                      formatted("%.3f", lead.mase_seasonal).c_str());
        out << text;
        for (std::size_t i = 0; i < score.levels().size(); ++i) {
            const backtest::LeadScore::Level& level = score.levels()[i];
            if (i > 0) out << "\n" << std::string(98, ' ');
            std::snprintf(text, sizeof text, "%8s%8s%10s%8s", formatted("%g%%", level.level).c_str(),
                          formatted("%.1f%%", level.coverage()).c_str(), number(level.width()).c_str(),
                          formatted("%.2f", lead.msis[i]).c_str());
            out << text;
        }
        out << "\n";
    }
}

constexpr const char* direction_texts[] = {"", "above expected, ", "below expected, ", "rising, ",
                                           "falling, "};

void print_event(std::ostream& out, const SeriesResult& series, const EventResult& event) {
    out << "      " << utc_time(event.start_ns) << "  "
        << (event.is_open
                ? "open"
                : "for " + short_duration(static_cast<double>(event.last_ns - event.start_ns) / 1e9))
        << "  " << text::escaped(series.key) << " " << text::escaped(series.field) << ": "
        << direction_texts[static_cast<std::size_t>(event.direction)] << "score " << number(event.peak_score)
        << (event.reason.empty() ? "" : ", ") << text::escaped(event.reason) << "\n";
}

void print_events(std::ostream& out, const PipelineSummary& summary, const backtest::Results& results) {
    if (!summary.first_score) return;
    out << "    events       " << summary.events << ", " << number(summary.events_a_day_and_series())
        << " a day and series"
        << (summary.open > 0 ? ", " + std::to_string(summary.open) + " still open" : "") << "; "
        << counted(summary.anomalies, "point is an anomaly", "points are anomalies") << "\n";
    for (std::size_t i = 0; i < std::min(summary.worst.size(), most_events); ++i) {
        const SeriesResult& series = results.all()[summary.worst[i].series];
        print_event(out, series, series.events[summary.worst[i].event]);
    }
    if (summary.events > most_events)
        out << "      and " << summary.events - most_events << " more with lower scores\n";
}

void print_labelled(std::ostream& out, const char* indent,
                    const std::optional<backtest::Labelled>& labelled) {
    if (!labelled) return;
    const scoring::Found& found = labelled->found;
    out << indent << "labels       " << found.found << " of " << counted(found.windows, "window", "windows")
        << " found by " << (labelled->level == scoring::OwnLevel::events ? "events" : "is_anomaly")
        << ": recall " << formatted("%.3f", found.recall()) << ", precision "
        << formatted("%.3f", found.precision()) << ", F1 " << formatted("%.3f", found.f1()) << "; "
        << number(found.false_alarms_a_day()) << " false alarms a day and series; found after "
        << short_duration(found.mean_delay_s()) << "; NAB " << formatted("%.1f", labelled->nab) << "\n";
}

void print(std::ostream& out, const TrialResults& one) {
    const config::Config& config = one.trial->config();
    out << text::escaped(one.trial->name()) << "\n";
    for (std::size_t i = 0; i < one.pipelines.size(); ++i) {
        const PipelineSummary& summary = one.pipelines[i];
        out << "  pipeline '" << text::escaped(config.pipelines[i].name)
            << "': " << text::escaped(names_of_models(config.pipelines[i])) << "\n"
            << "    series       " << summary.series << " with "
            << counted(summary.points, "value", "values");
        if (!summary.intervals_ns.empty())
            out << ", interval " << joined(summary.intervals_ns, [&](const auto& interval) {
                return config::format_duration(interval.first) +
                       (summary.intervals_ns.size() > 1 ? " (" + std::to_string(interval.second) + ")" : "");
            });
        if (summary.learning_interval > 0)
            out << "; " << summary.learning_interval << " more with too few points to know their interval";
        if (summary.failing > 0) out << "; a plugin failed on " << summary.failing;
        out << "\n";
        print_first(out, "forecasts    ", summary.first_forecast);
        print_first(out, "scores       ", summary.first_score);
        print_leads(out, summary);
        print_events(out, summary, one.trial->results());
        if (i < one.labelled_of_pipeline.size() && one.pipelines.size() > 1)
            print_labelled(out, "    ", one.labelled_of_pipeline[i]);
    }
    print_labelled(out, one.pipelines.size() > 1 ? "  " : "    ", one.labelled);
}

void print(std::ostream& out, const backtest::Comparison& comparison, const std::string& a,
           const std::string& b) {
    out << text::escaped(b) << " beside " << text::escaped(a)
        << ", by the mean absolute errors of series that both forecast\n";
    if (comparison.leads.empty()) out << "  there are none\n";
    for (const backtest::LeadComparison& lead : comparison.leads) {
        const double percent = 100 * (lead.ratio - 1);
        char text[200];
        std::snprintf(text, sizeof text, "  %-22s%8s  better for %zu of %zu series, worse for %zu\n",
                      steps_and_time(lead.steps, lead.lead_ns).c_str(), formatted("%+.1f%%", percent).c_str(),
                      lead.b_better, lead.series, lead.a_better);
        out << text;
    }
    const auto list = [&](const char* what, const std::vector<backtest::SeriesComparison>& series) {
        for (const backtest::SeriesComparison& one : series)
            out << "  " << what << formatted("%+.1f%%", 100 * (one.ratio - 1)) << "  "
                << text::escaped(one.key) << " " << text::escaped(one.field) << "\n";
    };
    list("best   ", comparison.b_gains);
    list("worst  ", comparison.b_loses);
}

}  // namespace

void print(std::ostream& out, const BacktestResults& results) {
    const BacktestInput& input = results.input;
    out << counted(input.points, "point", "points") << " of " << counted(input.files.size(), "file", "files");
    if (input.first_ns) out << ", from " << utc_time(*input.first_ns) << " to " << utc_time(*input.last_ns);
    out << "\n";
    for (const TrialResults& one : results.trials) print(out, one);
    for (std::size_t i = 0; i < results.comparisons.size(); ++i)
        print(out, results.comparisons[i], results.trials.front().trial->name(),
              results.trials[i + 1].trial->name());
}

}  // namespace forecastd::commands
