#include "commands/plugin_file.hpp"

#include <chrono>
#include <filesystem>

#include "plugin/file.hpp"
#include "plugin/library.hpp"
#include "plugin/trial.hpp"

namespace forecastd::commands {
namespace {

using Report = std::function<void(const std::string& sentence)>;

// False: it cannot be used, which was reported.
bool load(const std::string& path, plugin::Catalogue& catalogue, const Report& report) {
    const auto absolute = std::filesystem::absolute(path).lexically_normal();
    const auto file = plugin::open_trusted(absolute, false);
    if (!file) {
        report("'" + path + "' " + file.error().text);
        return false;
    }
    const auto findings = plugin::try_in_child({&*file, 1}, std::chrono::seconds(10));
    const std::string named = "'" + path + "': ";
    for (const std::string& fault : findings.front().faults) report(named + fault);
    if (!findings.front().faults.empty()) return false;
    const auto library = plugin::open_library(*file);
    if (!library) {
        report("'" + path + "' " + library.error().text);
        return false;
    }
    catalogue.add(*library, absolute);
    return !catalogue.algorithms().empty();
}

}  // namespace

std::vector<Positional> plugin_file_positionals() {
    return {{"FILE", "a plugin, such as build/spikes.so", true}, {"ID", "one of its algorithms", false}};
}

std::vector<const plugin::Algorithm*> open_plugin_file(const options::variables_map& values,
                                                       plugin::Catalogue& catalogue, const Report& report) {
    if (!load(values["FILE"].as<std::string>(), catalogue, report)) return {};
    std::vector<const plugin::Algorithm*> wanted;
    const std::string id = values.count("ID") ? values["ID"].as<std::string>() : "";
    for (const plugin::Algorithm& algorithm : catalogue.algorithms())
        if (id.empty() || algorithm.id() == id) wanted.push_back(&algorithm);
    if (wanted.empty()) report(catalogue.missing(id));
    return wanted;
}

}  // namespace forecastd::commands
