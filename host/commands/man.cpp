// forecastd man: manual pages, from the tables of the commands.
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>

#include "commands/arguments.hpp"
#include "commands/command.hpp"
#include "commands/help.hpp"
#include "text/escaped.hpp"
#include "version.hpp"

namespace forecastd::commands {
namespace {

// For troff: no line begins a request, and dashes and backslashes are themselves.
std::string roff(std::string_view text) {
    std::string result;
    bool begins = true;
    for (const char c : text) {
        if (begins && (c == '.' || c == '\'')) result += "\\&";
        if (c == '\\')
            result += "\\e";
        else if (c == '-')
            result += "\\-";
        else
            result += c;
        begins = c == '\n';
    }
    return result;
}

std::string upper(std::string text) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

void print_title(std::ostream& out, const std::string& page, const char* summary) {
    out << ".TH " << upper(page) << " 1 \"\" \"forecastd " << version << "\" \"forecastd\"\n.SH NAME\n"
        << roff(page) << " \\- " << roff(summary) << "\n";
}

// Lines stay as they are: some are tables.
void print_text(std::ostream& out, std::string_view text) { out << ".nf\n" << roff(text) << "\n.fi\n"; }

void print_page(std::ostream& out, const Command& command) {
    print_title(out, std::string("forecastd-") + command.name, command.summary);
    out << ".SH SYNOPSIS\n.B forecastd " << command.name << "\n";
    for (const Positional& one : command.positionals) {
        const std::string name = one.name + std::string(one.repeated ? "..." : "");
        out << ".I " << roff(one.required ? name : "[" + name + "]") << "\n";
    }
    out << "[options]\n.SH DESCRIPTION\n";
    print_text(out, command.description);
    if (!command.positionals.empty()) out << ".SH ARGUMENTS\n";
    for (const Positional& one : command.positionals)
        out << ".TP\n.I " << one.name << "\n" << roff(one.doc) << "\n";
    out << ".SH OPTIONS\n";
    for (const Option& option : options_of(command)) {
        out << ".TP\n.B \\-\\-" << roff(option.name);
        if (!option.value.empty()) out << " \\fI" << roff(option.value) << "\\fR";
        out << "\n" << roff(option.doc);
        if (!option.initial.empty()) out << "; " << roff(option.initial) << " unless it is given";
        out << "\n";
    }
    out << ".SH SEE ALSO\n.BR forecastd (1)\n";
}

void print_overview_page(std::ostream& out) {
    print_title(out, "forecastd", "forecasts and anomalies for metrics, as a child of Telegraf");
    out << ".SH SYNOPSIS\n.B forecastd\n.I COMMAND\n[arguments]\n.SH COMMANDS\n";
    for (const Command& command : all())
        out << ".TP\n.BR forecastd\\-" << roff(command.name) << " (1)\n" << roff(command.summary) << "\n";
    out << ".SH ENVIRONMENT\n"
           ".TP\n.B FORECASTD_PLUGIN_PATH\nwhere plugins are looked for, with ':' between directories, "
           "before "
           "the installed ones\n"
           ".TP\n.B FORECASTD_DEBUG\nfor authors of plugins: see\n.BR forecastd\\-run (1)\n";
}

bool write_pages(const std::filesystem::path& folder) {
    const auto write = [&](const std::string& page, const std::string& text) {
        std::ofstream out(folder / (page + ".1"), std::ios::binary);
        out << text;
        out.close();
        if (!out)
            std::cerr << "E! forecastd man: '" << text::escaped((folder / (page + ".1")).string())
                      << "' cannot be written; name a folder that is there\n";
        return static_cast<bool>(out);
    };
    std::ostringstream overview;
    print_overview_page(overview);
    if (!write("forecastd", overview.str())) return false;
    for (const Command& command : all()) {
        std::ostringstream page;
        print_page(page, command);
        if (!write(std::string("forecastd-") + command.name, page.str())) return false;
    }
    return true;
}

int run(const options::variables_map& values) {
    if (values.count("into")) return write_pages(values["into"].as<std::string>()) ? success : failure;
    if (!values.count("COMMAND")) {
        print_overview_page(std::cout);
        return success;
    }
    const std::string name = values["COMMAND"].as<std::string>();
    const Command* const command = find(name);
    if (!command) return unknown_command("forecastd man", name);
    print_page(std::cout, *command);
    return success;
}

}  // namespace

Command man_command() {
    return {
        "man",
        "manual pages",
        "Prints the manual page of a command, or of forecastd as a whole, for man(1): 'forecastd man run | "
        "man -l -'.\n"
        "An installation has all of them. Returns 0; 1 if a page cannot be written; 2 if there is no such "
        "command.",
        {{"COMMAND", "the command, such as run; else the page of forecastd itself", false}},
        [](options::options_description_easy_init& add) {
            add("into", options::value<std::string>()->value_name("DIR"),
                "write every page there, as forecastd.1, forecastd-run.1, ...");
        },
        run};
}

}  // namespace forecastd::commands
