// From JSON text to config::Config: every problem at once, each with its path and what was expected.
//
// What is wrong never takes along what is right: a pipeline with a problem is left out, a bad value elsewhere
// keeps its default, and the rest is returned, so that `run` can go on; `check` fails if there is any
// problem.
#ifndef FORECASTD_CONFIG_READ_HPP
#define FORECASTD_CONFIG_READ_HPP

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/surroundings.hpp"
#include "plugin/catalogue.hpp"

namespace forecastd::config {

// A step of a path: to a key of an object, or to an item of a list.
struct Step {
    std::optional<std::string> key;  // nullopt: an item
    std::size_t index;               // of the item; of a key, which occurrence of it
};

// Something to tell of the config, as a sentence and with its place: "config.json:14:9:
// pipelines[2].forecast.params.alpha of pipeline 'disk': found 2, expected a number from 0 to 1".
struct Problem {
    std::string path;         // "pipelines[2].forecast.params.alpha"; "" for the document as a whole
    std::string message;      // a sentence
    std::vector<Step> steps;  // the path again
    std::string where;  // "config.json:14:9"; "line 14, column 9" if there is no file; "" if it is not known
    std::string pipeline;  // the name of the pipeline that it is in; "" if that has none

    [[nodiscard]] std::string sentence() const;  // without where
    [[nodiscard]] std::string text() const;
};

// JSON that was parsed but not yet checked, since the plugins must be loaded in between.
class Document {
  public:
    // Parses text: JSON with // and /* */ comments and variables (variables.hpp). Text that is no JSON object is one
    // problem, and read() then returns the defaults without a further one. Keys that come twice are found by read().
    // name: what problems call the file; "" for none.
    static Document parse(std::string text, std::vector<Problem>& problems, const std::string& name = "",
                          const Surroundings& surroundings = {});
    // Reads and parses a file and what it includes, or all configs of a directory (files.hpp). A file that cannot be
    // read, or is larger than 16 MiB, is a problem too.
    static Document open(const std::filesystem::path& path, std::vector<Problem>& problems,
                         const Surroundings& surroundings = system_surroundings());

    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();

    // The files that it was read from, as they were come to.
    [[nodiscard]] std::vector<std::string> files() const;
    // What changes if the config does: these files, also those that could not be read, and the directories in which some
    // were looked for; as they were before they were read.
    [[nodiscard]] const FileLooks& looked_at() const;

    // plugin_dirs, as far as it is well formed; relative ones made absolute beside the config file (after
    // parse(): in the working directory).
    [[nodiscard]] std::vector<std::filesystem::path> plugin_dirs() const;

    // The section "plugins", as far as it is well formed: what must be known before plugins are loaded.
    [[nodiscard]] Plugins plugins() const;

    // The algorithms that pipelines name, as far as they are well formed; none twice. Of their parameters, a
    // season.
    [[nodiscard]] std::vector<plugin::Wanted> wanted() const;

    // The config, checked against the catalogue, which must outlive it.
    [[nodiscard]] Config read(const plugin::Catalogue& catalogue, std::vector<Problem>& problems) const;

    // What is valid, and yet is probably not what was meant: a regular expression where a glob is expected, a
    // level of 0.95 percent; and what does not have the effect that it seems to have (traps.hpp). To be reported as
    // warnings. config: what was read.
    [[nodiscard]] std::vector<Problem> hints(const Config& config) const;

  private:
    struct Content;
    explicit Document(std::unique_ptr<Content> content);
    std::unique_ptr<Content> content_;
};

}  // namespace forecastd::config

#endif
