// What every command that calls plugins shares: how they are loaded, and, for all but `run`, a plugin that
// crashes, hangs or ends the process. The command then begins again without that plugin, and says so; what it
// prints is held back until its end, so nothing is printed twice, and a plugin cannot print in between.
// Where FORECASTD_DEBUG leaves crashes alone, none of that is done.
//
// Threads: the main thread.
#ifndef FORECASTD_COMMANDS_PLUGIN_SESSION_HPP
#define FORECASTD_COMMANDS_PLUGIN_SESSION_HPP

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/read.hpp"
#include "plugin/catalogue.hpp"

namespace forecastd::commands {

// Loads what a config names, as its section "plugins" says.
void load_plugins(const config::Document& document, plugin::Catalogue& catalogue);

// Loads every plugin of the search path, directories first.
void load_plugins(const std::vector<std::filesystem::path>& directories, plugin::Catalogue& catalogue);

// Reads a config with these plugins.
config::Config read_config(const config::Document& document, const plugin::Catalogue& catalogue,
                           std::vector<config::Problem>& problems);

class PluginSession {
  public:
    PluginSession();
    ~PluginSession();
    PluginSession(const PluginSession&) = delete;
    PluginSession& operator=(const PluginSession&) = delete;

    // Passes over what crashed before.
    void set_aside_in(plugin::Catalogue& catalogue) const;
    // Prints on std::cerr what crashed before.
    void report() const;
    [[nodiscard]] bool crashed() const;

    // Prints everything that was held back; returns exit_code.
    int end(int exit_code);

  private:
    void hold_back();
    struct Content;
    std::unique_ptr<Content> content_;
};

// Reads a config with the plugins that it names; what is wrong with it, or with them, goes to std::cerr. nullopt: the
// config has a problem. The catalogue must outlive what is read.
std::optional<config::Config> read_config(const std::string& file, const PluginSession& session,
                                          plugin::Catalogue& catalogue);

}  // namespace forecastd::commands

#endif
