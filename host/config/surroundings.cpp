#include "config/surroundings.hpp"

#include <glob.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace forecastd::config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_file_bytes = std::size_t{16} << 20;

Expected<std::string> read_file(const fs::path& file, const std::string& what) {
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    std::string text;
    char chunk[4096];
    while (text.size() <= max_file_bytes && (stream.read(chunk, sizeof chunk) || stream.gcount() > 0))
        text.append(chunk, static_cast<std::size_t>(stream.gcount()));
    if (!stream.is_open() || (!stream.eof() && text.empty()))
        return fail("cannot read the " + what + " '" + file.string() +
                    "': " + std::strerror(errno != 0 ? errno : EIO));
    if (text.size() <= max_file_bytes) return text;
    return fail("the " + what + " '" + file.string() + "' is larger than 16MiB, which no " + what +
                " is; is it the right file?");
}

bool is_no_directory(const fs::path& path) {
    std::error_code fault;
    return !fs::is_directory(path, fault);
}

Paths matching_files(const fs::path& pattern) {
    if (pattern.string().find_first_of("*?[") == std::string::npos) return {pattern};
    Paths paths;
    glob_t found{};
    if (::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found) == 0)
        for (std::size_t i = 0; i < found.gl_pathc; ++i) paths.emplace_back(found.gl_pathv[i]);
    ::globfree(&found);
    std::erase_if(paths, [](const fs::path& path) { return !is_no_directory(path); });
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::optional<Paths> configs_in(const fs::path& directory) {
    std::error_code fault;
    if (!fs::is_directory(directory, fault)) return std::nullopt;
    Paths paths;
    for (fs::directory_iterator at(directory, fault), end; !fault && at != end; at.increment(fault)) {
        const fs::path& path = at->path();
        const fs::path extension = path.extension();
        if ((extension == ".json" || extension == ".jsonc") && !path.filename().string().starts_with('.') &&
            is_no_directory(path))
            paths.push_back(path);
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::optional<std::string> environment_variable(const std::string& name) {
    const char* const value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

}  // namespace

const Surroundings& system_surroundings() {
    static const Surroundings all{read_file, matching_files, configs_in, environment_variable};
    return all;
}

}  // namespace forecastd::config
