#include "plugin/surroundings.hpp"

#include <set>
#include <string>
#include <utility>

#include "plugin/messages.hpp"

namespace forecastd::plugin {
namespace {

void tell_once(const char* plugin, const char* what) {
    static auto& told = *new std::set<std::pair<std::string, std::string>>;
    if (told.emplace(plugin, what).second)
        tell(Level::warn, "plugin '" + std::string(plugin) + "' changed the " + what +
                              ", which belongs to the whole process; forecastd puts it back after each call");
}

}  // namespace

void restore_surroundings(const char* plugin) {
    if (floating_point_changed()) {
        std::fesetenv(FE_DFL_ENV);
        tell_once(plugin, "floating point mode");
    }
    if (locale_changed()) {
        ::uselocale(LC_GLOBAL_LOCALE);
        ::setlocale(LC_ALL, "C");
        tell_once(plugin, "locale");
    }
}

}  // namespace forecastd::plugin
