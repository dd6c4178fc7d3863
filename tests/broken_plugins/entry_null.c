/* Says that it cannot run in this host. */
#include <forecastd/plugin.h>
const fcd_library* forecastd_library_v1(const fcd_host* host) {
    (void)host;
    return NULL;
}
