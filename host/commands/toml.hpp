// Values as TOML writes them, for configs of Telegraf.
#ifndef FORECASTD_COMMANDS_TOML_HPP
#define FORECASTD_COMMANDS_TOML_HPP

#include <string>
#include <vector>

namespace forecastd::commands::toml {

// A basic string, and a list of them.
std::string quoted(const std::string& text);
std::string quoted(const std::vector<std::string>& texts);

}  // namespace forecastd::commands::toml

#endif
