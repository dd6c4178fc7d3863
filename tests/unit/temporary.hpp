// A directory of its own for a test.
#ifndef FORECASTD_TESTS_TEMPORARY_HPP
#define FORECASTD_TESTS_TEMPORARY_HPP

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace forecastd {

class Temporary {
  public:
    Temporary() {
        if (!::mkdtemp(path.data())) throw std::runtime_error("there is no temporary directory");
    }
    ~Temporary() { std::filesystem::remove_all(path); }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;

    std::string path = std::filesystem::temp_directory_path() / "forecastd-test-XXXXXX";
};

}  // namespace forecastd

#endif
