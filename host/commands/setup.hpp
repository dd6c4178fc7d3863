// The catalogue and the config of a run. Whatever is wrong is reported and left out.
//
// Threads: the main thread.
#ifndef FORECASTD_COMMANDS_SETUP_HPP
#define FORECASTD_COMMANDS_SETUP_HPP

#include <string>

#include "base/file_look.hpp"
#include "config/config.hpp"
#include "plugin/catalogue.hpp"
#include "process/handover.hpp"
#include "process/log.hpp"

namespace forecastd::commands {

struct Setup {
    plugin::Catalogue catalogue;
    config::Config config;
    FileLooks config_files;  // see config::Document::looked_at()

    // file: the config. Crashes of earlier lives that are new are reported, and what follows from all of them is
    // set aside.
    Setup(const std::string& file, const process::EarlierLives& earlier, process::Log& log);

  private:
    void take_care(const process::EarlierLives& earlier, process::Log& log);
};

}  // namespace forecastd::commands

#endif
