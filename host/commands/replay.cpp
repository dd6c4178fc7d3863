// forecastd replay: recorded points, each printed at its own time.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <iostream>

#include "commands/command.hpp"
#include "commands/recorded_files.hpp"
#include "process/stop.hpp"
#include "recording/player.hpp"
#include "text/escaped.hpp"

namespace forecastd::commands {
namespace {

int replay(const options::variables_map& values) {
    recording::PlayerOptions player_options;
    player_options.files = recorded_files(values);
    player_options.loop = values.count("loop") > 0;
    const bool from_input = std::count(player_options.files.begin(), player_options.files.end(), "-") > 0;
    player_options.heed_input = !from_input;
    player_options.progress = ::isatty(STDERR_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 0;

    const char* error = nullptr;
    if (values.count("speed")) {
        player_options.speed = values["speed"].as<double>();
        if (!std::isfinite(player_options.speed) || player_options.speed <= 0)
            error = "--speed: expected a number greater than 0";
    }
    if (player_options.loop && from_input) error = "--loop needs files: standard input cannot be read again";
    if (error) {
        std::cerr << "E! forecastd replay: " << text::escaped(error)
                  << "; 'forecastd replay --help' tells more\n";
        return usage;
    }

    process::catch_stop_signals();
    ErrorReport errors("replay");
    recording::Player player(player_options, [&](const std::string& sentence) { errors.add(sentence); });
    if (player.play() == recording::Ending::output_failed)
        errors.add(std::string("standard output cannot be written: ") + std::strerror(errno));
    return errors.exit_code();
}

}  // namespace

Command replay_command() {
    return {
        "replay",
        "recorded points, each printed at its own time",
        "Writes the points of the files to standard output, each when the time of its timestamp has come; "
        "those whose\n"
        "time has passed come at once, and so do those without one. At the end of the files it waits until "
        "standard\n"
        "input is closed, as a child of Telegraf's inputs.execd does; it ends at once if that happens "
        "before. With the\n"
        "points from standard input, or with /dev/null or a file there, it ends behind the last point.\n"
        "What is no point is reported on standard error with its file and line, and left out. If standard "
        "error alone\n"
        "is a terminal, it shows how far the replay is.\n"
        "Returns 0, also when a signal or the reader of the output ends it; 1 if anything could not be "
        "read or\n"
        "written; 2 if an option is wrong.",
        {recorded_files_positional()},
        [](options::options_description_easy_init& add) {
            add("speed", options::value<double>()->value_name("FACTOR"),
                "begin now, whatever the timestamps, and go through the recorded distances so many times as "
                "fast: 1, 10, 0.5");
            add("loop",
                "begin again behind the last point; times are moved on by the length of the recording and "
                "its last spacing, so that they go on growing");
        },
        replay};
}

}  // namespace forecastd::commands
