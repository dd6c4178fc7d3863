// Messages of plugins, by the service FCD_LOG, and about plugins, to whoever listens: the log of `run`, or
// the standard error of another command. Without a listener they are dropped.
//
// A plugin's own messages carry its name, are cut at 1,000 bytes, and are limited for each plugin: 10 at
// once, then one every 10 s, which says how many were left out.
//
// Threads: any.
#ifndef FORECASTD_PLUGIN_MESSAGES_HPP
#define FORECASTD_PLUGIN_MESSAGES_HPP

#include <forecastd/plugin.h>

#include <cstdint>
#include <functional>
#include <string>

namespace forecastd::plugin {

enum class Level : std::int32_t {
    error = FCD_LOG_ERROR,
    warn = FCD_LOG_WARN,
    info = FCD_LOG_INFO,
    debug = FCD_LOG_DEBUG
};
using Listener = std::function<void(Level, const std::string&)>;

// Returns the listener before.
Listener listen(Listener listener);

// A sentence about a plugin; not limited.
void tell(Level level, const std::string& text);

// What fcd_host offers by name; nullptr: there is no such service.
const void* service(const char* id);

}  // namespace forecastd::plugin

#endif
