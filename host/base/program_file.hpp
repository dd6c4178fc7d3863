// Where the program's own file is.
#ifndef FORECASTD_BASE_PROGRAM_FILE_HPP
#define FORECASTD_BASE_PROGRAM_FILE_HPP

#include <filesystem>

namespace forecastd {

// The absolute path of the running program. Without /proc it is the path by which the program was started,
// and a relative one is taken from the current directory. Empty if neither is known. Never throws.
std::filesystem::path program_file();

}  // namespace forecastd

#endif
