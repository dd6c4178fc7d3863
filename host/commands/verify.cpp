// forecastd verify: whether a plugin keeps the contract.
#include "verify/verifying.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "commands/command.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/file.hpp"
#include "plugin/library.hpp"
#include "plugin/trial.hpp"
#include "text/escaped.hpp"

namespace forecastd::commands {
namespace {

using Json = nlohmann::ordered_json;
using verify::Outcome;

void report(const std::string& sentence) {
    std::cerr << "E! forecastd verify: " << text::escaped(sentence) << "\n";
}

// Opens a plugin file with all the care that the host takes. False: it cannot be used, which was reported.
bool load(const std::string& path, plugin::Catalogue& catalogue) {
    const auto absolute = std::filesystem::absolute(path).lexically_normal();
    const auto file = plugin::open_trusted(absolute, false);
    if (!file) {
        report("'" + path + "' " + file.error().text);
        return false;
    }
    const auto findings = plugin::try_in_child({&*file, 1}, std::chrono::seconds(10));
    const std::string named = "'" + path + "': ";
    for (const std::string& fault : findings.front().faults) report(named + fault);
    if (!findings.front().faults.empty()) return false;
    const auto library = plugin::open_library(*file);
    if (!library) {
        report("'" + path + "' " + library.error().text);
        return false;
    }
    catalogue.add(*library, absolute);
    return !catalogue.algorithms().empty();
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
    const verify::Costs costs =
        passes && options.only.empty() ? verify::costs(algorithm, options) : verify::Costs{};
    if (as_json) {
        Json line{{"algorithm", algorithm.id()},
                  {"version", algorithm.table->version},
                  {"seed", options.seed},
                  {"passes", passes},
                  {"checks", checks}};
        if (costs.are_known)
            line["costs"] = {{"ns_a_point", costs.ns_a_point},
                             {"ns_a_forecast", costs.ns_a_forecast},
                             {"bytes_a_series", costs.bytes_a_series}};
        std::cout << line.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
        return passes;
    }
    std::cout << "  " << made - failed << " of " << made << " checks passed\n";
    if (costs.are_known) {
        char text[160];
        std::snprintf(
            text, sizeof text, "  %.0f ns a point, %.0f ns a forecast of 10 steps, %llu bytes a series\n",
            costs.ns_a_point, costs.ns_a_forecast, static_cast<unsigned long long>(costs.bytes_a_series));
        std::cout << text;
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
    if (!load(values["FILE"].as<std::string>(), catalogue)) return failure;
    const std::string id = values.count("ID") ? values["ID"].as<std::string>() : "";
    if (!id.empty() && !catalogue.find(id)) {
        report(catalogue.missing(id));
        return failure;
    }
    bool passes = true;
    for (const plugin::Algorithm& algorithm : catalogue.algorithms())
        if (id.empty() || algorithm.id() == id)
            passes = verify_one(algorithm, options, values.count("json") > 0) && passes;
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
        "is a result like others. Prints a line for each check, and what the plugin costs. Returns 0 if "
        "nothing fails,\n"
        "else 1; 2 if an option is wrong.",
        {{"FILE", "a plugin, such as build/spikes.so", true}, {"ID", "one of its algorithms", false}},
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
