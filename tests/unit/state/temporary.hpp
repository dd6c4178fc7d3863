// A directory of its own for a test.
#ifndef FORECASTD_TESTS_STATE_TEMPORARY_HPP
#define FORECASTD_TESTS_STATE_TEMPORARY_HPP

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace forecastd::state {

struct Temporary {
    std::string pattern = std::filesystem::temp_directory_path() / "forecastd-state-XXXXXX";
    const std::string path = ::mkdtemp(pattern.data());
    Temporary() = default;
    ~Temporary() { std::filesystem::remove_all(path); }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
};

}  // namespace forecastd::state

#endif
