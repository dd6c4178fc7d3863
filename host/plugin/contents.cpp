#include "plugin/contents.hpp"

#include <utility>

#include "plugin/checks.hpp"

namespace forecastd::plugin {

Contents read_library(const fcd_library& library) {
    Contents contents;
    if (const auto sound = check_library(library); !sound) {
        contents.faults.push_back(sound.error().text);
        return contents;
    }
    for (std::uint32_t i = 0; i < library.algorithm_count; ++i) {
        if (const auto sound = check_algorithm(library, i); !sound) {
            contents.faults.push_back(sound.error().text);
            continue;
        }
        const fcd_algorithm* const table = library.algorithms[i];
        if (auto diagnostics = read_diagnostics(*table))
            contents.sound.push_back({table, std::move(*diagnostics)});
        else
            contents.faults.push_back("algorithm '" + std::string(table->id) +
                                      "': " + diagnostics.error().text);
    }
    return contents;
}

}  // namespace forecastd::plugin
