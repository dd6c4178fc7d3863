// forecastd score: how good a detector's output is, beside labels.
#include <cmath>
#include <cstdio>
#include <iostream>
#include <string>

#include "commands/command.hpp"
#include "commands/figures.hpp"
#include "commands/json_line.hpp"
#include "commands/recorded_files.hpp"
#include "process/stop.hpp"
#include "recording/recording.hpp"
#include "scoring/collector.hpp"
#include "scoring/labels.hpp"
#include "scoring/measures.hpp"
#include "scoring/timeline.hpp"
#include "text/escaped.hpp"

namespace forecastd::commands {
namespace {

using scoring::Found;

struct Scores {
    std::size_t series = 0, points = 0;
    std::size_t probation = 0;
    scoring::Counting counting;
    bool has_events = false;
    Found own;
    double nab_own = 0;
    scoring::Best best;

    [[nodiscard]] const char* own_level() const { return has_events ? "events" : "is_anomaly"; }
};

void warn(const std::string& sentence) {
    std::cerr << "W! forecastd score: " << text::escaped(sentence) << "\n";
}

// false: a signal to stop.
bool collect(const options::variables_map& values, scoring::Collector& collector, ErrorReport& errors) {
    recording::Recording recording(values["OUTPUT"].as<std::vector<std::string>>(),
                                   [&errors](const std::string& sentence) { errors.add(sentence); });
    for (;;) {
        const recording::Event event = recording.next();
        if (event == recording::Event::end) return true;
        if (event == recording::Event::point)
            collector.add(recording.point(), recording.fields());
        else if (!recording.fetch())
            return false;
    }
}

void warn_of_what_is_missing(const scoring::Collector& collector, const scoring::Suffixes& suffixes) {
    bool is_judged = false, has_every_point = false;
    for (const auto& [key, series] : collector.series()) {
        is_judged = is_judged || series.is_judged();
        has_every_point = has_every_point || !series.times_ns.empty();
        for (const scoring::Verdict& verdict : series.verdicts)
            has_every_point = has_every_point || !verdict.is_anomaly;
    }
    if (!is_judged)
        warn("the output has no verdict and no event: expected measurements that end in '" +
             suffixes.anomaly + "' or '" + suffixes.event +
             "', as 'forecastd run' writes them with a detector; if its config names them otherwise, give "
             "--anomaly-suffix and --event-suffix");
    else if (!has_every_point)
        warn(
            "the output has neither the original points nor verdicts of those that are as expected, so "
            "points "
            "cannot be counted: set \"emit\": \"all\" in the config's 'detect', or leave "
            "'output.passthrough' on");
}

Scores score(const scoring::Timelines& timelines, std::size_t probation, const scoring::Counting& counting) {
    Scores scores;
    const scoring::Nab nab(timelines.series);
    scores.series = timelines.series.size();
    for (const scoring::Timeline& one : timelines.series) scores.points += one.times_ns.size();
    scores.probation = probation;
    scores.counting = counting;
    scores.has_events = timelines.own_level == scoring::OwnLevel::events;
    scores.own = scoring::find(timelines.series, {}, counting);
    scores.nab_own = nab.score({});
    scores.best = scoring::best(timelines.series, nab, counting);
    return scores;
}

// ---- As text ------------------------------------------------------------------------------------------------

void print_line(const std::string& level, const Found& found, double nab) {
    char text[200];
    const std::string windows = std::to_string(found.found) + " of " + std::to_string(found.windows);
    std::snprintf(text, sizeof text, "  %-32s%12s%9.3f%11.3f%8.3f%14.3f%11s%8s\n", level.c_str(),
                  windows.c_str(), found.recall(), found.precision(), found.f1(), found.false_alarms_a_day(),
                  short_duration(found.mean_delay_s()).c_str(), formatted("%.1f", nab).c_str());
    std::cout << text;
}

void print(const Scores& scores) {
    std::cout << scores.series << " series, " << scores.points << " points, " << scores.own.windows
              << " windows, " << formatted("%.2f", scores.own.days) << " days\n"
              << "A window is found by an alarm in it, or up to " << scores.counting.grace
              << " points behind its end. An alarm within " << scores.counting.repeat
              << " points of\nthe last counted one does not count again. ";
    if (scores.probation > 0)
        std::cout << "The first " << scores.probation << " points of each series do not count.\n";
    std::cout << "False alarms are those a day and series.\n";
    char text[200];
    std::snprintf(text, sizeof text, "  %-32s%12s%9s%11s%8s%14s%11s%8s\n", "alarms", "found", "recall",
                  "precision", "F1", "false alarms", "delay", "NAB");
    std::cout << text;
    print_line(scores.own_level(), scores.own, scores.nab_own);
    if (!scores.best.has_scores) return;
    const auto level = [](double threshold) { return "scores from " + formatted("%.6g", threshold); };
    print_line(level(scores.best.threshold) + " (best F1)", scores.best.found, std::nan(""));
    std::cout << "NAB's score at its best threshold, scores from "
              << formatted("%.6g", scores.best.nab_threshold) << ": " << formatted("%.1f", scores.best.nab)
              << "\nrecall by the number of false alarms allowed:";
    const char* separator = " ";
    for (const auto& [allowed, recall] : scores.best.recall_within) {
        std::cout << separator << formatted("%g", allowed) << ": " << formatted("%.3f", recall);
        separator = ", ";
    }
    std::cout << "\n";
}

// ---- As JSON ------------------------------------------------------------------------------------------------

Json as_json(const Scores& scores) {
    Json line{{"series", scores.series},          {"points", scores.points},
              {"windows", scores.own.windows},    {"days", scores.own.days},
              {"repeat", scores.counting.repeat}, {"grace", scores.counting.grace},
              {"probation", scores.probation}};
    line["own"] = found_json(scores.own);
    line["own"]["level"] = scores.own_level();
    line["own"]["nab"] = scores.nab_own;
    if (!scores.best.has_scores) return line;
    line["best"] = found_json(scores.best.found);
    line["best"]["threshold"] = scores.best.threshold;
    line["best_nab"] = {{"nab", scores.best.nab}, {"threshold", scores.best.nab_threshold}};
    for (const auto& [allowed, recall] : scores.best.recall_within)
        line["recall_within"][formatted("%g", allowed)] = recall;
    return line;
}

// ---- The command --------------------------------------------------------------------------------------------

int run(const options::variables_map& values) {
    ErrorReport errors("score");
    const double min_f1 = values.count("min-f1") ? values["min-f1"].as<double>() : 0;
    if (!(min_f1 >= 0 && min_f1 <= 1)) {
        errors.add("--min-f1: expected a number from 0 to 1; 'forecastd score --help' tells more");
        return usage;
    }
    const auto labels = scoring::read_labels(values["LABELS"].as<std::string>());
    if (!labels) {
        errors.add(labels.error().text);
        return failure;
    }
    const scoring::Suffixes suffixes{values["anomaly-suffix"].as<std::string>(),
                                     values["event-suffix"].as<std::string>()};
    process::catch_stop_signals();
    scoring::Collector collector(suffixes);
    if (!collect(values, collector, errors)) return failure;
    warn_of_what_is_missing(collector, suffixes);
    const auto probation = values["probation"].as<std::uint32_t>();
    const auto timelines = scoring::make_timelines(collector.series(), *labels, probation, warn);
    const Scores scores = score(timelines, probation,
                                {values["repeat"].as<std::uint32_t>(), values["grace"].as<std::uint32_t>()});
    if (values.count("json"))
        std::cout << to_line(as_json(scores)) << "\n";
    else
        print(scores);
    if (scores.own.f1() < min_f1)
        errors.add("F1 is " + formatted("%.3f", scores.own.f1()) + ", expected " + formatted("%.3f", min_f1) +
                   " or more");
    return errors.exit_code();
}

}  // namespace

Command score_command() {
    return {
        "score",
        "how good a detector is, by its output and labels",
        "Compares the alarms in what 'forecastd run' wrote with labelled windows:\n"
        "\n"
        "  forecastd simulate --labels labels.csv | forecastd run watch.json > out.lp\n"
        "  forecastd score labels.csv out.lp\n"
        "\n"
        "OUTPUT must have the original points, or \"emit\": \"all\" in the config's 'detect'; that is needed "
        "for "
        "scores, too.\n"
        "A series is a measurement and its tags; several watched fields of it are one. Series without labels "
        "count if they\n"
        "were judged. The program's own alarms are its events that open, or if there are none, the points "
        "with "
        "is_anomaly.\n"
        "\n"
        "  found      a labelled window is found by an alarm in it, or up to --grace points behind its end\n"
        "  recall     windows found, of all of them\n"
        "  precision  windows found, of these and the false alarms; an alarm within --repeat points of the "
        "last counted\n"
        "             one does not count again\n"
        "  F1         2 recall precision / (recall + precision)\n"
        "  delay      from the beginning of a window to the first alarm in it; the mean of those found\n"
        "  NAB        the score of Lavin & Ahmad (2015), standard profile: 100 is perfect, 0 is silence\n"
        "\n"
        "The same is printed for alarms at the best of some 60 thresholds of the scores, and the recall that "
        "some\n"
        "threshold has with few false alarms. Returns 0; 1 if something cannot be read, or F1 is below "
        "--min-f1; 2 if an\n"
        "option is wrong.",
        {{"LABELS",
          "CSV with the columns series, first_time_ns and last_time_ns, as 'forecastd simulate --labels' "
          "writes it, or JSON: {\"cpu,host=a\": [[first_ns, last_ns], ...]}",
          true},
         {"OUTPUT", "what 'forecastd run' wrote, gzip-compressed or not; '-': standard input", true, true}},
        [](options::options_description_easy_init& add) {
            add("repeat", options::value<std::uint32_t>()->default_value(30)->value_name("N"),
                "points within which an alarm does not count again");
            add("grace", options::value<std::uint32_t>()->default_value(10)->value_name("N"),
                "points behind a window's end that belong to it");
            add("probation", options::value<std::uint32_t>()->default_value(0)->value_name("N"),
                "points at the beginning of each series that do not count");
            add("anomaly-suffix",
                options::value<std::string>()->default_value("_anomaly")->value_name("TEXT"),
                "how the measurements of verdicts end; output.anomaly in the config");
            add("event-suffix", options::value<std::string>()->default_value("_event")->value_name("TEXT"),
                "how those of events end; output.event in the config");
            add("min-f1", options::value<double>()->value_name("X"),
                "return 1 if the F1 of the program's own alarms is below this");
            add("json", "a line of JSON");
        },
        run};
}

}  // namespace forecastd::commands
