// forecastd bench: what a plugin costs.
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "commands/command.hpp"
#include "commands/costs_json.hpp"
#include "commands/plugin_file.hpp"
#include "config/params.hpp"
#include "config/place.hpp"
#include "plugin/catalogue.hpp"
#include "text/escaped.hpp"
#include "verify/costs.hpp"
#include "verify/growth.hpp"

namespace forecastd::commands {
namespace {

using verify::Figure;
using verify::Measurement;
using verify::Setting;

void report(const std::string& sentence) {
    std::cerr << "E! forecastd bench: " << text::escaped(sentence) << "\n";
}

// Says on a terminal what is being measured.
class Progress {
  public:
    void show(const std::string& what) {
        if (!is_shown_) return;
        std::cerr << "\r\x1b[Kmeasuring: " << text::escaped(what) << std::flush;
    }
    void clear() {
        if (is_shown_) std::cerr << "\r\x1b[K" << std::flush;
    }

  private:
    const bool is_shown_ = ::isatty(STDERR_FILENO) == 1;
};

// ---- The parameters and the algorithm beside ----------------------------------------------------------------

// Sets what --params gives. False: it has problems, which were reported.
bool read_params(const std::string& text, config::ModelChoice& choice) {
    const auto value = config::parse_json(text);
    if (!value) {
        report("--params: " +
               (value.error().offset ? "column " + std::to_string(*value.error().offset + 1) + ": "
                                     : std::string()) +
               value.error().text);
        return false;
    }
    std::vector<config::Problem> problems;
    choice.params = config::default_params(*choice.algorithm);
    config::read_section(config::params_section(*choice.algorithm), *value, choice.params,
                         config::Place(problems));
    for (const config::Problem& problem : problems) report("--params: " + problem.text());
    if (!problems.empty()) return false;
    const auto resolved = choice.resolve(verify::Rig::usual_interval_ns);
    if (!resolved) report("--params: " + resolved.error().text);
    return resolved.has_value();
}

// An algorithm to compare with.
struct Reference {
    plugin::Catalogue catalogue;
    std::unique_ptr<verify::Rig> rig;  // nullptr: there is none
    std::unique_ptr<Setting> setting;

    void find(const std::string& id, const Setting& like, std::uint64_t seed) {
        plugin::Loading loading;
        loading.wanted = {{id, 0, {}}};
        catalogue.load(plugin::search_path({}), loading);
        const plugin::Algorithm* const found = catalogue.find(id);
        if (!found) {
            std::cerr << "W! forecastd bench: nothing is compared: " << text::escaped(catalogue.missing(id))
                      << "\n";
            return;
        }
        rig = std::make_unique<verify::Rig>(*found, seed);
        setting = std::make_unique<Setting>(
            Setting{*rig, rig->defaults(), like.series, like.runs, like.in_process, like.limits});
    }
    [[nodiscard]] bool has(const Measurement& measurement) const {
        return rig && measurement.applies(rig->algorithm());
    }
    [[nodiscard]] std::string id() const { return std::string(rig->algorithm().id()); }
};

// ---- Measuring and printing ---------------------------------------------------------------------------------

struct Row {
    const Measurement& measurement;
    Expected<Figure> figure, beside;  // beside: an error where nothing is compared
};

std::string with_unit(double number, const char* unit) {
    char text[60];
    const bool is_whole = number >= 100 || std::string(unit) == "bytes";
    std::snprintf(text, sizeof text, is_whole ? "%.0f %s" : "%.1f %s", number, unit);
    return text;
}

void print(const Row& row, const Setting& setting) {
    char text[160];
    std::snprintf(text, sizeof text, "  %-34s", verify::in_words(row.measurement, setting).c_str());
    std::string line = text;
    if (!row.figure) {
        std::cout << line << "  not measured, since " << text::escaped(row.figure.error().text) << std::endl;
        return;
    }
    const char* const unit = row.measurement.unit;
    std::snprintf(
        text, sizeof text, "%16s%16s", with_unit(row.figure->least, unit).c_str(),
        row.figure->greatest > row.figure->least ? with_unit(row.figure->greatest, unit).c_str() : "");
    line += text;
    if (row.beside && row.beside->least > 0) {
        std::snprintf(text, sizeof text, "%14.2f", row.figure->least / row.beside->least);
        line += text;
    }
    std::cout << line.substr(0, line.find_last_not_of(' ') + 1) << std::endl;
}

void print_header(const Setting& setting, std::uint64_t seed, const Reference& beside) {
    const plugin::Algorithm& algorithm = setting.rig.algorithm();
    std::cout << algorithm.id() << " " << algorithm.table->version << ", seed " << seed << ", "
              << setting.runs << (setting.runs == 1 ? " run" : " runs") << "\n";
    char text[160];
    std::snprintf(text, sizeof text, "  %-34s%16s%16s", "", "least", "greatest");
    std::cout << text;
    if (beside.rig) std::cout << "    times " << beside.id();
    std::cout << std::endl;
}

void print_growth(const Setting& setting, Progress& progress) {
    bool is_first = true;
    progress.show("how they grow");
    verify::growth(setting, [&](const verify::Growth& growth) {
        progress.clear();
        if (is_first)
            std::cout << "  how they grow with the parameters: a point, "
                      << (setting.rig.algorithm().forecasts() ? "a forecast of 10 steps, " : "")
                      << "a series\n";
        is_first = false;
        std::cout << "    " << text::escaped(verify::in_words(growth)) << std::endl;
        progress.show("how they grow");
    });
    progress.clear();
}

Json as_json(const Expected<Figure>& figure) {
    if (!figure) return {{"why", figure.error().text}};
    return {{"least", figure->least}, {"greatest", figure->greatest}};
}

// Whether everything could be measured.
bool bench_one(const Setting& setting, std::uint64_t seed, const Reference& beside, bool as_json_line) {
    Progress progress;
    const plugin::Algorithm& algorithm = setting.rig.algorithm();
    if (const auto made =
            verify::measured([&] { return verify::model_of(setting), verify::Numbers{}; }, setting);
        !made) {
        report("'" + std::string(algorithm.id()) + "': " + made.error().text);
        return false;
    }
    bool is_complete = true;
    Json figures = Json::object(), of_beside = Json::object();
    if (!as_json_line) print_header(setting, seed, beside);
    for (const Measurement& measurement : verify::all_measurements()) {
        if (!measurement.applies(algorithm)) continue;
        progress.show(verify::in_words(measurement, setting));
        const Row row{measurement, verify::measure(measurement, setting),
                      beside.has(measurement) ? verify::measure(measurement, *beside.setting)
                                              : Expected<Figure>(fail("nothing is compared"))};
        progress.clear();
        is_complete = is_complete && row.figure;
        if (!as_json_line) print(row, setting);
        figures[measurement.name] = as_json(row.figure);
        if (!beside.has(measurement)) continue;
        of_beside[measurement.name] = as_json(row.beside);
        if (row.figure && row.beside && row.beside->least > 0)
            figures[measurement.name]["ratio"] = row.figure->least / row.beside->least;
    }
    if (!as_json_line) {
        print_growth(setting, progress);
        return is_complete;
    }
    progress.show("how they grow");
    Json line{{"algorithm", algorithm.id()},
              {"version", algorithm.table->version},
              {"seed", seed},
              {"runs", setting.runs},
              {"series", setting.series},
              {"costs", figures},
              {"growth", growth_json(setting)}};
    if (beside.rig)
        line["beside"] = {{"algorithm", beside.id()},
                          {"version", beside.rig->algorithm().table->version},
                          {"costs", of_beside}};
    progress.clear();
    std::cout << to_line(line) << std::endl;
    return is_complete;
}

// ---- The command --------------------------------------------------------------------------------------------

// A number of an option; 0: it is out of range, which was reported.
std::uint64_t number(const options::variables_map& values, const char* name, std::uint64_t most) {
    const auto given = values[name].as<std::uint64_t>();
    if (given >= 1 && given <= most) return given;
    report("--" + std::string(name) + ": expected a number from 1 to " + std::to_string(most) +
           "; 'forecastd bench --help' tells more");
    return 0;
}

int run(const options::variables_map& values) {
    const std::uint64_t series = number(values, "series", 10'000'000), runs = number(values, "runs", 1000),
                        deadline = number(values, "deadline", 86'400),
                        seed = values["seed"].as<std::uint64_t>();
    if (series == 0 || runs == 0 || deadline == 0) return usage;
    plugin::Catalogue catalogue;
    const auto algorithms = open_plugin_file(values, catalogue, report);
    if (algorithms.empty()) return failure;
    if (values.count("params") && algorithms.size() > 1) {
        report("--params goes with one algorithm, and '" + values["FILE"].as<std::string>() + "' has " +
               std::to_string(algorithms.size()) + "; name one of them behind the file");
        return usage;
    }
    bool is_complete = true;
    for (const plugin::Algorithm* const algorithm : algorithms) {
        const verify::Rig rig(*algorithm, seed);
        Setting setting{rig, rig.defaults(), series, runs};
        setting.limits.time = std::chrono::milliseconds(deadline * 1000);
        if (values.count("params") && !read_params(values["params"].as<std::string>(), setting.choice))
            return usage;
        Reference beside;
        const bool is_given = values.count("beside") > 0;
        const std::string id = is_given                 ? values["beside"].as<std::string>()
                               : algorithm->forecasts() ? "naive"
                                                        : "zscore";
        if (is_given || id != algorithm->id()) beside.find(id, setting, seed);
        is_complete = bench_one(setting, seed, beside, values.count("json") > 0) && is_complete;
    }
    return is_complete ? success : failure;
}

}  // namespace

Command bench_command() {
    return {
        "bench",
        "what a plugin costs",
        "Measures the algorithms of a plugin file, or the one with this ID: points, forecasts, saved states, "
        "models, and\n"
        "memory; and how these grow with each parameter that is a number, at its least value, the usual one "
        "and its\n"
        "greatest. Each measurement runs in a process of its own, several times: the least is what it costs "
        "where nothing\n"
        "else came between, the greatest shows how far to trust it. Times differ from machine to machine; so "
        "it measures an\n"
        "algorithm that comes with forecastd beside it, in the same run, and prints how many times as much "
        "it "
        "takes.\n"
        "The points have an interval of 10 s, a day of 24 steps and noise.\n"
        "Returns 0, or 1 if the file cannot be used or something could not be measured; 2 if an option is "
        "wrong.",
        plugin_file_positionals(),
        [](options::options_description_easy_init& add) {
            add("params", options::value<std::string>()->value_name("JSON"),
                "the parameters, as in a config's \"params\": '{\"window\": 50}'");
            add("beside", options::value<std::string>()->value_name("ID"),
                "compare with this algorithm, which is looked for where 'forecastd plugins' looks; naive for "
                "forecasters, zscore for detectors");
            add("series", options::value<std::uint64_t>()->default_value(10'000)->value_name("N"),
                "how many get points in turn, so that the time to fetch them from memory shows");
            add("runs", options::value<std::uint64_t>()->default_value(5)->value_name("N"),
                "of each measurement");
            add("seed", options::value<std::uint64_t>()->default_value(1)->value_name("N"),
                "of the random numbers in the series");
            add("deadline", options::value<std::uint64_t>()->default_value(20)->value_name("SECONDS"),
                "how long a measurement may take");
            add("json", "a line of JSON for each algorithm");
        },
        run};
}

}  // namespace forecastd::commands
