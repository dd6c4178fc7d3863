// What restamp and replay have in common: their files, and how they report.
#ifndef FORECASTD_COMMANDS_RECORDED_FILES_HPP
#define FORECASTD_COMMANDS_RECORDED_FILES_HPP

#include <cstdint>
#include <string>
#include <vector>

#include "commands/command.hpp"

namespace forecastd::commands {

Positional recorded_files_positional();

// The files of the command line; "-", standard input, if it has none.
std::vector<std::string> recorded_files(const options::variables_map& values);

// Writes sentences to standard error as errors of a command, the first hundred of them, and counts them.
class ErrorReport {
  public:
    explicit ErrorReport(const char* command) : command_(command) {}
    void add(const std::string& sentence);
    // Tells how many were not written; what the command returns.
    int finish();

  private:
    void write(const std::string& sentence) const;

    static constexpr std::uint64_t most_written = 100;
    const char* const command_;
    std::uint64_t count_ = 0;
};

}  // namespace forecastd::commands

#endif
