// What a config takes from outside of its text: files and environment variables. Whoever reads a config hands it in, so a
// test, or a fuzzer, needs neither.
//
// Threads: any, as far as the functions allow it.
#ifndef FORECASTD_CONFIG_SURROUNDINGS_HPP
#define FORECASTD_CONFIG_SURROUNDINGS_HPP

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/expected.hpp"

namespace forecastd::config {

using Paths = std::vector<std::filesystem::path>;

// nullptr: there is nothing of the kind.
struct Surroundings {
    // The text of a file. The error, a sentence, names the file. what: "config", for the error.
    std::function<Expected<std::string>(const std::filesystem::path& file, const std::string& what)> read;
    // The files that a path with * ? [] leads to, by name; the path itself if it has none of these.
    std::function<Paths(const std::filesystem::path& pattern)> match;
    // The files in a directory that are configs, *.json and *.jsonc, by name; nothing: it is no directory.
    std::function<std::optional<Paths>(const std::filesystem::path& directory)> list;
    // The value of an environment variable; nothing: it is not set.
    std::function<std::optional<std::string>(const std::string& name)> variable;
};

// Those of this process.
const Surroundings& system_surroundings();

}  // namespace forecastd::config

#endif
