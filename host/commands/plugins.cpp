// forecastd plugins: the catalogue; one algorithm with its parameters.
#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>

#include "commands/command.hpp"
#include "config/json.hpp"
#include "config/params.hpp"
#include "config/units.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/model.hpp"
#include "text/escaped.hpp"

namespace forecastd::commands {
namespace {

using plugin::Algorithm;
using plugin::Catalogue;

constexpr std::int64_t grid_of_example_ns = 1'000'000'000;

std::string abilities_of(const Algorithm& algorithm) {
    if (algorithm.forecasts() && algorithm.detects()) return "forecasts, detects";
    return algorithm.forecasts() ? "forecasts" : "detects";
}

// ---- The list ---------------------------------------------------------------------------------------------

void print_list(const Catalogue& catalogue) {
    constexpr std::size_t columns = 5;
    std::vector<std::array<std::string, columns>> rows{{"ID", "VERSION", "ABILITIES", "SUMMARY", "FILE"}};
    for (const auto& algorithm : catalogue.algorithms())
        rows.push_back({algorithm.table->id, algorithm.table->version, abilities_of(algorithm),
                        algorithm.table->summary, algorithm.file.native()});

    std::array<std::size_t, columns> widths{};
    for (const auto& row : rows)
        for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], row[i].size());
    for (auto& row : rows) {
        for (std::size_t i = 0; i + 1 < columns; ++i) {
            row[i].resize(widths[i] + 2, ' ');
            std::cout << row[i];
        }
        std::cout << row.back() << "\n";
    }
}

int list(const Catalogue& catalogue) {
    if (catalogue.algorithms().empty())
        std::cerr << "E! there is no algorithm at all; " << text::escaped(catalogue.looked_in()) << "\n";
    else
        print_list(catalogue);
    for (const auto& problem : catalogue.problems()) std::cerr << "E! " << text::escaped(problem) << "\n";
    return success;
}

// ---- One algorithm ----------------------------------------------------------------------------------------

void print_param(const config::KeyInfo& key) {
    std::cout << "  " << key.name;
    for (const auto& alias : key.aliases)
        std::cout << (&alias == &key.aliases.front() ? " (also " : ", ") << alias;
    std::cout << (key.aliases.empty() ? "" : ")") << "\n      " << key.expected << "; ";
    if (key.required)
        std::cout << "required";
    else if (key.initial.is_null())
        std::cout << "chosen by the algorithm";
    else
        std::cout << "default " << config::to_text(key.initial);
    std::cout << "\n      " << key.doc << "\n";
}

void print_diagnostics(const Algorithm& algorithm) {
    if (!algorithm.diagnostics.table) return;
    std::cout << "\nDiagnostics of a series:\n";
    for (const fcd_diagnostic* row : algorithm.diagnostics.rows)
        std::cout << "  " << row->name << "\n      " << config::diagnostic_in_words(*row) << "\n      "
                  << row->doc << "\n";
}

// What a series costs with the defaults, as far as that can be known.
std::string memory_of(const Algorithm& algorithm) {
    for (const fcd_param* param : algorithm.params)
        if ((param->flags & FCD_REQUIRED) != 0) return "depends on its required parameters";
    std::vector<fcd_value> values;
    std::string error;
    if (!config::ModelChoice{&algorithm, config::default_params(algorithm)}.resolve(grid_of_example_ns,
                                                                                    values, error))
        return "unknown, since its default parameters are refused: " + error;
    const auto model = plugin::Model::make(algorithm, values, {grid_of_example_ns, FCD_GRID_TRIAL});
    if (!model) return "unknown, since its default parameters are refused: " + model.error().text;
    return std::to_string((*model)->series_size()) +
           " bytes a series, with default parameters and an interval of " +
           config::format_duration(grid_of_example_ns);
}

int describe(const Catalogue& catalogue, const std::string& id) {
    const Algorithm* const algorithm = catalogue.find(id);
    if (!algorithm) {
        std::cerr << "E! " << text::escaped(catalogue.missing(id)) << "\n";
        return failure;
    }
    std::cout << algorithm->id() << " " << algorithm->table->version << ": " << algorithm->table->summary
              << "\n"
              << "  abilities  " << abilities_of(*algorithm) << "\n"
              << "  memory     " << memory_of(*algorithm) << "\n"
              << "  file       " << algorithm->file.native() << "\n"
              << (algorithm->params.empty() ? "\nNo parameters.\n" : "\nParameters:\n");
    for (const auto& key : config::params_section(*algorithm).info.keys) print_param(key);
    print_diagnostics(*algorithm);
    return success;
}

int run(const options::variables_map& values) {
    std::vector<std::filesystem::path> directories;
    if (values.count("plugin-dir"))
        for (const auto& directory : values["plugin-dir"].as<std::vector<std::string>>())
            directories.emplace_back(directory);
    Catalogue catalogue;
    catalogue.load(plugin::search_path(directories));
    return values.count("ID") ? describe(catalogue, values["ID"].as<std::string>()) : list(catalogue);
}

}  // namespace

Command plugins_command() {
    return {"plugins",
            "the algorithms; one of them with its parameters",
            "Lists the algorithms of every plugin that was found: on stdout those that can be used, on "
            "stderr why a\n"
            "file or an algorithm was refused. With an ID, prints that algorithm with its parameters, their "
            "ranges and\n"
            "their defaults, and what it can tell of a series. Exits 1 if there is no such algorithm.\n\n"
            "Plugins are looked for in --plugin-dir, then in the directories of the environment variable\n"
            "FORECASTD_PLUGIN_PATH (':' between them), then in ../lib/forecastd/plugins beside the program.",
            {{"ID", "an algorithm, as in the first column of the list", false}},
            [](options::options_description_easy_init& add) {
                add("plugin-dir", options::value<std::vector<std::string>>()->value_name("DIR")->composing(),
                    "look for plugins here first; may be repeated");
            },
            run};
}

}  // namespace forecastd::commands
