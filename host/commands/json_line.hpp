// JSON for programs, as commands print it: one object a line.
#ifndef FORECASTD_COMMANDS_JSON_LINE_HPP
#define FORECASTD_COMMANDS_JSON_LINE_HPP

#include <nlohmann/json.hpp>
#include <string>

namespace forecastd::commands {

using Json = nlohmann::ordered_json;

// On one line, without its end. Bytes that are not UTF-8 are replaced; a number that is not finite is null.
inline std::string to_line(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace forecastd::commands

#endif
