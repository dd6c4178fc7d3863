// A plugin file that may be executed: who could have changed it, and the bytes that are loaded.
//
// Trusted is a regular file of root or of the user that runs forecastd, which nobody else may write to, in a
// directory of which the same holds, as for all directories above it; a sticky directory, such as /tmp, may
// be written to by others, since they cannot replace the files of somebody else there. Of a symbolic link,
// both the way to the link and the way to its target must be so.
//
// The file is opened once, examined by that descriptor, and copied to memory: what is loaded is what was
// examined, and writing over the file later changes nothing in a running process.
//
// Threads: the main thread.
#ifndef FORECASTD_PLUGIN_FILE_HPP
#define FORECASTD_PLUGIN_FILE_HPP

#include <filesystem>
#include <string>

#include "base/expected.hpp"
#include "base/file_look.hpp"

namespace forecastd::plugin {

struct File {
    FileLook look;          // at what is loaded
    std::string load_name;  // what to give to dlopen: the copy, or the path if there can be none

    [[nodiscard]] const std::filesystem::path& path() const { return look.path(); }
};

// The error is the rest of a sentence that begins with the path. private_copy false: load_name is the path,
// for debuggers, which find symbols by it.
Expected<File> open_trusted(const std::filesystem::path& path, bool private_copy = true);

}  // namespace forecastd::plugin

#endif
