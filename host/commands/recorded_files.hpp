// What restamp and replay have in common: their files, and how they report.
#ifndef FORECASTD_COMMANDS_RECORDED_FILES_HPP
#define FORECASTD_COMMANDS_RECORDED_FILES_HPP

#include <string>
#include <vector>

#include "commands/command.hpp"

namespace forecastd::commands {

Positional recorded_files_positional();

// The files of the command line; "-", standard input, if it has none.
std::vector<std::string> recorded_files(const options::variables_map& values);

// Writes sentences to standard error as errors of a command.
class ErrorReport {
  public:
    explicit ErrorReport(const char* command) : command_(command) {}
    void add(const std::string& sentence);
    // What the command returns.
    [[nodiscard]] int exit_code() const { return any_ ? failure : success; }

  private:
    const char* const command_;
    bool any_ = false;
};

}  // namespace forecastd::commands

#endif
