// forecastd history: how to get the recorded points of a config's series out of an InfluxDB.
//
// It prints text and asks no database itself: Telegraf does, by the config that it prints.
#include <iostream>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "commands/command.hpp"
#include "commands/plugin_session.hpp"
#include "commands/toml.hpp"
#include "config/glob.hpp"
#include "config/units.hpp"
#include "text/escaped.hpp"

namespace forecastd::commands {
namespace {

// Names that are asked for: all, or those that match one of the patterns.
struct Asked {
    bool all = false;
    std::set<std::string> patterns;

    void add(const std::optional<config::GlobList>& globs) {
        if (!globs)
            all = true;
        else
            patterns.insert(globs->patterns().begin(), globs->patterns().end());
    }
    // "^(cpu|disk.*)$"
    [[nodiscard]] std::string regex() const {
        if (all || patterns.empty()) return ".*";
        std::string either;
        for (const std::string& pattern : patterns)
            either += (either.empty() ? "" : "|") + config::glob_regex(pattern);
        return "^(" + either + ")$";
    }
};

struct Request {
    Asked measurements, fields;
    std::string url, database, file;
    std::string since;  // "1209600s"

    [[nodiscard]] std::string influxql() const {
        const std::string wanted = fields.all ? "*" : "/" + fields.regex() + "/";
        return "SELECT " + wanted + " FROM /" + measurements.regex() + "/ WHERE time >= now() - " + since +
               " GROUP BY *";
    }
    [[nodiscard]] std::string flux() const {
        std::string query = "from(bucket: \"" + database + "\")\n  |> range(start: -" + since + ")\n";
        if (!measurements.all)
            query += "  |> filter(fn: (r) => r._measurement =~ /" + measurements.regex() + "/)\n";
        if (!fields.all) query += "  |> filter(fn: (r) => r._field =~ /" + fields.regex() + "/)\n";
        return query + "  |> sort(columns: [\"_time\"])";
    }
    // A measurement is a table there, and a query is about one: a pattern stands for the tables that match it.
    [[nodiscard]] std::string sql() const {
        std::string queries;
        const std::set<std::string> tables =
            measurements.all ? std::set<std::string>{"MEASUREMENT"} : measurements.patterns;
        for (const std::string& table : tables) {
            if (table.find_first_of("*?[{\\") != std::string::npos)
                queries += (queries.empty() ? "" : "\n") +
                           std::string("-- for each table that matches the pattern, with its name:");
            queries += (queries.empty() ? "" : "\n") + std::string("SELECT * FROM \"") + table +
                       "\" WHERE time >= now() - INTERVAL '" + since.substr(0, since.size() - 1) +
                       " seconds' ORDER BY time";
        }
        return queries;
    }
};

std::string percent_encoded(const std::string& text) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (plain.find(c) != std::string_view::npos) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += digits[byte >> 4u];
        encoded += digits[byte & 15u];
    }
    return encoded;
}

// Takes the answer of InfluxDB's /query apart.
constexpr const char* script = R"(
load("json.star", "json")
load("logging.star", "log")

def apply(metric):
    points = []
    for result in json.decode(metric.fields["value"])["results"]:
        if "error" in result:
            log.error(result["error"])
        for series in result.get("series", []):
            columns = series["columns"]
            tags = {tag: value for tag, value in series.get("tags", {}).items() if value != ""}
            for row in series["values"]:
                point = Metric(series["name"])
                for tag, value in tags.items():
                    point.tags[tag] = value
                point.time = row[0]
                for i in range(1, len(row)):
                    if row[i] != None:
                        point.fields[columns[i]] = row[i]
                points.append(point)
    return points
)";

void print_telegraf(std::ostream& out, const Request& request) {
    const std::string address = request.url + "/query?db=" + percent_encoded(request.database) +
                                "&epoch=ns&q=" + percent_encoded(request.influxql());
    out << "## Made by 'forecastd history'. 'telegraf --once --config THIS_FILE' asks the InfluxDB for what "
           "it "
           "has recorded,\n"
           "## and writes it to "
        << request.file
        << ", for 'forecastd run CONFIG --history'. InfluxDB 1 answers at this address, and\n"
           "## so do 2 and 3, with a token. All points stand in Telegraf's memory for a while.\n"
           "[agent]\n"
           "  omit_hostname = true\n"
           "  precision = \"1ns\"\n"
           "  metric_batch_size = 100000\n"
           "  metric_buffer_limit = 1000000000\n"
           "\n"
           "[[inputs.http]]\n"
           "  ## "
        << request.influxql() << "\n  urls = " << toml::quoted(std::vector<std::string>{address})
        << "\n"
           "  # username = \"\"\n"
           "  # password = \"\"\n"
           "  # headers = {\"Authorization\" = \"Token ...\"}\n"
           "  timeout = \"10m\"\n"
           "  name_override = \"influxdb_answer\"\n"
           "  data_format = \"value\"\n"
           "  data_type = \"string\"\n"
           "\n"
           "[[processors.starlark]]\n"
           "  namepass = [\"influxdb_answer\"]\n"
           "  source = '''"
        << script
        << "'''\n"
           "\n"
           "[[outputs.file]]\n"
           "  files = "
        << toml::quoted(std::vector<std::string>{request.file}) << "\n  data_format = \"influx\"\n";
}

int print_history(const std::string& file, Request request, const std::string& query,
                  PluginSession& session) {
    plugin::Catalogue catalogue;
    const auto read = read_config(file, session, catalogue);
    if (!read) return failure;
    const config::Config& config = *read;
    for (const config::Pipeline& pipeline : config.pipelines) {
        request.measurements.add(pipeline.selection.namepass);
        request.fields.add(pipeline.selection.fieldpass);
    }
    if (query.empty())
        print_telegraf(std::cout, request);
    else if (query == "influxql")
        std::cout << request.influxql() << "\n";
    else
        std::cout << (query == "flux" ? request.flux() : request.sql()) << "\n";
    return success;
}

void report(const std::string& sentence) {
    std::cerr << "E! forecastd history: " << text::escaped(sentence) << "\n";
}

int run(const options::variables_map& values) {
    const auto text_of = [&](const char* name) { return values[name].as<std::string>(); };
    const std::string query = values.count("query") ? text_of("query") : "";
    if (!query.empty() && query != "influxql" && query != "flux" && query != "sql") {
        report("--query is '" + query + "', expected 'influxql', 'flux' or 'sql'");
        return usage;
    }
    const auto since_ns = config::parse_duration(text_of("since"));
    if (!since_ns || *since_ns < 1'000'000'000) {
        report("--since: " +
               (since_ns ? "found '" + text_of("since") + "', expected at least 1s" : since_ns.error().text));
        return usage;
    }
    Request request;
    request.url = text_of("url");
    request.database = text_of("database");
    request.file = text_of("output");
    request.since = std::to_string(*since_ns / 1'000'000'000) + "s";
    PluginSession session;
    return session.end(print_history(text_of("CONFIG"), std::move(request), query, session));
}

}  // namespace

Command history_command() {
    return {
        "history",
        "how to get recorded points out of an InfluxDB",
        "Prints a config of Telegraf that fetches the recorded points of the measurements and fields that "
        "CONFIG watches\n"
        "from an InfluxDB, and writes them as line protocol, for 'forecastd run CONFIG --history FILE'. With "
        "--query,\n"
        "prints the query alone, for another tool. It asks no database itself. Returns 0; 1 if the config "
        "has "
        "a problem; 2\n"
        "if an option is wrong.",
        {{"CONFIG", "the config file, or a directory of them", true}},
        [](options::options_description_easy_init& add) {
            const auto text = [](const char* usual, const char* name) {
                return options::value<std::string>()->default_value(usual)->value_name(name);
            };
            add("url", text("http://localhost:8086", "URL"), "where the InfluxDB is");
            add("database", text("telegraf", "NAME"), "its database, or bucket");
            add("since", text("14d", "TIME"), "how far back; at least twice the longest season");
            add("output", text("history.lp", "FILE"), "the file that Telegraf writes");
            add("query", options::value<std::string>()->value_name("LANGUAGE"),
                "print only the query: influxql, flux (InfluxDB 2) or sql (InfluxDB 3)");
        },
        run};
}

}  // namespace forecastd::commands
