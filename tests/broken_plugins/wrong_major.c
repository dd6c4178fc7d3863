/* Built for another major version of the interface: the entry point's name says so. */
#include <forecastd/plugin.h>
FCD_EXPORT const fcd_library* forecastd_library_v2(const fcd_host* host);
const fcd_library* forecastd_library_v2(const fcd_host* host) {
    (void)host;
    return NULL;
}
