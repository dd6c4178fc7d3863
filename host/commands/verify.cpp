// forecastd verify: whether a plugin keeps the contract.
#include "verify/verifying.hpp"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "commands/command.hpp"
#include "commands/costs_json.hpp"
#include "commands/plugin_file.hpp"
#include "plugin/catalogue.hpp"
#include "text/escaped.hpp"
#include "verify/digest.hpp"
#include "verify/growth.hpp"
#include "verify/in_child.hpp"

namespace forecastd::commands {
namespace {

using verify::Outcome;

void report(const std::string& sentence) {
    std::cerr << "E! forecastd verify: " << text::escaped(sentence) << "\n";
}

constexpr const char* words[] = {"pass", "FAIL", "skip"};

void print(const verify::Check& check, const verify::Result& result) {
    std::cout << "  " << words[static_cast<int>(result.outcome)] << "  " << check.name
              << std::string(15 - std::min<std::size_t>(std::string(check.name).size(), 14), ' ')
              << check.what << "\n";
    if (result.outcome != Outcome::pass)
        std::cout << std::string(8, ' ') << (result.outcome == Outcome::fail ? "found: " : "since ")
                  << text::escaped(result.why) << "\n";
    if (result.outcome == Outcome::fail) std::cout << std::string(8, ' ') << "mend:  " << check.mend << "\n";
    std::cout.flush();
}

verify::Setting setting_of(const verify::Rig& rig, const verify::Options& options) {
    verify::Setting setting{rig, rig.defaults()};
    setting.in_process = options.in_process;
    setting.limits = options.limits;
    return setting;
}

void print_costs(const plugin::Algorithm& algorithm, const verify::Options& options) {
    const verify::Rig rig(algorithm, options.seed);
    const verify::Setting setting = setting_of(rig, options);
    const auto costs = verify::costs(setting);
    if (!costs) {
        std::cout << "  what it costs is not known, since " << text::escaped(costs.error().text) << "\n";
        return;
    }
    const bool forecasts = algorithm.forecasts();
    std::cout << "  " << verify::in_words(*costs) << ": a point, "
              << (forecasts ? "a forecast of 10 steps, a series\n" : "a series\n");
    bool is_first = true;
    verify::growth(setting, [&is_first](const verify::Growth& growth) {
        if (is_first) std::cout << "  how they grow with the parameters:\n";
        is_first = false;
        std::cout << "    " << text::escaped(verify::in_words(growth)) << std::endl;
    });
}

void add_costs(Json& line, const plugin::Algorithm& algorithm, const verify::Options& options) {
    const verify::Rig rig(algorithm, options.seed);
    const verify::Setting setting = setting_of(rig, options);
    const auto costs = verify::costs(setting);
    if (!costs) return;
    line["costs"] = as_json(*costs);
    line["costs"]["growth"] = growth_json(setting);
}

// Made in a child process; empty: it is not known.
std::string digest_of(const plugin::Algorithm& algorithm, const verify::Options& options) {
    const verify::Rig rig(algorithm, options.seed);
    const auto make = [&] { return verify::Result{Outcome::pass, verify::digest(rig)}; };
    const verify::Result made =
        options.in_process ? verify::in_process(make) : verify::in_child(make, options.limits);
    return made.outcome == Outcome::pass ? made.why : "";
}

// Whether nothing failed.
bool verify_one(const plugin::Algorithm& algorithm, const verify::Options& options, bool as_json) {
    Json checks = Json::array();
    std::size_t made = 0, failed = 0;
    if (!as_json)
        std::cout << algorithm.id() << " " << algorithm.table->version << ", seed " << options.seed << "\n";
    const bool passes =
        verify::verify(algorithm, options, [&](const verify::Check& check, const verify::Result& result) {
            constexpr const char* outcomes[] = {"pass", "fail", "skip"};
            made += result.outcome != Outcome::skip;
            failed += result.outcome == Outcome::fail;
            if (as_json)
                checks.push_back({{"name", check.name},
                                  {"outcome", outcomes[static_cast<int>(result.outcome)]},
                                  {"why", result.why}});
            else
                print(check, result);
        });
    const bool is_measured = passes && options.only.empty();
    if (as_json) {
        Json line{{"algorithm", algorithm.id()},
                  {"version", algorithm.table->version},
                  {"seed", options.seed},
                  {"passes", passes},
                  {"checks", checks}};
        if (is_measured) {
            line["digest"] = digest_of(algorithm, options);
            add_costs(line, algorithm, options);
        }
        std::cout << to_line(line) << "\n";
        return passes;
    }
    std::cout << "  " << made - failed << " of " << made << " checks passed\n";
    if (is_measured) {
        std::cout << "  digest " << digest_of(algorithm, options)
                  << ": another build with the same one gives the same answers\n";
        print_costs(algorithm, options);
    }
    return passes;
}

// Names of checks that there are none of are reported.
bool are_known(const std::vector<std::string>& names) {
    std::string all;
    std::vector<std::string> known;
    for (const verify::Check& check : verify::all_checks()) {
        known.emplace_back(check.name);
        all.append(all.empty() ? "" : ", ").append(check.name);
    }
    const auto unknown = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
        return std::find(known.begin(), known.end(), name) == known.end();
    });
    if (unknown == names.end()) return true;
    report("--only: there is no check '" + *unknown + "', expected one of " + all);
    return false;
}

int run(const options::variables_map& values) {
    verify::Options options;
    options.seed = values["seed"].as<std::uint64_t>();
    options.in_process = values.count("in-process") > 0;
    options.limits.time = std::chrono::milliseconds(values["deadline"].as<std::uint64_t>() * 1000);
    if (values.count("only")) options.only = values["only"].as<std::vector<std::string>>();
    if (!are_known(options.only)) return usage;
    plugin::Catalogue catalogue;
    const auto algorithms = open_plugin_file(values, catalogue, report);
    if (algorithms.empty()) return failure;
    bool passes = true;
    for (const plugin::Algorithm* const algorithm : algorithms)
        passes = verify_one(*algorithm, options, values.count("json") > 0) && passes;
    return passes ? success : failure;
}

}  // namespace

Command verify_command() {
    return {
        "verify",
        "whether a plugin keeps the contract",
        "Checks the algorithms of a plugin file, or the one with this ID: tables, points, forecasts, saved "
        "states,\n"
        "memory, and what it does to the process. Each check runs in a process of its own, so a crash, a "
        "hang "
        "or an exit\n"
        "is a result like others. Prints a line for each check, and what the plugin costs: ns a point, ns a "
        "forecast of 10\n"
        "steps, and bytes a series, with the default parameters and with each at its least and greatest "
        "value. Returns 0 if\n"
        "nothing fails, else 1; 2 if an option is wrong.",
        plugin_file_positionals(),
        [](options::options_description_easy_init& add) {
            add("only", options::value<std::vector<std::string>>()->value_name("CHECK")->composing(),
                "make this check alone; may be repeated");
            add("seed", options::value<std::uint64_t>()->default_value(1)->value_name("N"),
                "of the random numbers in the series");
            add("deadline", options::value<std::uint64_t>()->default_value(20)->value_name("SECONDS"),
                "how long a check may take");
            add("in-process", "make the checks in this process, for a debugger: a crash ends it");
            add("json", "a line of JSON for each algorithm");
        },
        run};
}

}  // namespace forecastd::commands
