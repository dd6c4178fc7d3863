#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include "base/program_file.hpp"
#include "plugin/catalogue.hpp"
#include "version.hpp"

namespace forecastd::plugin {

namespace {

// ../lib/forecastd/plugins beside the program; empty: it is not known.
std::filesystem::path own_directory() {
    const auto program = program_file();
    return program.empty() ? program : (program.parent_path() / plugin_path).lexically_normal();
}

}  // namespace

bool is_built_in(const Algorithm& algorithm) {
    return !algorithm.file.empty() && algorithm.file.parent_path() == own_directory();
}

std::vector<std::filesystem::path> search_path(const std::vector<std::filesystem::path>& configured) {
    std::vector<std::filesystem::path> result;
    const auto add = [&result](const std::filesystem::path& directory) {
        if (directory.empty()) return;
        std::error_code error;  // there is no current directory
        auto normal = std::filesystem::absolute(directory, error).lexically_normal();
        if (error) return;
        if (!normal.has_filename()) normal = normal.parent_path();  // "plugins/" is "plugins"
        if (std::find(result.begin(), result.end(), normal) == result.end())
            result.push_back(std::move(normal));
    };

    for (const auto& directory : configured) add(directory);

    const char* const variable = std::getenv("FORECASTD_PLUGIN_PATH");
    for (std::string_view rest = variable ? variable : ""; !rest.empty();) {
        const auto end = std::min(rest.find(':'), rest.size());
        add(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }

    add(own_directory());
    return result;
}

}  // namespace forecastd::plugin
