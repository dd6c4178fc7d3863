// forecastd simulate: made-up telemetry, with a file that tells what is wrong in it.
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <iostream>
#include <limits>
#include <memory>
#include <string_view>

#include "commands/command.hpp"
#include "config/units.hpp"
#include "simulation/beer.hpp"
#include "simulation/fleet.hpp"
#include "text/escaped.hpp"

namespace forecastd::commands {
namespace {

using simulation::Beer;
using simulation::Fleet;
using simulation::Order;

constexpr std::size_t buffer_size = std::size_t{1} << 20;
constexpr std::int64_t longest_interval_ns = 24 * 3'600'000'000'000;
constexpr std::uint64_t most_walks = 20'000'000;
constexpr std::int64_t default_start_ns = 1'700'000'000'000'000'000;

// A mistake in the command line; the text follows "E! forecastd simulate: ".
struct UsageError {
    std::string text;
};

const std::string& scenario_name(const options::variables_map& values) {
    return values["scenario"].as<std::string>();
}

// An option that must lie in a range.
std::int64_t whole_number(const options::variables_map& values, const char* name, std::int64_t default_value,
                          std::int64_t least, std::int64_t greatest) {
    if (!values.count(name)) return default_value;
    const auto value = values[name].as<std::int64_t>();
    if (value < least || value > greatest)
        throw UsageError{std::string("--") + name + " is " + std::to_string(value) +
                         ", expected a whole number from " + std::to_string(least) + " to " +
                         std::to_string(greatest)};
    return value;
}

std::int64_t interval_ns(const options::variables_map& values, std::int64_t default_value) {
    if (!values.count("interval")) return default_value;
    const auto& text = values["interval"].as<std::string>();
    std::int64_t ns = 0;
    std::string error;
    if (!config::parse_duration(text, ns, error)) throw UsageError{"--interval '" + text + "': " + error};
    if (ns < 1 || ns > longest_interval_ns)
        throw UsageError{"--interval is " + text + ", expected a duration from 1ns to 24h"};
    return ns;
}

// What both kinds of options have in common.
template <class ScenarioOptions>
void read_times_and_seed(const options::variables_map& values, std::int64_t least_points,
                         ScenarioOptions& result) {
    constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
    result.points = whole_number(values, "points", result.points, least_points, greatest);
    result.interval_ns = interval_ns(values, result.interval_ns);
    result.start_ns = whole_number(values, "start", default_start_ns, least, greatest);
    result.seed = static_cast<std::uint64_t>(whole_number(values, "seed", 1, 0, greatest));

    std::int64_t span_ns = 0;
    std::int64_t last_ns = 0;
    if (__builtin_mul_overflow(result.points - 1, result.interval_ns, &span_ns) ||
        __builtin_add_overflow(result.start_ns, span_ns, &last_ns))
        throw UsageError{
            std::to_string(result.points) + " points every " + config::format_duration(result.interval_ns) +
            " from " + std::to_string(result.start_ns) +
            " on run past the last time that 64 bits of nanoseconds hold; take fewer --points, a shorter"
            " --interval or an earlier --start"};
}

void reject_foreign(const options::variables_map& values, std::initializer_list<const char*> foreign,
                    const char* owner) {
    for (const char* name : foreign)
        if (values.count(name))
            throw UsageError{std::string("--") + name + " goes with --scenario " + owner +
                             "; the scenario here is " + scenario_name(values)};
}

std::unique_ptr<simulation::Scenario> make_beer(const options::variables_map& values) {
    reject_foreign(values, {"series", "fields", "order"}, "fleet");
    simulation::BeerOptions result;
    result.anomalies = !values.count("no-anomalies");
    if (!result.anomalies && values.count("labels"))
        throw UsageError{"--labels tells of the anomalies that --no-anomalies leaves out; give one of them"};
    read_times_and_seed(values, 1, result);
    if (result.anomalies && result.points < Beer::least_points)
        throw UsageError{"--points is " + std::to_string(result.points) +
                         ", which has no room for the anomalies; take " + std::to_string(Beer::least_points) +
                         " or more, or --no-anomalies"};
    return std::make_unique<Beer>(result);
}

std::unique_ptr<simulation::Scenario> make_fleet(const options::variables_map& values) {
    reject_foreign(values, {"labels", "no-anomalies"}, "beer");
    simulation::FleetOptions result;
    read_times_and_seed(values, 1, result);
    result.series = static_cast<std::uint32_t>(whole_number(values, "series", result.series, 1, 10'000'000));
    result.fields = static_cast<std::uint32_t>(whole_number(values, "fields", result.fields, 1, 1'000));
    if (std::uint64_t{result.series} * result.fields > most_walks)
        throw UsageError{"--series times --fields is more than " + std::to_string(most_walks) +
                         ", which would take too much memory; take fewer of either"};
    if (values.count("order")) {
        const auto& order = values["order"].as<std::string>();
        if (order != "round-robin" && order != "shuffled")
            throw UsageError{"--order is '" + order + "', expected 'round-robin' or 'shuffled'"};
        if (order == "shuffled") result.order = Order::shuffled;
    }
    return std::make_unique<Fleet>(result);
}

std::unique_ptr<simulation::Scenario> make_scenario(const options::variables_map& values) {
    if (scenario_name(values) == "beer") return make_beer(values);
    if (scenario_name(values) == "fleet") return make_fleet(values);
    throw UsageError{"--scenario is '" + scenario_name(values) + "', expected 'beer' or 'fleet'"};
}

int fail(const std::string& text) {
    std::cerr << "E! forecastd simulate: " << text::escaped(text) << "\n";
    return failure;
}

bool write_labels(const std::string& file, const simulation::Scenario& scenario) {
    std::ofstream stream(file, std::ios::binary);
    stream << simulation::to_csv(scenario.labels());
    stream.close();
    return !stream.fail();
}

bool write_all(std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(STDOUT_FILENO, text.data(), text.size());
        if (count < 0 && errno != EINTR) return false;
        if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool write_points(simulation::Scenario& scenario) {
    std::string buffer;
    buffer.reserve(buffer_size + buffer_size / 16);
    for (bool more = true; more;) {
        while (buffer.size() < buffer_size && (more = scenario.append(buffer))) continue;
        if (!write_all(buffer)) return false;
        buffer.clear();
    }
    return true;
}

int simulate(const options::variables_map& values) {
    std::unique_ptr<simulation::Scenario> scenario;
    try {
        scenario = make_scenario(values);
    } catch (const UsageError& error) {
        fail(error.text + "; 'forecastd simulate --help' tells more");
        return usage;
    }

    if (values.count("labels")) {
        const auto& file = values["labels"].as<std::string>();
        if (!write_labels(file, *scenario))
            return fail("the labels cannot be written to '" + file + "': " + std::strerror(errno) +
                        "; no points were written");
    }

    std::signal(SIGPIPE, SIG_IGN);  // so that a reader that has seen enough, such as head, is no failure
    if (write_points(*scenario) || errno == EPIPE) return success;
    return fail(std::string("standard output cannot be written: ") + std::strerror(errno) +
                "; the points after what was written are lost");
}

}  // namespace

Command simulate_command() {
    return {
        "simulate",
        "made-up telemetry with labelled anomalies, for trying and testing",
        "Writes made-up line protocol to standard output: the same bytes for the same options, everywhere.\n"
        "\n"
        "  beer   the temperature of a fermenting beer, every second for some 6 hours, with six spikes, a "
        "level\n"
        "         shift, a drop-out (points that are missing) and a stuck stretch; --labels FILE tells "
        "where\n"
        "  fleet  the processor usage of many hosts, every 10 seconds, without anomalies, for load\n"
        "\n"
        "Returns 0, also when the reader of the output closes it early; 1 if something cannot be written; 2 "
        "if\n"
        "an option is wrong.",
        {},
        [](auto& add) {
            add("scenario", options::value<std::string>()->default_value("beer")->value_name("NAME"),
                "beer or fleet");
            add("points", options::value<std::int64_t>()->value_name("N"),
                "points of each series, those that a drop-out takes away included; 20000 (beer), 1000 "
                "(fleet)");
            add("interval", options::value<std::string>()->value_name("DURATION"),
                "time between the points of a series; 1s (beer), 10s (fleet)");
            add("start", options::value<std::int64_t>()->value_name("NS"),
                "time of the first point, in nanoseconds since 1970; 1700000000000000000");
            add("seed", options::value<std::int64_t>()->value_name("N"), "another seed, other data; 1");
            add("labels", options::value<std::string>()->value_name("FILE"),
                "beer: write the anomalies there, as CSV: "
                "series,kind,first_time_ns,last_time_ns,size,description");
            add("no-anomalies", "beer: the same data with nothing wrong in it");
            add("series", options::value<std::int64_t>()->value_name("N"), "fleet: how many; 1000");
            add("fields", options::value<std::int64_t>()->value_name("N"), "fleet: of each point; 1");
            add("order", options::value<std::string>()->value_name("ORDER"),
                "fleet: round-robin, or shuffled anew at every time");
        },
        simulate};
}

}  // namespace forecastd::commands
