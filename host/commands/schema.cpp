#include <filesystem>
#include <iostream>

#include "commands/command.hpp"
#include "config/reference.hpp"
#include "output/metrics_table.hpp"
#include "plugin/catalogue.hpp"
#include "text/escaped.hpp"

namespace forecastd::commands {
namespace {

using Texts = std::vector<std::string>;

int run(const options::variables_map& values) {
    if (values.count("metrics")) {
        std::cout << output::metrics_page();
        return success;
    }
    std::vector<std::filesystem::path> directories;
    if (values.count("plugin-dir"))
        for (const auto& directory : values["plugin-dir"].as<Texts>())
            directories.push_back(std::filesystem::absolute(directory));
    plugin::Catalogue catalogue;
    catalogue.load(plugin::search_path(directories));
    for (const auto& refused : catalogue.problems()) std::cerr << "W! " << text::escaped(refused) << "\n";
    if (catalogue.algorithms().empty())
        std::cerr << "W! there is no plugin, so the parameters are missing; "
                  << text::escaped(catalogue.looked_in()) << "\n";
    std::cout << (values.count("markdown") ? config::reference_page(catalogue)
                                           : config::json_schema(catalogue));
    return success;
}

}  // namespace

Command schema_command() {
    return {"schema",
            "the JSON schema of the config, or its reference page, or that of the metrics",
            "Prints the JSON schema (draft 7) of the config, with the parameters of every plugin that is "
            "found, for\n"
            "editors and other tools: {\"$schema\": \"./forecastd.schema.json\", ...} at the top of a config "
            "makes an\n"
            "editor complete and check it. With --markdown, prints the same as a page to read. With "
            "--metrics, prints "
            "instead\n"
            "the page of the host's own metrics, which metrics.every of the config turns on.",
            {},
            [](options::options_description_easy_init& add) {
                add("markdown", "print the reference page of the config in Markdown");
                add("metrics", "print the reference page of the host's own metrics in Markdown");
                add("plugin-dir", options::value<Texts>()->composing()->value_name("DIR"),
                    "look for plugins here first; may be given several times");
            },
            run};
}

}  // namespace forecastd::commands
