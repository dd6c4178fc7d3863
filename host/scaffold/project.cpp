#include "scaffold/project.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <utility>

#include "scaffold/templates.hpp"
#include "text/replaced.hpp"

namespace forecastd::scaffold {
namespace {

struct About {
    const char* folder;  // its templates have this name, and this name with the kind
    const char* own;
    const char* name;
    const char* cmake;      // CMake's name of it
    const char* extension;  // of sources
    const char* header;     // of headers
    const char* unit;       // what the unit test asks of CMake
    const char* packages;   // of Debian, that CI needs besides those of forecastd
};
constexpr About languages[] = {
    {"cmake", "cpp", "C++", "CXX", "cpp", "hpp", "target_compile_features(unit PRIVATE cxx_std_20)",
     "ca-certificates cmake git"},
    {"cmake", "c", "C", "C", "c", "h", "target_link_libraries(unit PRIVATE m)", "ca-certificates cmake git"},
    {"rust", "rust", "Rust", "", "rs", "hpp", "", "ca-certificates cargo cmake git"},
};
const About& about(Language language) { return languages[static_cast<std::size_t>(language)]; }

// What CMake or Cargo keeps for itself.
constexpr std::string_view reserved[] = {
    "abstract",   "all",     "alloc", "as",      "async",    "await",    "become",  "box",
    "break",      "cache",   "clean", "const",   "continue", "core",     "crate",   "deps",
    "do",         "dyn",     "else",  "enum",    "extern",   "false",    "final",   "fn",
    "for",        "help",    "if",    "impl",    "in",       "install",  "let",     "loop",
    "macro",      "match",   "mod",   "move",    "mut",      "override", "package", "priv",
    "proc_macro", "pub",     "ref",   "return",  "self",     "static",   "std",     "struct",
    "super",      "test",    "trait", "true",    "try",      "type",     "typeof",  "unit",
    "unsafe",     "unsized", "use",   "virtual", "where",    "while",    "yield",   "forecastd_plugin"};

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

using Names = std::vector<std::pair<std::string, std::string>>;

std::string filled_in(std::string_view text, const Names& names) {
    std::string result(text);
    for (const auto& [name, value] : names) result = text::replaced(std::move(result), name, value);
    return result;
}

Names names_of(const Project& project) {
    const About& language = about(project.language);
    return {{"@ID@", project.id},
            {"@STEM@", project.stem},
            {"@TYPE@", project.type},
            {"@KIND@", project.detects ? "detector" : "forecaster"},
            {"@SECTION@", project.detects ? "detect" : "forecast"},
            {"@LANGUAGE@", language.name},
            {"@CMAKE_LANGUAGE@", language.cmake},
            {"@EXTENSION@", language.extension},
            {"@HEADER@", language.header},
            {"@UNIT@", language.unit},
            {"@CI_PACKAGES@", language.packages},
            {"@RUST_CRATE@", project.rust_crate}};
}

}  // namespace

Expected<Project> named(std::string_view name) {
    const bool is_spelt = !name.empty() && name.front() >= 'a' && name.front() <= 'z' &&
                          is_lower_or_digit(name.back()) && std::all_of(name.begin(), name.end(), [](char c) {
                              return is_lower_or_digit(c) || c == '.' || c == '_' || c == '-';
                          });
    const std::size_t dot = name.rfind('.');
    const std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
    if (!is_spelt || last.empty() || last.front() < 'a' || last.front() > 'z' || name.size() > 60)
        return fail("'" + std::string(name) +
                    "' cannot be the name of a plugin, expected up to 60 lower case letters, digits, '.', "
                    "'_' and '-', with a letter first in each part, such as acme.spikes");
    Project project;
    project.id = (dot == std::string_view::npos ? "my." : "") + std::string(name);
    bool begins = true;
    for (const char c : last) {
        const bool is_word = is_lower_or_digit(c);
        project.stem += is_word ? c : '_';
        if (is_word)
            project.type += begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        begins = !is_word;
    }
    if (std::find(std::begin(reserved), std::end(reserved), project.stem) != std::end(reserved))
        return fail("'" + project.stem +
                    "' is a name that CMake or Cargo keeps for itself; take another one");
    return project;
}

std::vector<File> files(const Project& project) {
    const About& language = about(project.language);
    const std::string kind = project.detects ? "detector" : "forecaster";
    const std::array<std::string, 4> folders = {"common", language.folder, kind,
                                                std::string(language.own) + "-" + kind};
    const Names names = names_of(project);
    std::vector<File> result;
    for (const Template& one : all_templates()) {
        const std::size_t slash = one.path.find('/');
        const std::string_view folder = one.path.substr(0, slash);
        if (std::find(folders.begin(), folders.end(), folder) == folders.end()) continue;
        const std::string path = filled_in(one.path.substr(slash + 1), names);
        result.push_back({path, filled_in(one.text, names), path.size() > 3 && path.ends_with(".sh")});
    }
    return result;
}

}  // namespace forecastd::scaffold
