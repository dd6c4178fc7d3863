/* forecastd/plugin.h as C11. */
#include <forecastd/plugin.h>

_Static_assert(sizeof(fcd_value) == 8, "a value is eight bytes");
_Static_assert(sizeof(fcd_point) % 8 == 0 && sizeof(fcd_param) % 8 == 0, "elements of arrays stay aligned");

const fcd_library* forecastd_library_v1(const fcd_host* host) {
    (void)host;
    return NULL;
}
