// forecastd backtest: what configs would have made of recorded points.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "commands/backtest_progress.hpp"
#include "commands/backtest_results.hpp"
#include "commands/command.hpp"
#include "commands/figures.hpp"
#include "commands/plugin_session.hpp"
#include "commands/recorded_files.hpp"
#include "process/clock.hpp"
#include "process/kept_input.hpp"
#include "process/stop.hpp"
#include "recording/merged.hpp"
#include "report/page.hpp"
#include "text/escaped.hpp"

namespace forecastd::commands {
namespace {

struct Job {
    std::vector<std::string> configs, files;
    std::string labels_file, report_file;  // "": none
    scoring::Labels labels;
    backtest::LabelRules rules;
    bool as_json = false;
};

void warn(const std::string& sentence) {
    std::cerr << "W! forecastd backtest: " << text::escaped(sentence) << "\n";
}

bool is_config(const std::string& name) {
    struct stat about {};
    return name.ends_with(".json") || name.ends_with(".jsonc") ||
           (::stat(name.c_str(), &about) == 0 && S_ISDIR(about.st_mode));
}

// One config each. false: it has a problem, which was printed.
bool make_trials(const Job& job, const PluginSession& session,
                 std::vector<std::unique_ptr<plugin::Catalogue>>& catalogues, BacktestResults& results) {
    for (const std::string& file : job.configs) {
        auto config =
            read_config(file, session, *catalogues.emplace_back(std::make_unique<plugin::Catalogue>()));
        if (!config) return false;
        const auto report = [file](config::LogLevel level, const std::string& sentence) {
            if (level <= config::LogLevel::warn) warn(std::string(file).append(": ").append(sentence));
        };
        const backtest::Keeping keeping{!job.report_file.empty(), !job.labels_file.empty()};
        results.trials.emplace_back().trial =
            std::make_unique<backtest::Trial>(file, std::move(*config), report, keeping);
    }
    return true;
}

void note_times(const lineprotocol::Points& batch, BacktestInput& input) {
    input.points += batch.points.size();
    for (const lineprotocol::PointView& point : batch.points) {
        if (!point.has_time) {
            ++input.without_time;
            continue;
        }
        input.first_ns = std::min(input.first_ns.value_or(point.time_ns), point.time_ns);
        input.last_ns = std::max(input.last_ns.value_or(point.time_ns), point.time_ns);
    }
}

void warn_of_input(const BacktestInput& input, const recording::Merged& merged) {
    if (merged.stopped())
        warn("a signal has stopped it; the results are those of the " + std::to_string(input.points) +
             " points that were read");
    if (input.points == 0) warn("there is no point in the input");
    if (input.without_time > 0)
        warn(counted(input.without_time, "point has", "points have") +
             " no time, and got that of the latest point before");
    if (merged.times_back() > 0)
        warn("the points are not in the order of time: " +
             counted(merged.times_back(), "point is", "points are") +
             " more than a minute older than one before. A series that stands behind another one in a file "
             "is taken to be "
             "silent, and old points are left out: sort the points by time, or give each series as a file of "
             "its own, "
             "since files are read side by side");
}

// Through all trials at once. false: something could not be read.
bool process(const Job& job, BacktestResults& results) {
    ErrorReport errors("backtest");
    recording::Merged merged(job.files, [&errors](const std::string& sentence) { errors.add(sentence); });
    BacktestProgress progress(job.files);
    lineprotocol::Points batch;
    while (merged.next_batch(batch, engine::Engine::batch_points)) {
        note_times(batch, results.input);
        const std::int64_t clock_ns = results.input.last_ns.value_or(process::wall_clock_ns());
        for (const TrialResults& one : results.trials) one.trial->process(batch, clock_ns);
        progress.show(results.input.points, merged.bytes_read());
    }
    progress.clear();
    results.input.files = job.files;
    results.input.left_out = merged.left_out();
    warn_of_input(results.input, merged);
    return errors.exit_code() == success;
}

void judge(const Job& job, BacktestResults& results) {
    for (TrialResults& one : results.trials) {
        const backtest::Results& of_trial = one.trial->results();
        for (std::size_t i = 0; i < one.trial->config().pipelines.size(); ++i) {
            one.pipelines.push_back(backtest::summarise(*one.trial, i));
            if (!job.labels_file.empty())
                one.labelled_of_pipeline.push_back(backtest::labelled(of_trial, i, job.labels, job.rules));
        }
        if (!job.labels_file.empty())
            one.labelled = backtest::labelled(of_trial, job.labels, job.rules, warn);
        if (of_trial.without_season() > 0)
            warn(one.trial->name() + ": there was no room for the values of a season of " +
                 std::to_string(of_trial.without_season()) +
                 " series, so they are not compared with the seasonal naive forecast");
    }
    for (std::size_t i = 1; i < results.trials.size(); ++i)
        results.comparisons.push_back(
            backtest::compare(results.trials.front().trial->results(), results.trials[i].trial->results()));
}

// The file of the report, if there is to be one. It is opened before the long work. false: it cannot be written, which was
// printed.
class ReportFile {
  public:
    explicit ReportFile(std::string name) : name_(std::move(name)) {
        if (!name_.empty()) out_.open(name_, std::ios::binary);
    }
    [[nodiscard]] bool is_good() {
        if (name_.empty() || out_) return true;
        std::cerr << "E! forecastd backtest: --report: '" << text::escaped(name_)
                  << "' cannot be written: " << std::strerror(errno) << "\n";
        return false;
    }
    [[nodiscard]] bool write(const BacktestResults& results) {
        if (name_.empty()) return true;
        report::write_page(out_, as_json(results, true));
        out_.flush();
        return is_good();
    }

  private:
    const std::string name_;
    std::ofstream out_;
};

int backtest(const Job& job, const PluginSession& session) {
    ReportFile report(job.report_file);
    if (!report.is_good()) return failure;
    std::vector<std::unique_ptr<plugin::Catalogue>>
        catalogues;  // they outlive the trials, whose engines call plugins
    BacktestResults results;
    results.labels_file = job.labels_file;
    results.labels = job.labels;
    if (!make_trials(job, session, catalogues, results)) return failure;
    const bool all_read = process(job, results);
    judge(job, results);
    if (job.as_json)
        std::cout << to_line(as_json(results, false)) << "\n";
    else
        print(std::cout, results);
    const bool all_written = report.write(results);
    return all_read && all_written && !session.crashed() ? success : failure;
}

Job job_of(const options::variables_map& values) {
    Job job;
    job.configs.push_back(values["CONFIG"].as<std::string>());
    for (const std::string& name : recorded_files(values))
        (is_config(name) ? job.configs : job.files).push_back(name);
    if (job.files.empty()) job.files.push_back("-");
    if (values.count("labels")) job.labels_file = values["labels"].as<std::string>();
    if (values.count("report")) job.report_file = values["report"].as<std::string>();
    job.rules = {values["probation"].as<std::uint32_t>(),
                 {values["repeat"].as<std::uint32_t>(), values["grace"].as<std::uint32_t>()}};
    job.as_json = values.count("json") > 0;
    return job;
}

int run(const options::variables_map& values) {
    Job job = job_of(values);
    ErrorReport errors("backtest");
    if (!job.labels_file.empty()) {
        auto labels = scoring::read_labels(job.labels_file);
        if (!labels) {
            errors.add(labels.error().text);
            return failure;
        }
        job.labels = std::move(*labels);
    }
    if (std::count(job.files.begin(), job.files.end(), "-") > 0)
        if (const auto kept = process::keep_standard_input(); !kept) {
            errors.add(kept.error().text);
            return failure;
        }
    process::catch_stop_signals();
    PluginSession session;
    return session.end(backtest(job, session));
}

}  // namespace

Command backtest_command() {
    return {
        "backtest",
        "what configs would have made of recorded points",
        "Runs configs over recorded points, as 'run' would have at their times, and tells how good the "
        "forecasts "
        "were, which\n"
        "events there were, and how long it took to warm up:\n"
        "\n"
        "  forecastd backtest watch.json january.lp.gz february.lp.gz --report january.html\n"
        "  forecastd backtest now.json better.json points.lp --labels incidents.csv\n"
        "\n"
        "Several files are read side by side, in the order of time. With several configs, the others are "
        "compared "
        "with the\n"
        "first. What the config says of saved states and of its own metrics is passed over.\n"
        "\n"
        "  MAE, RMSE   mean absolute and root mean square error, in the unit of the values\n"
        "  sMAPE       mean of 200 |error| / (|value| + |forecast|)\n"
        "  bias        mean of value - forecast\n"
        "  MASE        MAE beside that of repeating the value at which the forecast was made; in the next "
        "column, that of "
        "a\n"
        "              season before: below 1 is better than that. Means over series\n"
        "  inside      the share of the values within the interval of a level, and its mean width\n"
        "  MSIS        scaled interval score: narrow is good, and each miss costs; for two configs to "
        "compare\n"
        "\n"
        "Errors one step ahead are those of each value; further leads are those of forecasts that "
        "'emit_every' and "
        "'min_samples'\n"
        "let through. At most eight leads of a pipeline are scored. With labels, events are scored as "
        "'forecastd score' "
        "does.\n"
        "Standard input that is no file is copied to a temporary one first. On a terminal it shows how far "
        "it is.\n"
        "Returns 0; 1 if something could not be read or written, or a config has a problem; 2 if an option "
        "is wrong.",
        {{"CONFIG", "a config", true},
         {"FILE",
          "further configs, with names that end in .json or .jsonc, and recorded points in line protocol, "
          "gzip-compressed or not; '-', or none: standard input",
          false, true}},
        [](options::options_description_easy_init& add) {
            add("labels", options::value<std::string>()->value_name("FILE"),
                "where something was wrong: CSV or JSON, as 'forecastd score' reads it");
            add("report", options::value<std::string>()->value_name("FILE"),
                "also write a page for a browser, with each series drawn; it needs no network");
            add("json", "a line of JSON, with each series");
            add("repeat", options::value<std::uint32_t>()->default_value(30)->value_name("N"),
                "with labels: points within which an alarm does not count again");
            add("grace", options::value<std::uint32_t>()->default_value(10)->value_name("N"),
                "with labels: points behind a window's end that belong to it");
            add("probation", options::value<std::uint32_t>()->default_value(0)->value_name("N"),
                "with labels: points at the beginning of each series that do not count");
        },
        run};
}

}  // namespace forecastd::commands
