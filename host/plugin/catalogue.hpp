// The algorithms that were found: opens every plugin file in the plugin directories, checks the handshake
// of forecastd/plugin.h, and keeps what passed.
//
// It never executes a file that others may write to, never lets one bad plugin stop another, and never
// unloads: tables and texts live until the process ends.
//
// Threads: a Catalogue is made on the main thread and read-only after that.
#ifndef FORECASTD_PLUGIN_CATALOGUE_HPP
#define FORECASTD_PLUGIN_CATALOGUE_HPP

#include <forecastd/plugin.h>

#include <cstddef>
#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugin/diagnostics.hpp"

namespace forecastd::plugin {

// One algorithm of one plugin file, its handshake checked: every required function is there and the parameter
// table is sound.
struct Algorithm {
    const fcd_algorithm* table = nullptr;
    const fcd_library* library = nullptr;  // the sizes of its array elements
    std::filesystem::path file;
    std::vector<const fcd_param*> params;  // in the order of the table
    Diagnostics diagnostics;

    [[nodiscard]] std::string_view id() const { return table->id; }
    [[nodiscard]] bool forecasts() const { return (table->abilities & FCD_FORECASTS) != 0; }
    [[nodiscard]] bool detects() const { return (table->abilities & FCD_DETECTS) != 0; }
    [[nodiscard]] const fcd_param* find_param(std::string_view name_or_alias) const;  // nullptr: none
};

class Catalogue {
  public:
    // Names algorithms, or files, that have crashed: load() passes them over.
    void set_aside(std::string name) { set_aside_.push_back(std::move(name)); }

    // Loads every *.so of the directories, in their order and by name within each. The first algorithm of an
    // id stays, a later one is refused. A directory that does not exist is passed over. A sentence for each
    // file or algorithm that was refused is in problems().
    void load(const std::vector<std::filesystem::path>& directories);

    // Loads one file; the same rules.
    void load_file(const std::filesystem::path& file);

    // Takes in the algorithms of a library that is open already, under the same checks; file names it in
    // problems. One that is here already, as when two names lead to one file, is passed over.
    void add(const fcd_library* library, const std::filesystem::path& file);

    [[nodiscard]] const Algorithm* find(std::string_view id) const;  // nullptr: none; stays valid
    [[nodiscard]] const std::deque<Algorithm>& algorithms() const { return algorithms_; }
    [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
    [[nodiscard]] const std::vector<std::filesystem::path>& searched() const { return searched_; }

    // "looked in: /a, /b (not there)"; "" before load().
    [[nodiscard]] std::string looked_in() const;

    // "there is no algorithm 'hotl', did you mean 'holt'? Known: ...", with every directory that was
    // searched.
    [[nodiscard]] std::string missing(std::string_view id) const;

  private:
    [[nodiscard]] bool is_set_aside(std::string_view name) const;

    std::deque<Algorithm> algorithms_;
    std::vector<std::string> set_aside_;
    std::vector<std::string> problems_;
    std::vector<std::filesystem::path> searched_;
    std::size_t refused_files_ = 0;  // with an algorithm or all of them refused
};

// Where plugins are looked for: the configured directories (relative ones stand beside the config file, so
// the caller makes them absolute), then FORECASTD_PLUGIN_PATH (':' between), then ../lib/forecastd/plugins
// beside the program.
std::vector<std::filesystem::path> search_path(const std::vector<std::filesystem::path>& configured);

}  // namespace forecastd::plugin

#endif
