// The files of a config, read and made one: a file with those that it includes, or all configs of a directory.
//
// The lists of pipelines are put one behind the other, in the order in which the files are read: a file before what it
// includes, a directory by name. Of any other key at the top there is one, in one of the files. A file that is wrong is told
// of and left out, and so is what would be there twice; the rest is taken.
//
// Paths in a file are relative to its folder. Each value keeps the file that it is of.
//
// Threads: one at a time.
#ifndef FORECASTD_CONFIG_FILES_HPP
#define FORECASTD_CONFIG_FILES_HPP

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/file_look.hpp"
#include "config/json.hpp"
#include "config/read.hpp"
#include "config/surroundings.hpp"

namespace forecastd::config {

struct File {
    std::string name;  // as problems call it; "": it has none
    std::string text;
    std::filesystem::path path, folder;  // as it was come to, and absolute; "": it has none

    // "config.json:14:9"; without an offset, its name
    [[nodiscard]] std::string where(std::optional<std::size_t> offset) const;
};

struct Files {
    std::vector<File> files;
    std::optional<Value> root;        // of all of them; nothing: none is a JSON object
    std::vector<std::size_t> places;  // of each pipeline of the root: its place in its own file
    FileLooks looked_at;  // the files, and the directories in which files were looked for, before that
    std::vector<Problem> hints;

    static constexpr std::size_t most_files = 1000;
};

// A text without a file. name: what problems call it.
Files read_text(std::string text, const std::string& name, const Surroundings& surroundings,
                std::vector<Problem>& problems);
// A file, or a directory.
Files read_files(const std::filesystem::path& path, const Surroundings& surroundings,
                 std::vector<Problem>& problems);

// Adds to problems, from the first on, where they are in the files.
void locate(const Files& files, std::vector<Problem>& problems, std::size_t first);

}  // namespace forecastd::config

#endif
