// The algorithms that were found: looks for plugin files in the plugin directories, tries them in a child
// process, opens those that are needed, checks the handshake of forecastd/plugin.h, and keeps what passed.
//
// It never executes a file that others may write to, never opens in this process what did not load in a
// child, never lets one bad plugin stop another, and never unloads: tables and texts live until the process
// ends.
//
// Threads: a Catalogue is made on the main thread and read-only after that.
#ifndef FORECASTD_PLUGIN_CATALOGUE_HPP
#define FORECASTD_PLUGIN_CATALOGUE_HPP

#include <forecastd/plugin.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugin/diagnostics.hpp"
#include "plugin/file.hpp"
#include "plugin/trial.hpp"

namespace forecastd::plugin {

// What is done differently with an algorithm that has crashed in an earlier life of the process.
struct Caution {
    bool one_point_a_call = false;              // so that the next crash tells which series it is about
    std::vector<std::uint64_t> without_series;  // their hashes (engine/series_id.hpp): they are set aside

    [[nodiscard]] bool is_without(std::uint64_t series) const {
        return std::find(without_series.begin(), without_series.end(), series) != without_series.end();
    }
};

// One algorithm of one plugin file, its handshake checked: every required function is there and the parameter
// table is sound.
struct Algorithm {
    std::string name;  // its id: the host's own copy, which outlives a plugin that goes wild
    const fcd_algorithm* table = nullptr;
    const fcd_library* library = nullptr;  // the sizes of its array elements
    std::filesystem::path file;
    std::vector<const fcd_param*> params;  // in the order of the table
    Diagnostics diagnostics;
    Caution caution;

    [[nodiscard]] std::string_view id() const { return name; }
    [[nodiscard]] bool forecasts() const { return (table->abilities & FCD_FORECASTS) != 0; }
    [[nodiscard]] bool detects() const { return (table->abilities & FCD_DETECTS) != 0; }
    [[nodiscard]] const fcd_param* find_param(std::string_view name_or_alias) const;  // nullptr: none
};

// An algorithm that a config names.
struct Wanted {
    std::string id;
    std::uint32_t abilities = 0;  // what it is wanted for: FCD_FORECASTS, FCD_DETECTS
    // Parameters that it is given, as far as another algorithm is suggested if it has none of that name.
    std::vector<std::string> params;
};

struct Loading {
    std::optional<std::vector<Wanted>> wanted;                     // nothing: every algorithm of every file
    std::chrono::nanoseconds deadline = std::chrono::seconds(10);  // of each file; 0: none
    bool private_copies = true;                                    // see open_trusted()
    bool in_child = true;                                          // files are tried there first
};

class Catalogue {
  public:
    // Names algorithms, or files, that have crashed: load() passes them over.
    void set_aside(std::string name) { set_aside_.push_back(std::move(name)); }
    [[nodiscard]] bool is_set_aside(std::string_view name) const;
    // How the algorithm with this id is called, if load() finds it.
    void take_care(const std::string& id, Caution caution) { cautions_[id] = std::move(caution); }

    // Loads the files *.so of the directories. Of two algorithms with one id, one in a file that is named
    // after it counts; else the first, in the order of the directories and by name within each. The other is
    // refused. A directory that does not exist is passed over. A sentence for each file or algorithm that was
    // refused is in problems().
    //
    // With `wanted`, files that are named after what is wanted are tried first: "acme.spikes" is looked for
    // in acme.spikes.so, acme_spikes.so and spikes.so. If an algorithm, an ability or a parameter is still
    // missing then, all others are tried. Only a file with something that is wanted is opened in this
    // process.
    void load(const std::vector<std::filesystem::path>& directories, const Loading& loading = {});

    // Takes in the algorithms of a library that is open already, under the same checks; file names it in
    // problems. One that is here already, as when two names lead to one file, is passed over.
    void add(const fcd_library* library, const std::filesystem::path& file);

    [[nodiscard]] const Algorithm* find(std::string_view id) const;  // nullptr: none; stays valid
    [[nodiscard]] const std::deque<Algorithm>& algorithms() const { return algorithms_; }
    // The files that algorithms were loaded from, as they were then.
    [[nodiscard]] const FileLooks& loaded() const { return loaded_; }
    [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
    [[nodiscard]] const std::vector<std::filesystem::path>& searched() const { return searched_; }

    // The ids with these abilities and, unless it is "", a parameter that goes by that name; by name, also
    // those of files that were tried and not opened.
    [[nodiscard]] std::vector<std::string> known(std::uint32_t abilities, std::string_view param = "") const;

    // "looked in: /a, /b (not there)"; "" before load().
    [[nodiscard]] std::string looked_in() const;

    // "there is no algorithm 'hotl', did you mean 'holt'? Known: ...", with every directory that was
    // searched. Only an algorithm with these abilities is suggested; 0: any.
    [[nodiscard]] std::string missing(std::string_view id, std::uint32_t abilities = 0) const;

  private:
    using Paths = std::vector<std::filesystem::path>;
    Paths files_in(const std::filesystem::path& directory);
    void take(const Paths& files, const Loading& loading);
    [[nodiscard]] bool lacks(const Wanted& wanted) const;
    [[nodiscard]] Caution caution_of(std::string_view id) const;

    std::deque<Algorithm> algorithms_;
    std::map<std::string, Findings::Found, std::less<>> known_;  // by id
    std::vector<File> tried_;
    FileLooks loaded_;
    std::vector<std::string> set_aside_;
    std::map<std::string, Caution, std::less<>> cautions_;  // by id
    std::vector<std::string> problems_;
    std::vector<std::filesystem::path> searched_;
    std::size_t refused_files_ = 0;  // with an algorithm or all of them refused
};

// Whether a file is named after an algorithm, as described at Catalogue::load.
bool is_named_after(const std::filesystem::path& file, std::string_view id);

// Whether an algorithm is one of the plugins that come with the program.
bool is_built_in(const Algorithm& algorithm);

// Where plugins are looked for: the configured directories (relative ones stand beside the config file, so
// the caller makes them absolute), then FORECASTD_PLUGIN_PATH (':' between), then ../lib/forecastd/plugins
// beside the program.
std::vector<std::filesystem::path> search_path(const std::vector<std::filesystem::path>& configured);

}  // namespace forecastd::plugin

#endif
