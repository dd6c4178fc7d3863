#include "commands/reload.hpp"

#include <utility>

#include "config/read.hpp"
#include "process/crash.hpp"

namespace forecastd::commands {

using config::LogLevel;

Reload::Reload(std::filesystem::path config, FileLooks files, FileLooks plugins,
               std::chrono::nanoseconds watch, process::Log& log)
    : config_(std::move(config)),
      watch_(watch),
      log_(log),
      files_(std::move(files)),
      plugins_(std::move(plugins)),
      due_(watch.count() > 0 ? Clock::now() + watch : Clock::time_point::max()) {}

// The files of the config are those that it names now, also if it is not valid.
FileLooks Reload::config_files() const {
    if (watch_.count() == 0) return {};
    std::vector<config::Problem> ignored;  // the check tells of them
    return config::Document::open(config_, ignored).looked_at();
}

bool Reload::any_file_has_changed() {
    const bool config = any_has_changed(files_), plugins = any_has_changed(plugins_);
    return config || plugins;
}

void Reload::ask() {
    if (check_.is_under_way()) {
        asked_again_ = true;
        return;
    }
    repeated_ = false;
    begin("a signal asks for it");
}

// What changes from here on is seen at the next look, whatever the check has read by then.
void Reload::begin(const std::string& why) {
    files_ = config_files();
    any_has_changed(plugins_);
    log_.write(LogLevel::info, "'" + config_.string() + "' is checked, since " + why);
    if (const auto begun =
            check_.begin(process::program_to_execute(), {"check", "--quick", config_.string()});
        !begun)
        log_.write(LogLevel::error, "the config is not loaded again: " + begun.error().text +
                                        "; everything goes on as it was");
}

bool Reload::look() {
    if (const auto end = check_.poll()) {
        if (std::exchange(asked_again_, false) && !std::exchange(repeated_, true)) {
            begin("it was asked for again");
        } else if (end->succeeded) {
            return true;
        } else {
            refuse(*end);
        }
    }
    const Clock::time_point now = Clock::now();
    if (now < due_) return false;
    due_ = now + watch_;
    if (!any_file_has_changed()) return false;
    if (check_.is_under_way()) {
        asked_again_ = true;
        return false;
    }
    repeated_ = false;
    begin("a file has changed");
    return false;
}

void Reload::refuse(const process::SideRun::End& end) {
    for (std::size_t at = 0; at < end.messages.size();) {
        const std::size_t line_end = std::min(end.messages.find('\n', at), end.messages.size());
        const std::string line = end.messages.substr(at, line_end - at);
        if (line.starts_with("E! ")) log_.write(LogLevel::error, line.substr(3));
        at = line_end + 1;
    }
    log_.write(LogLevel::error, "'" + config_.string() + "' is not loaded: 'forecastd check' " + end.how +
                                    "; everything goes on as it was");
}

Reload::Clock::time_point Reload::next_deadline() const {
    constexpr std::chrono::milliseconds patience(50);
    return check_.is_under_way() ? std::min(Clock::now() + patience, due_) : due_;
}

}  // namespace forecastd::commands
