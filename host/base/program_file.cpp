#include "base/program_file.hpp"

#include <sys/auxv.h>

#include <system_error>

namespace forecastd {

std::filesystem::path program_file() {
    std::error_code error;
    std::filesystem::path file = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error) return file;
    // The kernel hands out the address as a number. NOLINTNEXTLINE(performance-no-int-to-ptr)
    const auto* const started_as = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
    if (!started_as) return {};
    file = std::filesystem::canonical(started_as, error);
    return error ? std::filesystem::path() : file;
}

}  // namespace forecastd
