/* forecastd/plugin.h as C99. */
#include <forecastd/plugin.h>

static fcd_library library = {.struct_size = sizeof(fcd_library), .abi_major = FCD_ABI_MAJOR};

const fcd_library* forecastd_library_v1(const fcd_host* host) { return host ? &library : NULL; }
