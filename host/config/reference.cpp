#include "config/reference.hpp"

#include "config/json.hpp"
#include "config/keys.hpp"
#include "config/params.hpp"
#include "config/schema_variables.hpp"
#include "config/section.hpp"

namespace forecastd::config {
namespace {

constexpr const char* introduction =
    R"(# The config

The config is JSON, with comments (`// ...` and `/* ... */`) and commas behind the last item, if wanted: one file, a file
that includes others, or a directory, whose files `*.json` and `*.jsonc` are read in the order of their names. `forecastd
check CONFIG` says whether it is valid and what would run. `forecastd schema` prints its JSON schema, which
editors use to complete and check it while it is written.

This page is made by `forecastd schema --markdown`.

**Durations** are numbers with units, as in Telegraf: `"10s"`, `"1h30m"`, `"1.5s"`. The units are `ns`,
`us`, `ms`, `s`, `m` (or `min`), `h`, `d` (24 hours) and `w` (7 days).

**Sizes** are numbers of bytes, `65536`, or strings with a unit: `KB`, `MB`, `GB` and `TB` count in
thousands, `KiB`, `MiB`, `GiB` and `TiB` in steps of 1024.

**Steps** are a number of intervals of the series, `24`, or a duration that the interval divides, `"1d"`.

**Globs** are Telegraf's: `*` is any run of characters, `?` is one, `[abc]`, `[a-z]` and `[!abc]` are one
of a set, `{a,b}` is either, and `\` takes the next character as it is. They match the whole name.

**Variables** of the environment may stand in every string: `"${HOST}"`, or `"${HOST:-db1}"` with what holds if it is not
set or empty. `$${` stands for the characters `${`. A string that is a variable and nothing else may stand for a number, or
for `true` or `false`: `"max_series": "${SERIES:-1000}"`.

What is wrong never takes along what is right: `forecastd run` reports each problem, leaves a pipeline
with a problem out, keeps the default for any other bad value, and passes all data on.
)";

// A cell of a table: '|' would end it, and '<' would be HTML.
std::string cell(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == '|') result += '\\';
        if (c == '<')
            result += "&lt;";
        else
            result += c == '\n' ? ' ' : c;
    }
    return result;
}

std::string code(const std::string& text) { return "`" + cell(text) + "`"; }

std::string default_cell(const KeyInfo& key) {
    if (key.required) return "required";
    return key.initial.is_null() ? "" : code(to_text(key.initial));
}

std::string table(const SectionInfo& info) {
    if (info.keys.empty()) return "It has no parameters.\n";
    std::string page = "| Key | Value | Default | Meaning |\n|---|---|---|---|\n";
    for (const auto& key : info.keys) {
        std::string names = code(key.name);
        for (const auto& alias : key.aliases) names += ", " + code(alias);
        page += "| " + names + " | " + cell(key.expected) + " | " + default_cell(key) + " | " +
                cell(key.doc) + " |\n";
    }
    return page;
}

std::string diagnostics_list(const plugin::Algorithm& algorithm) {
    if (!algorithm.diagnostics.table) return "";
    std::string page = "\nIt reports of each series, if `diagnostics_every` is set:\n\n";
    for (const fcd_diagnostic* row : algorithm.diagnostics.rows)
        page += "- " + code(row->name) + ", " + diagnostic_in_words(*row) + ": " + row->doc + "\n";
    return page;
}

}  // namespace

std::string json_schema(const plugin::Catalogue& catalogue) {
    Value sections = schema_of(config_section(catalogue).info);
    // Of several files, one may have none of what the whole must have.
    std::erase_if(std::get<Value::Object>(sections.data),
                  [](const Member& member) { return member.name == "required"; });
    allow_variables(sections);
    Value::Object schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
                         {"title", "A config of forecastd, or one of its files"},
                         {"definitions", variable_definition()}};
    schema.insert(schema.end(), sections.object()->begin(), sections.object()->end());
    return to_document(std::move(schema));
}

std::string reference_page(const plugin::Catalogue& catalogue) {
    std::string page = introduction;
    for (const auto& section : all_sections(catalogue)) {
        page += "\n## " + (section.path.empty() ? "The top" : code(section.path)) + "\n\n";
        page += section.doc + "\n\n" + table(section);
    }
    page += "\n## The parameters of the plugins\n";
    for (const auto& algorithm : catalogue.algorithms()) {
        const SectionInfo info = params_section(algorithm).info;
        page += "\n### " + code(info.path) + "\n\n" + info.doc + "\n\n" + table(info) +
                diagnostics_list(algorithm);
    }
    return page;
}

}  // namespace forecastd::config
