// forecastd/plugin.h as C++20.
#include <forecastd/plugin.h>

#include <type_traits>

static_assert(std::is_trivially_copyable_v<fcd_algorithm> && std::is_standard_layout_v<fcd_algorithm>);

const fcd_library* forecastd_library_v1(const fcd_host*) { return nullptr; }
