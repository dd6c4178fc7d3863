#include "commands/setup.hpp"

#include <utility>

#include "commands/plugin_session.hpp"
#include "config/read.hpp"
#include "engine/series_id.hpp"
#include "process/crash.hpp"
#include "process/suspects.hpp"

namespace forecastd::commands {

using config::LogLevel;

Setup::Setup(const std::string& file, const process::EarlierLives& earlier, process::Log& log) {
    std::vector<config::Problem> problems;
    const config::Document document = config::Document::open(file, problems);
    config_files = document.looked_at();
    take_care(earlier, log);
    load_plugins(document, catalogue);
    config = read_config(document, catalogue, problems);
    log.set_level(config.log_level);
    for (const std::string& problem : catalogue.problems()) log.write(LogLevel::error, problem);
    for (const config::Problem& problem : problems) log.write(LogLevel::error, problem.text());
    for (const config::Problem& hint : document.hints(config)) log.write(LogLevel::warn, hint.text());
    if (!problems.empty())
        log.write(LogLevel::error,
                  file + ": the parts with these problems are off, everything else runs; 'forecastd check " +
                      file + "' reports the same");
    if (config.pipelines.empty())
        log.write(LogLevel::warn, file + ": no pipeline runs: points pass through and nothing is forecast");
    for (const config::Pipeline& pipeline : config.pipelines)
        log.write(LogLevel::info, file + ": pipeline '" + pipeline.name + "' runs");
}

// Where no state was handed over, the series begin as they were saved last, if they were.
void Setup::take_care(const process::EarlierLives& earlier, process::Log& log) {
    const std::string series =
        earlier.state_file >= 0 ? "the other series go on" : "every series begins again, or as it was saved";
    process::Suspects suspects;
    for (std::size_t i = 0; i < earlier.crashes.size(); ++i) {
        const process::Suspects::Measure measure = suspects.add(earlier.crashes[i]);
        if (i < earlier.reported) continue;
        log.write(LogLevel::error, earlier.crashes[i].text() + process::Suspects::in_words(measure) +
                                       "; no point is lost, and " + series);
    }
    process::crashes_were_reported();
    for (const auto& suspect : suspects.all()) {
        if (suspect.set_aside) catalogue.set_aside(suspect.plugin);
        plugin::Caution caution{suspect.one_point_a_call, {}};
        for (const process::Crash& crash : suspect.series)
            caution.without_series.push_back(engine::series_id_hash(crash.pipeline, crash.key, crash.field));
        catalogue.take_care(suspect.plugin, std::move(caution));
    }
}

}  // namespace forecastd::commands
