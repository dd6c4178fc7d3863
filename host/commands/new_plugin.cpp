// forecastd new-plugin: the project of a new plugin.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/program_file.hpp"
#include "commands/command.hpp"
#include "scaffold/project.hpp"
#include "text/escaped.hpp"
#include "version.hpp"

namespace forecastd::commands {
namespace {

namespace fs = std::filesystem;
using scaffold::Language;

int report(const std::string& sentence, int code) {
    std::cerr << "E! forecastd new-plugin: " << text::escaped(sentence) << "\n";
    return code;
}

constexpr std::pair<const char*, Language> languages[] = {
    {"c++", Language::cpp}, {"c", Language::c}, {"rust", Language::rust}};

// Where an installation has the crate forecastd-plugin.
fs::path installed_crate() {
    const fs::path program = program_file();
    return program.empty() ? program : (program.parent_path() / rust_crate_path).lexically_normal();
}

// Empty, or why a folder cannot be made and filled.
std::string write(const fs::path& folder, const std::vector<scaffold::File>& files) {
    std::error_code error;
    if (fs::exists(folder, error) && !(fs::is_directory(folder, error) && fs::is_empty(folder, error)))
        return "'" + folder.string() +
               "' is there already and is no empty folder; give another one by --into, or remove it";
    for (const scaffold::File& file : files) {
        const fs::path path = folder / file.path;
        fs::create_directories(path.parent_path(), error);
        if (error)
            return "the folder '" + path.parent_path().string() + "' cannot be made: " + error.message();
        std::ofstream out(path, std::ios::binary);
        out << file.text;
        out.close();
        if (!out) return "'" + path.string() + "' cannot be written: " + std::strerror(errno);
        if (file.is_script)
            fs::permissions(path, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                            fs::perm_options::add, error);
    }
    return {};
}

int run(const options::variables_map& values) {
    const std::string name = values["NAME"].as<std::string>();
    auto project = scaffold::named(name);
    if (!project) return report("NAME: " + project.error().text, usage);
    project->detects = values.count("detector") > 0;

    const std::string wanted = values["language"].as<std::string>();
    const auto* const language = std::find_if(std::begin(languages), std::end(languages),
                                              [&](const auto& one) { return wanted == one.first; });
    if (language == std::end(languages))
        return report("--language: there is no '" + wanted + "', expected c++, c or rust", usage);
    project->language = language->second;

    if (project->language == Language::rust) {
        const fs::path crate = values.count("rust-crate")
                                   ? fs::absolute(values["rust-crate"].as<std::string>()).lexically_normal()
                                   : installed_crate();
        std::error_code error;
        if (!fs::exists(crate / "Cargo.toml", error))
            return report("'" + crate.string() +
                              "' is not the crate forecastd-plugin; install forecastd with its SDK, or give "
                              "the crate's folder (sdk/rust/forecastd-plugin) by --rust-crate",
                          failure);
        project->rust_crate = crate.string();
    }

    const fs::path folder = values.count("into") ? values["into"].as<std::string>() : name;
    const auto files = scaffold::files(*project);
    if (const std::string fault = write(folder, files); !fault.empty()) return report(fault, failure);

    std::cout << "made " << text::escaped(folder.string()) << ", a "
              << (project->detects ? "detector" : "forecaster") << " with the id " << project->id << ":\n";
    for (const scaffold::File& file : files) std::cout << "  " << file.path << "\n";
    std::cout << "Build, test and verify it:\n  cd " << text::escaped(folder.string()) << "\n  ./ci.sh\n";
    return success;
}

}  // namespace

Command new_plugin_command() {
    return {
        "new-plugin",
        "the project of a new plugin",
        "Makes a folder with a plugin that works: a forecaster, or a detector. It has a unit test without "
        "the "
        "host,\n"
        "a test of known answers in the host, a script that builds, tests and verifies it, a CI file, and "
        "packages.\n"
        "It needs the SDK, which is installed with forecastd, CMake and a compiler; in Rust, cargo alone.\n"
        "Returns 0; 1 if the folder is there already or cannot be written; 2 if an option is wrong.",
        {{"NAME",
          "the id of the algorithm, with a prefix of your own, such as acme.spikes; a name without one gets "
          "the prefix my.",
          true}},
        [](options::options_description_easy_init& add) {
            add("detector", "a detector, which judges points; else a forecaster");
            add("language", options::value<std::string>()->default_value("c++")->value_name("NAME"),
                "c++, c or rust");
            add("into", options::value<std::string>()->value_name("DIR"),
                "the folder to make; else NAME, in the current one");
            add("rust-crate", options::value<std::string>()->value_name("DIR"),
                "the folder of the crate forecastd-plugin; else the installed one");
        },
        run};
}

}  // namespace forecastd::commands
