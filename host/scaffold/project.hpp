// The project of a new plugin: what is in its folder.
//
// Threads: any.
#ifndef FORECASTD_SCAFFOLD_PROJECT_HPP
#define FORECASTD_SCAFFOLD_PROJECT_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"

namespace forecastd::scaffold {

enum class Language : std::uint8_t { cpp, c, rust };

struct Project {
    std::string id;    // of the algorithm, with the author's prefix: "acme.spikes"
    std::string stem;  // of the plugin's file and of its sources: "spikes"
    std::string type;  // "Spikes"
    Language language = Language::cpp;
    bool detects = false;      // else it forecasts
    std::string rust_crate{};  // the folder of the crate forecastd-plugin; of Rust alone
};

// The names that follow from one such as "acme.spikes", or "spikes", which gets the prefix "my.". A sentence without its
// full stop if there can be no id of this name.
Expected<Project> named(std::string_view name);

struct File {
    std::string path;  // from the project's folder
    std::string text;
    bool is_script;  // to be executed
};
std::vector<File> files(const Project& project);

}  // namespace forecastd::scaffold

#endif
