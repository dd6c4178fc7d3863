// forecastd telegraf-conf: what to put into Telegraf's config so that it runs a config of forecastd.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/program_file.hpp"
#include "commands/command.hpp"
#include "commands/plugin_session.hpp"
#include "commands/toml.hpp"
#include "plugin/catalogue.hpp"
#include "text/escaped.hpp"

namespace forecastd::commands {
namespace {

using Texts = std::vector<std::string>;
using toml::quoted;

// The measurements that the pipelines take, if each of them names some; else nothing, and Telegraf has to
// hand over all.
Texts measurements(const config::Config& config) {
    Texts result;
    for (const config::Pipeline& pipeline : config.pipelines) {
        if (!pipeline.selection.namepass) return {};
        for (const std::string& pattern : pipeline.selection.namepass->patterns())
            if (std::find(result.begin(), result.end(), pattern) == result.end()) result.push_back(pattern);
    }
    return result;
}

bool passes_originals(const config::Pipeline& pipeline) { return pipeline.output.passthrough; }

void print_namepass(std::ostream& out, const Texts& names) {
    if (names.empty())
        out << "  ## Not every pipeline has a 'namepass', so all metrics go to forecastd. Name what is "
               "watched, and\n"
               "  ## the rest passes by.\n"
               "  # namepass = []\n";
    else
        out << "  ## What the pipelines watch; the rest passes by.\n"
               "  namepass = "
            << quoted(names) << "\n";
}

// The keys of the execd section that both wirings share.
void print_child(std::ostream& out, const std::string& file, const config::Config& config) {
    const Texts command{program_file().string(), "run",
                        std::filesystem::absolute(file).lexically_normal().string()};
    const char* const plugins = std::getenv("FORECASTD_PLUGIN_PATH");
    out << "  command = " << quoted(command) << "\n"
        << "  ## Should forecastd end, Telegraf starts it again after so long, and drops until then what is "
           "meant for "
           "it.\n"
           "  restart_delay = \"10s\"\n"
        << "  ## Where plugins are looked for, besides the installed ones.\n  "
        << (plugins && *plugins ? "environment = " : "# environment = ")
        << quoted(Texts{std::string("FORECASTD_PLUGIN_PATH=") +
                        (plugins && *plugins ? plugins : "/opt/forecastd/plugins")})
        << "\n"
        << "  ## Its messages appear in Telegraf's log, at their levels from Telegraf 1.37 on. How much it "
           "tells is\n"
           "  ## \"log\": {\"level\": ...} of its config"
        << (config.log_level == config::LogLevel::debug
                ? ", which is \"debug\" here.\n  log_level = \"debug\"\n"
                : "; for \"debug\", Telegraf's own log level must be raised, too.\n  # log_level = "
                  "\"debug\"\n");
}

void print_pass_through(std::ostream& out, const std::string& file, const config::Config& config) {
    out << "## forecastd in the line: metrics go through it and come out the same, each followed by what was "
           "derived "
           "from it.\n";
    for (const config::Pipeline& pipeline : config.pipelines)
        if (!passes_originals(pipeline))
            out << "## Pipeline '" << pipeline.name
                << "' says \"passthrough\": false: what it alone selects ends in forecastd.\n";
    out << "[[processors.execd]]\n"
           "  ## Processors run by their order, those without one first. forecastd belongs behind what "
           "renames metrics\n"
           "  ## or converts fields.\n"
           "  order = 1\n";
    print_namepass(out, measurements(config));
    print_child(out, file, config);
}

void print_shadow(std::ostream& out, const std::string& file, const config::Config& config) {
    out << "## forecastd beside the line: it gets copies, which end there; the originals take no part. A tag "
           "leads the\n"
           "## copies to it.\n"
           "[[processors.clone]]\n"
           "  ## Processors run by their order, those without one first. Both belong behind what renames "
           "metrics or\n"
           "  ## converts fields.\n"
           "  order = 1\n";
    print_namepass(out, measurements(config));
    out << "  [processors.clone.tags]\n"
           "    copy = \"forecastd\"\n"
           "\n"
           "[[processors.execd]]\n"
           "  order = 2\n";
    print_child(out, file, config);
    out << "  [processors.execd.tagpass]\n"
           "    copy = [\"forecastd\"]\n";
}

int print_conf(const std::string& file, const std::string& wiring, PluginSession& session);

int run(const options::variables_map& values) {
    const auto& file = values["CONFIG"].as<std::string>();
    const std::string wiring = values.count("wiring") ? values["wiring"].as<std::string>() : "";
    if (!wiring.empty() && wiring != "pass-through" && wiring != "shadow") {
        std::cerr << "E! forecastd telegraf-conf: --wiring is '" << text::escaped(wiring)
                  << "', expected 'pass-through' or 'shadow'; 'forecastd telegraf-conf --help' tells more\n";
        return usage;
    }
    PluginSession session;
    return session.end(print_conf(file, wiring, session));
}

int print_conf(const std::string& file, const std::string& wiring, PluginSession& session) {
    plugin::Catalogue catalogue;
    const auto read = read_config(file, session, catalogue);
    if (!read) return failure;
    const config::Config& config = *read;

    const bool any_passes = std::any_of(config.pipelines.begin(), config.pipelines.end(), passes_originals);
    const bool shadow = wiring.empty() ? !any_passes : wiring == "shadow";
    if (shadow && any_passes) {
        for (const config::Pipeline& pipeline : config.pipelines)
            if (passes_originals(pipeline))
                std::cerr
                    << "E! pipeline '" << text::escaped(pipeline.name)
                    << "' passes on what it gets, so every copy would come out beside its original; with "
                       "--wiring shadow, each pipeline needs \"output\": {\"passthrough\": false}\n";
        return failure;
    }
    std::cout << "## Made by 'forecastd telegraf-conf'. With [[aggregators]] in the config, Telegraf runs "
                 "processors "
                 "twice,\n"
                 "## unless 'skip_processors_after_aggregators = true' is in its [agent] section.\n";
    (shadow ? print_shadow : print_pass_through)(std::cout, file, config);
    return success;
}

}  // namespace

Command telegraf_conf_command() {
    return {
        "telegraf-conf",
        "the section of Telegraf's config that runs a config",
        "Prints what to put into Telegraf's config: the section [[processors.execd]] with the paths of this "
        "program\n"
        "and of the config, and the measurements that its pipelines watch. With the wiring 'shadow', also "
        "the\n"
        "[[processors.clone]] that makes the copies.\n"
        "Returns 0; 1 if the config has a problem, which is reported as 'check' does, or does not go with "
        "the "
        "wiring; 2\n"
        "if an option is wrong.",
        {{"CONFIG", "the config file, or a directory of them", true}},
        [](options::options_description_easy_init& add) {
            add("wiring", options::value<std::string>()->value_name("NAME"),
                "pass-through: metrics go through forecastd; shadow: it gets copies; left out: shadow if no "
                "pipeline passes on what it gets");
        },
        run};
}

}  // namespace forecastd::commands
