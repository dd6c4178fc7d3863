// What a run does about a config that has changed: after SIGHUP or SIGUSR2, or when the file, or one of a plugin
// that it uses, is another one, the program that is installed now checks the config, beside the flow. If it is
// valid, the run ends between two points, and the program is executed again with it and with all that the
// series have learned; if not, it says why, and everything stays as it is.
//
// Threads: the main thread.
#ifndef FORECASTD_COMMANDS_RELOAD_HPP
#define FORECASTD_COMMANDS_RELOAD_HPP

#include <chrono>
#include <filesystem>
#include <string>

#include "base/file_look.hpp"
#include "process/log.hpp"
#include "process/side_run.hpp"

namespace forecastd::commands {

class Reload {
  public:
    using Clock = std::chrono::steady_clock;

    // config: its file, or a directory. files: all files of the config, as they were before they were read. plugins: those
    // that its algorithms come from. watch: how often to look at these; 0: never.
    Reload(std::filesystem::path config, FileLooks files, FileLooks plugins, std::chrono::nanoseconds watch,
           process::Log& log);

    // A signal has asked for it.
    void ask();
    // Goes on with what is under way. To be called when all that was read is answered. True: the config is
    // valid, and the program is to be executed again.
    bool look();
    // When look() has something to do.
    [[nodiscard]] Clock::time_point next_deadline() const;

  private:
    void begin(const std::string& why);
    void refuse(const process::SideRun::End& end);

    [[nodiscard]] FileLooks config_files() const;
    bool any_file_has_changed();

    const std::filesystem::path config_;
    const std::chrono::nanoseconds watch_;
    process::Log& log_;
    FileLooks files_, plugins_;
    process::SideRun check_;
    bool asked_again_ = false;  // while a check is under way, which may have read the file before the change
    bool repeated_ = false;     // the check, for that reason: once, however often it is asked for
    Clock::time_point due_;     // of the next look at the files
};

}  // namespace forecastd::commands

#endif
