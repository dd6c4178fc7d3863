#include <algorithm>
#include <iostream>
#include <optional>

#include "commands/against.hpp"
#include "commands/command.hpp"
#include "commands/plugin_session.hpp"
#include "commands/warm_up.hpp"
#include "config/describe.hpp"
#include "config/model.hpp"
#include "config/read.hpp"
#include "config/units.hpp"
#include "engine/key_table.hpp"
#include "engine/pipeline.hpp"
#include "plugin/catalogue.hpp"
#include "text/escaped.hpp"

namespace forecastd::commands {
namespace {

struct Memory {
    std::string text;
    std::uint64_t series_bytes = 0;  // 0: not known yet
};

// What a pipeline keeps for each series.
Memory memory_of(const config::Pipeline& pipeline, const config::Config& config) {
    const auto needs_interval = [](const auto& part) { return part && config::needs_interval(part->model); };
    const bool a_voter_does =
        std::any_of(pipeline.voters.begin(), pipeline.voters.end(),
                    [](const config::Detect& voter) { return config::needs_interval(voter.model); });
    if (pipeline.interval_ns == 0 &&
        (needs_interval(pipeline.forecast) || needs_interval(pipeline.detect) || a_voter_does))
        return {"known once the interval is learned"};
    // A model that does not need the interval has the same size on every grid.
    constexpr std::int64_t any_interval_ns = 1'000'000'000;
    const auto state =
        engine::record_size(pipeline, pipeline.interval_ns > 0 ? pipeline.interval_ns : any_interval_ns,
                            config.metrics_every_ns > 0, engine::states_of(config.plugins));
    if (!state) return {pipeline.interval_ns > 0 ? state.error().text : "known once the interval is learned"};
    return {std::to_string(*state + engine::KeyTable::bytes_per_key) +
                " bytes a series beyond the text of its key: " + std::to_string(*state) + " of state, " +
                std::to_string(engine::KeyTable::bytes_per_key) + " to find it by",
            *state};
}

// What the command line asks for.
struct Asked {
    std::string file;
    std::uint64_t series = 0;  // whose memory is printed; 0: none
    std::vector<std::string> against;
    bool quick = false;
};

// When a pipeline begins to work, as tried on a made-up series; what went wrong there is a warning.
std::string warm_up_of(const config::Pipeline& pipeline, const WarmUp& warm_up,
                       std::vector<std::string>& warnings) {
    const bool is_known = pipeline.interval_ns > 0;
    const auto found = warm_up.of(pipeline, is_known ? pipeline.interval_ns : WarmUp::usual_interval_ns);
    if (!found.failure.empty()) {
        if (!is_known) return "known once the interval is learned";
        warnings.push_back("pipeline '" + pipeline.name + "', on a made-up series: " + found.failure);
        return "it fails on a made-up series";
    }
    return in_words(pipeline, found) +
           (is_known ? ""
                     : "; with a point each " + config::format_duration(WarmUp::usual_interval_ns) +
                           ", since no interval is given");
}

void print(std::ostream& out, const config::Pipeline& pipeline, const std::string& memory) {
    out << "pipeline '" << text::escaped(pipeline.name) << "'\n"
        << "  series    " << text::escaped(config::describe(pipeline.selection)) << "\n"
        << "  interval  "
        << (pipeline.interval_ns > 0 ? config::format_duration(pipeline.interval_ns)
                                     : "learned from the data")
        << (pipeline.rate ? "; counters, of which the growth a second is watched" : "") << "\n";
    if (pipeline.forecast)
        out << "  forecast  " << text::escaped(config::describe(*pipeline.forecast)) << "\n";
    const char* label = "  detect    ";
    for (const std::string& detector : config::describe_detectors(pipeline)) {
        out << label << text::escaped(detector) << "\n";
        label = "            ";
    }
    if (const std::string seasons = config::describe_seasons(pipeline); !seasons.empty())
        out << "  seasons   " << text::escaped(seasons) << "\n";
    if (const std::string calendar = config::describe_calendar(pipeline); !calendar.empty())
        out << "  calendar  " << text::escaped(calendar) << "\n";
    if (!pipeline.voters.empty()) out << "  combine   " << config::describe(pipeline.combine) << "\n";
    out << "  output    " << text::escaped(config::describe_output(pipeline)) << "\n"
        << "  memory    " << text::escaped(memory) << "\n";
}

void print(std::ostream& out, const config::Limits& limits) {
    out << "limits      " << limits.max_series << " series, " << config::format_size(limits.max_memory_bytes)
        << " of memory, " << config::format_size(limits.max_line_bytes) << " a line; series are kept "
        << (limits.ttl_ns > 0 ? "for " + config::format_duration(limits.ttl_ns) : "for ever") << "\n";
}

// Whether what is learned outlasts a restart.
void print(std::ostream& out, const std::optional<config::State>& state) {
    out << "state       ";
    if (state)
        out << "kept in " << text::escaped(state->dir) << ", each "
            << config::format_duration(state->checkpoint_interval_ns) << "\n";
    else
        out << "not kept: after a restart each series warms up again; \"state\": {\"dir\": ...} keeps it\n";
}

// Where a config is more than one file.
void print_files(std::ostream& out, const std::vector<std::string>& files) {
    if (files.size() < 2) return;
    const char* label = "files       ";
    for (const std::string& file : files) {
        out << label << text::escaped(file) << "\n";
        label = "            ";
    }
}

config::Problem too_large(const std::string& pipeline, std::size_t series_bytes, std::uint64_t most) {
    config::Problem problem;
    problem.path = "limits.max_memory";
    problem.message = "pipeline '" + pipeline + "' needs " + std::to_string(series_bytes) +
                      " bytes for each series, which is more than " + std::to_string(most) +
                      ", the memory for all series; raise the limit, or change its plugins' parameters";
    return problem;
}

// What a number of series of a pipeline needs, with keys of a usual length.
std::string memory_for(std::uint64_t series, std::uint64_t series_bytes) {
    constexpr std::uint64_t usual_key = 64;
    const std::uint64_t bytes = series * (series_bytes + engine::KeyTable::bytes_per_key + usual_key);
    return std::to_string(series) + " series need about " +
           config::format_size(static_cast<std::int64_t>((bytes + 999'999) / 1'000'000 * 1'000'000));
}

int check(const Asked& asked, PluginSession& session) {
    std::vector<config::Problem> problems;
    const auto document = config::Document::open(asked.file, problems);
    plugin::Catalogue catalogue;
    session.set_aside_in(catalogue);
    load_plugins(document, catalogue);
    const config::Config config = read_config(document, catalogue, problems);

    std::vector<std::string> warnings;
    const WarmUp warm_up(config);
    for (const config::Pipeline& pipeline : config.pipelines) {
        const std::string rounded =
            pipeline.interval_ns > 0 ? config::rounded_seasons(pipeline, pipeline.interval_ns) : "";
        if (!rounded.empty()) warnings.push_back("pipeline '" + pipeline.name + "': " + rounded);
        const Memory memory = memory_of(pipeline, config);
        print(std::cout, pipeline,
              memory.text + (asked.series > 0 && memory.series_bytes > 0
                                 ? "; " + memory_for(asked.series, memory.series_bytes)
                                 : ""));
        const auto most = static_cast<std::uint64_t>(config.limits.max_memory_bytes);
        if (memory.series_bytes > most)
            problems.push_back(too_large(pipeline.name, memory.series_bytes, most));
        else if (!asked.quick)
            std::cout << "  warm-up   " << text::escaped(warm_up_of(pipeline, warm_up, warnings)) << "\n";
    }
    print(std::cout, config.limits);
    print(std::cout, config.state);
    print_files(std::cout, document.files());
    std::cout << "plugins     " << catalogue.algorithms().size() << " algorithms; "
              << text::escaped(catalogue.looked_in()) << "\n";

    session.report();
    for (const auto& refused : catalogue.problems()) std::cerr << "W! " << text::escaped(refused) << "\n";
    for (const std::string& warning : warnings) std::cerr << "W! " << text::escaped(warning) << "\n";
    for (const auto& hint : document.hints(config)) std::cerr << "W! " << text::escaped(hint.text()) << "\n";
    for (const auto& problem : problems) std::cerr << "E! " << text::escaped(problem.text()) << "\n";
    if (!problems.empty() || session.crashed()) return failure;
    if (!asked.against.empty() && !print_against(config, asked.against, asked.quick ? nullptr : &warm_up))
        return failure;
    std::cout << "the config is valid\n";
    return success;
}

int run(const options::variables_map& values) {
    PluginSession session;
    Asked asked;
    asked.file = values["CONFIG"].as<std::string>();
    asked.quick = values.count("quick") > 0;
    if (values.count("for")) asked.series = values["for"].as<std::uint64_t>();
    if (values.count("against")) asked.against = values["against"].as<std::vector<std::string>>();
    return session.end(check(asked, session));
}

}  // namespace

Command check_command() {
    return {
        "check",
        "whether a config is valid, what it would run, and when it begins to work",
        "Reads a config as 'run' would and prints what would run: each pipeline with its series, its "
        "plugins and\n"
        "what is set to something else than its default, the memory of each series, and its warm-up: when "
        "the first\n"
        "forecast, score and alarm come, as tried on a made-up series (a level with a wave and noise, and a "
        "spike of 40\n"
        "times the noise) of up to 200000 points, for some seconds at most.\n"
        "Problems go to stderr, all at once, each with its place in the file. A plugin that was refused "
        "is a\n"
        "warning.\n"
        "With --against, tells what matches in recorded points: the series of each pipeline and their "
        "intervals, fields\n"
        "that are left out, and measurements that no pipeline takes.\n"
        "Returns 0 if the config is valid, 1 if there is any problem.",
        {{"CONFIG", "the config file, or a directory whose *.json and *.jsonc are one config", true}},
        [](options::options_description_easy_init& add) {
            add("for", options::value<std::uint64_t>()->value_name("N"),
                "also print the memory that this number of series needs in each pipeline");
            add("quick", "only whether the config is valid and what it would run: nothing is tried");
            add("against", options::value<std::vector<std::string>>()->value_name("FILE")->composing(),
                "also print what the pipelines would watch of recorded points, gzip-compressed or not; "
                "'-' is "
                "standard input; may be repeated");
        },
        run};
}

}  // namespace forecastd::commands
