// The catalogue and the config of a run. Whatever is wrong is reported and left out.
//
// Threads: the main thread.
#ifndef FORECASTD_COMMANDS_SETUP_HPP
#define FORECASTD_COMMANDS_SETUP_HPP

#include <filesystem>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "plugin/catalogue.hpp"
#include "process/handover.hpp"
#include "process/log.hpp"

namespace forecastd::commands {

struct Setup {
    plugin::Catalogue catalogue;
    config::Config config;

    // file: the config. Crashes of earlier lives that are new are reported, and what follows from all of them is
    // set aside.
    Setup(const std::string& file, const process::EarlierLives& earlier, process::Log& log);

    // The files that the config's algorithms come from, each once.
    [[nodiscard]] std::vector<std::filesystem::path> plugin_files() const;

  private:
    void take_care(const process::EarlierLives& earlier, process::Log& log);
};

}  // namespace forecastd::commands

#endif
